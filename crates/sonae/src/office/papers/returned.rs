//! A paper that comes back from Word: kept as it came, and compared with the draft.

use sonae_core::flow::Refusal;
use sonae_core::paper::own_text::{self, Edit, Proposal, proposals};
use sonae_papers::docx::{self, Comment};
use sonae_store::paper_attachment::{self, Attachment};
use sonae_store::paper_own_text::OwnText;

use super::draft::{self, Basis, Draft};
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
    pub(super) draft: Draft,
    /// What the draft was made of when it was compared.
    pub(super) basis: Basis,
}

impl Compared {
    /// The save of the answers with which the file was compared, for whoever ticks changes.
    pub fn sequence(&self) -> i64 {
        self.draft.answers.sequence
    }

    /// The version of the draft, as it is printed.
    pub fn version(&self) -> &str {
        &self.draft.document.version
    }
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
        basis: draft.basis(&opened.stored),
        draft,
    })
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
