//! `…/papers/{kind}/word`: a paper that comes back from Word. The file is kept, compared with the draft, and taken in change by change.

use askama::Template;
use axum::http::StatusCode;
use sonae_core::flow::Refusal;
use sonae_core::paper::difference::{Part, ReturnedKind};
use sonae_core::paper::kind::Kind;
use sonae_core::paper::own_text::{Proposal, Take};

use super::super::office::form::Form;
use super::super::public::error::PageError;
use super::super::public::field::Mistake;
use super::editor::{Answer, Query, Visit};
use super::{Piece, Place};
use crate::app::App;
use crate::office::papers::Request;
use crate::office::papers::returned::{Compared, compare, keep};
use crate::office::papers::taken::{Ticked, take_in};

/// Most changes that are shown; a file with more is another text, and is kept as it is.
const MOST_SHOWN: usize = 300;

#[derive(Template)]
#[template(path = "papers/returned.html")]
struct View<'a> {
    place: &'a Place,
    kind: &'static Kind,
    action: String,
    /// What is wrong with the file, or with what was ticked.
    error: Option<String>,
    tick_error: Option<String>,
    taken: bool,
    compared: Option<Shown>,
}

/// A comparison as the page shows it.
struct Shown {
    file: String,
    name: String,
    /// The save of the answers that it was compared with.
    seen: i64,
    /// The draft that it was compared with: `第1版（案）`.
    version: String,
    notes: Vec<String>,
    takeable: Vec<Line>,
    left: Vec<Line>,
    more: usize,
    /// Author, what was said, and the words it stands at.
    comments: Vec<(String, String, String)>,
}

struct Line {
    key: String,
    sentence: String,
    /// Class and words.
    parts: Vec<(&'static str, String)>,
    caution: Option<String>,
    /// What taking it in does, or why it cannot be.
    about: String,
    ticked: bool,
}

/// # Errors
/// The database or a template fails.
pub(super) async fn show(
    app: &App,
    visit: &Visit,
    kind: &'static Kind,
    query: &Query,
) -> Result<Answer, PageError> {
    let file = query.first("file");
    let taken = !query.first("taken").is_empty();
    page(app, visit, kind, (file, taken, None)).await
}

/// # Errors
/// The database or a template fails.
pub(super) async fn take(
    app: &App,
    visit: &Visit,
    kind: &'static Kind,
    form: &Form,
) -> Result<Answer, PageError> {
    let here = address(&visit.place, kind);
    let request = request(visit, kind);
    let file = form.first("compared");
    if !file.is_empty() {
        let ticked = Ticked {
            file: file.to_owned(),
            keys: form.all("change").map(str::to_owned).collect(),
            // Only for saying who changed what; a forged number names more or less.
            seen: form.first("seen").parse().unwrap_or(0),
        };
        return match take_in(app, request, ticked).await? {
            Ok(_) => Ok(Answer::Go(format!("{here}?file={file}&taken=1"))),
            Err(refusal) => refused(app, visit, kind, (file, refusal)).await,
        };
    }
    let Some(chosen) = form.file("file") else {
        let refusal = Refusal::new("no_file", "Wordのファイルを選んでください。");
        return refused(app, visit, kind, ("", refusal)).await;
    };
    match keep(app, request, chosen.name.clone(), chosen.content.to_vec()).await? {
        Ok(id) => Ok(Answer::Go(format!("{here}?file={id}"))),
        Err(refusal) => refused(app, visit, kind, ("", refusal)).await,
    }
}

fn address(place: &Place, kind: &Kind) -> String {
    place.page(&format!("{}/word", kind.id))
}

fn request(visit: &Visit, kind: &Kind) -> Request {
    Request {
        receipt_number: visit.receipt_number.clone(),
        kind: kind.id.clone(),
        actor: visit.actor.clone(),
    }
}

async fn refused(
    app: &App,
    visit: &Visit,
    kind: &'static Kind,
    (file, refusal): (&str, Refusal),
) -> Result<Answer, PageError> {
    page(app, visit, kind, (file, false, Some(refusal.sentence))).await
}

async fn page(
    app: &App,
    visit: &Visit,
    kind: &'static Kind,
    (file, taken, mut error): (&str, bool, Option<String>),
) -> Result<Answer, PageError> {
    let compared = match file {
        "" => None,
        file => match compare(app, &request(visit, kind), file).await? {
            Ok(compared) => Some(shown(compared)),
            Err(refusal) => {
                error.get_or_insert(refusal.sentence);
                None
            }
        },
    };
    // What was sent is mended where it is sent, what was ticked where it is ticked.
    let target = match &compared {
        Some(shown) if !shown.takeable.is_empty() => "change-1",
        _ => "file",
    };
    let view = View {
        place: &visit.place,
        kind,
        action: address(&visit.place, kind),
        error: error.clone().filter(|_| target == "file"),
        tick_error: error.clone().filter(|_| target != "file"),
        taken,
        compared,
    };
    let piece = Piece::new(&format!("{}：Wordから戻す", kind.title), &view)?;
    let piece = match error {
        Some(sentence) => piece
            .wrong(vec![Mistake {
                target: target.to_owned(),
                message: sentence,
            }])
            .with(StatusCode::UNPROCESSABLE_ENTITY),
        None => piece,
    };
    Ok(Answer::Piece(Box::new(piece)))
}

fn shown(compared: Compared) -> Shown {
    let more = compared.proposals.len().saturating_sub(MOST_SHOWN);
    let lines = compared.proposals.iter().take(MOST_SHOWN);
    let (left, takeable): (Vec<&Proposal>, Vec<&Proposal>) =
        lines.partition(|proposal| matches!(proposal.take, Take::Not(_)));
    Shown {
        seen: compared.sequence(),
        version: compared.version().to_owned(),
        file: compared.attachment.id,
        name: compared.attachment.name,
        notes: compared.notes,
        takeable: takeable.into_iter().map(line).collect(),
        left: left.into_iter().map(line).collect(),
        more,
        comments: compared
            .comments
            .into_iter()
            .map(|(comment, words)| (comment.author, comment.text, words))
            .collect(),
    }
}

fn line(proposal: &Proposal) -> Line {
    let parts = match proposal.kind {
        ReturnedKind::Changed => proposal.parts.iter().map(part).collect(),
        ReturnedKind::Removed => vec![("gone", proposal.before.clone())],
        ReturnedKind::Added => vec![("new", proposal.after.clone())],
        ReturnedKind::Moved => vec![("same", proposal.before.clone())],
    };
    let about = match &proposal.take {
        Take::Own(_) => "会社の文として取り込みます。".to_owned(),
        Take::Answers(_) => "質問の答えとして取り込みます。ほかの文書にも入ります。".to_owned(),
        Take::Not(why) => why.clone(),
    };
    Line {
        key: proposal.key.clone(),
        sentence: proposal.sentence.clone(),
        parts,
        caution: proposal.caution.clone(),
        about,
        // What takes words away is ticked by hand.
        ticked: matches!(proposal.kind, ReturnedKind::Changed | ReturnedKind::Added),
    }
}

fn part(part: &Part) -> (&'static str, String) {
    match part {
        Part::Same(text) => ("same", text.clone()),
        Part::Removed(text) => ("gone", text.clone()),
        Part::Added(text) => ("new", text.clone()),
    }
}
