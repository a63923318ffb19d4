//! A paper that comes back from Word: kept as it came, compared with the draft, taken in change by change.

use serde_json::Value as Json;
use sonae_core::flow::Refusal;
use sonae_core::paper::own_text::{self, AnswerChange, Edit, Proposal, Take, proposals};
use sonae_papers::docx::{self, Comment};
use sonae_store::paper_attachment::{self, Attachment};
use sonae_store::paper_own_text::OwnText;

use super::answers::{self, Save};
use super::draft::{self, Draft};
use super::{Opened, Outcome, Request, files, kept};
use crate::app::App;
use crate::papers::library;

/// A file compared with the draft as it stands.
#[derive(Clone, Debug)]
pub struct Compared {
    pub attachment: Attachment,
    pub proposals: Vec<Proposal>,
    /// Comments of Word, with the words they stand at.
    pub comments: Vec<(Comment, String)>,
    /// What to know before comparing, one sentence each.
    pub notes: Vec<String>,
    draft: Draft,
}

/// What was taken in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// Changes of words, and of answers.
    pub words: usize,
    pub answers: usize,
}

/// Keeps a Word file beside its paper; gives its id. A file that cannot be read is not kept: its sender is told what to do.
///
/// # Errors
/// The database could not be written.
pub async fn keep(app: &App, request: Request, name: String, file: Vec<u8>) -> Outcome<String> {
    if let Err(error) = docx::read(&file) {
        return Ok(Err(Refusal::new("unreadable_file", error.to_string())));
    }
    files::attach(app, request, name, file).await
}

/// Compares a kept file with the draft.
///
/// # Errors
/// The database could not be read.
pub async fn compare(app: &App, request: &Request, file: &str) -> Outcome<Compared> {
    let (inner, request, file) = (app.clone(), request.clone(), file.to_owned());
    app.read(move |tx| {
        let opened = match request.open(tx)? {
            Ok(opened) => opened,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let paper = (
            opened.stored.application_id.as_str(),
            opened.kind.id.as_str(),
        );
        let Some((attachment, content)) = paper_attachment::find(tx, paper, &file)? else {
            return Ok(Err(Refusal::new(
                "unknown_file",
                "そのファイルは、この文書の添付にありません。もう一度送ってください。",
            )));
        };
        let draft = draft::of_paper(tx, &opened.stored, opened.kind, kept(inner.clock.now()))?;
        Ok(compared(&opened, attachment, &content, draft))
    })
    .await
}

fn compared(
    opened: &Opened,
    attachment: Attachment,
    content: &[u8],
    draft: Draft,
) -> Result<Compared, Refusal> {
    let back =
        docx::read(content).map_err(|error| Refusal::new("unreadable_file", error.to_string()))?;
    let paragraphs = back.paragraphs(&draft.document);
    let edits = edits(&draft.own_texts);
    let meta = sonae_core::paper::Meta {
        company: draft.document.company.clone(),
        version: draft.document.version.clone(),
        date: draft.document.date,
    };
    let of = own_text::Draft {
        library: library(),
        kind: opened.kind,
        answers: &draft.answers.shown,
        edits: &edits,
        meta: &meta,
    };
    let proposals = proposals(of, &paragraphs);
    let words = |comment: &Comment| {
        let paragraph = comment.at.and_then(|at| paragraphs.get(at));
        paragraph
            .map(|paragraph| paragraph.text.clone())
            .unwrap_or_default()
    };
    let comments = back
        .comments
        .iter()
        .map(|comment| (comment.clone(), words(comment)))
        .collect();
    Ok(Compared {
        attachment,
        proposals,
        comments,
        notes: back.notes,
        draft,
    })
}

/// Takes in what was ticked, by the keys of proposals: words as own words, cells and blanks as answers.
///
/// # Errors
/// The database could not be written.
pub async fn take_in(app: &App, request: Request, file: &str, keys: &[String]) -> Outcome<Taken> {
    let compared = match compare(app, &request, file).await? {
        Ok(compared) => compared,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let mut own: Vec<Edit> = Vec::new();
    let mut changes: Vec<AnswerChange> = Vec::new();
    let known = |key: &String| {
        compared
            .proposals
            .iter()
            .any(|proposal| proposal.key == *key)
    };
    if !keys.iter().all(known) {
        return Ok(Err(stale()));
    }
    for proposal in compared
        .proposals
        .iter()
        .filter(|one| keys.contains(&one.key))
    {
        match &proposal.take {
            Take::Own(edits) => own.extend(edits.iter().cloned()),
            Take::Answers(answers) => changes.extend(answers.iter().cloned()),
            Take::Not(why) => return Ok(Err(Refusal::new("not_taken_in", why.clone()))),
        }
    }
    let taken = Taken {
        words: own.len(),
        answers: changes.len(),
    };
    if !changes.is_empty()
        && let Err(refusal) = answer(app, &request, &compared.draft, &changes).await?
    {
        return Ok(Err(refusal));
    }
    let own = own
        .into_iter()
        .filter_map(|edit| Some((edit.block, serde_json::to_value(edit.change).ok()?)))
        .collect::<Vec<(Option<String>, Json)>>();
    if !own.is_empty()
        && let Err(refusal) = files::take_in_own_texts(app, request, own).await?
    {
        return Ok(Err(refusal));
    }
    Ok(Ok(taken))
}

async fn answer(
    app: &App,
    request: &Request,
    draft: &Draft,
    changes: &[AnswerChange],
) -> Outcome<()> {
    let mut answers = draft.answers.shown.clone();
    for change in changes {
        match change.applied(library(), &answers) {
            Some(changed) => answers = changed,
            None => return Ok(Err(stale())),
        }
    }
    let save = Save {
        receipt_number: request.receipt_number.clone(),
        seen: draft.answers.sequence,
        asked: changes
            .iter()
            .map(|change| change.question.clone())
            .collect(),
        answers,
        actor: request.actor.clone(),
    };
    Ok(match answers::save(app, save).await? {
        Ok(saved) if saved.conflicts.is_empty() => Ok(()),
        Ok(_) => Err(stale()),
        Err(refusal) => Err(refusal),
    })
}

fn stale() -> Refusal {
    Refusal::new(
        "draft_changed",
        "比べた後で、文書の下書きが変わりました。いまの下書きと比べ直しましたので、もう一度選んでください。",
    )
}

/// The edits of own words as they were kept; one that an older edition wrote otherwise is passed over.
pub(super) fn edits(own_texts: &[OwnText]) -> Vec<Edit> {
    own_texts
        .iter()
        .filter_map(|own| {
            Some(Edit {
                block: own.block.clone(),
                change: serde_json::from_value(own.change.clone()).ok()?,
            })
        })
        .collect()
}
