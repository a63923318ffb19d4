//! `…/papers/{kind}`: one paper as it stands, why its parts are there, what was said about it, its versions and what differs between them.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use jiff::Timestamp;
use sonae_core::access::Action;
use sonae_core::calendar::tokyo_date;
use sonae_core::paper::check::check;
use sonae_core::paper::desk::{self, State as Stand};
use sonae_core::paper::document::Document;
use sonae_core::paper::kind::Kind;
use sonae_core::paper::progress::progress;
use sonae_core::paper::variants;
use sonae_db::Tx;
use sonae_papers::html;
use sonae_store::paper_attachment::Attachment;
use sonae_store::paper_comment::Comment;
use sonae_store::paper_version::{Version, Which};
use sonae_store::{StoreError, paper_attachment, paper_comment, paper_version};

use super::shown::{
    Compared, File, Line, Remark, attachment, compared, places, reasons, remark, versions,
};
use super::{class, frame, here, of_kind};
use crate::app::App;
use crate::office::papers::draft::{self, Draft};
use crate::office::papers::kinds;
use crate::pages::office::Page;
use crate::pages::office::case::open::{Opened, access, open_with};
use crate::pages::office::door::{Door, Staff};
use crate::pages::office::frame::OfficeFrame;
use crate::pages::public::error::PageError;
use crate::pages::public::show;
use crate::papers::library;

/// The address of a paper.
pub(super) const HERE: &str = "/office/cases/{receipt_number}/papers/{kind}";
/// Changes, reasons and findings that are shown; a paper that has more is read as a whole.
pub(super) const MOST_SHOWN: usize = 200;
/// The kind that is also a workbook.
pub(super) const LEDGER: &str = "asset-ledger";

#[derive(Template)]
#[template(path = "office/papers/paper.html")]
struct PaperPage {
    frame: OfficeFrame,
    list: String,
    here: String,
    kind: &'static Kind,
    state: Stand,
    class: &'static str,
    /// Whether this person can change it now.
    works: bool,
    is_ledger: bool,
    /// Whether the answers changed since the version that is shown was made.
    is_behind: bool,
    open: Vec<String>,
    more_open: usize,
    findings: Vec<String>,
    variants: Vec<&'static str>,
    /// Own words that somebody should look at, with their blocks.
    notices: Vec<(Option<String>, String)>,
    reasons: Vec<(String, String, String)>,
    body: String,
    remarks: Vec<Remark>,
    places: Vec<(String, String)>,
    versions: Vec<Line>,
    compared: Option<Compared>,
    attachments: Vec<File>,
    wrong: Wrong,
    longest: usize,
}

/// What was typed and not taken, with the sentence that says why.
#[derive(Clone, Debug, Default)]
pub(super) struct Wrong {
    pub sentence: Option<String>,
    pub note: String,
    pub text: String,
    pub block: String,
}

/// A paper with everything that belongs to it.
pub(super) struct Read {
    pub kind: &'static Kind,
    pub draft: Draft,
    /// The newest first.
    pub versions: Vec<Version>,
    /// The document of the version that is in review or accepted; none while it is drafted.
    pub sent: Option<Document>,
    /// The two documents that are compared.
    compared: Option<(u32, Document)>,
    comments: Vec<Comment>,
    attachments: Vec<Attachment>,
}

pub(super) fn routes(door: Door) -> Door {
    door.get(HERE, Action::ReadPapers, show_paper)
}

async fn show_paper(
    State(app): State<App>,
    Path((number, kind)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    staff: Staff,
) -> Page {
    let query = query.unwrap_or_default();
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    let from = pairs.find(|(name, _)| name == "from");
    let from = from.and_then(|(_, version)| version.parse().ok());
    page(&app, &staff, (&number, &kind), from, Wrong::default()).await
}

/// The page, with what was typed and not taken.
pub(super) async fn page(
    app: &App,
    staff: &Staff,
    (number, kind): (&str, &str),
    from: Option<u32>,
    wrong: Wrong,
) -> Page {
    let (opened, paper) = read_paper(app, staff, (number, kind), from).await?;
    let document = paper.sent.as_ref().unwrap_or(&paper.draft.document);
    let places = places(document);
    let state = paper.draft.state;
    let answers = &paper.draft.answers;
    let progress = progress(library(), paper.kind, &answers.shown);
    let found = check(library(), &answers.shown, tokyo_date(app.clock.now()));
    let list = here(&opened);
    let here = format!("{list}/{}", paper.kind.id);
    let status = match wrong.sentence {
        None => StatusCode::OK,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let may = staff
        .may(Action::WorkPapers, access(staff, &opened.stored))
        .is_ok();
    let mut frame = frame(app, &opened, &paper.kind.title).crumb("文書", &list);
    frame.error = wrong.sentence.is_some();
    let page = PaperPage {
        frame,
        works: may && desk::open(&opened.stored.case).is_ok(),
        is_ledger: paper.kind.id == LEDGER,
        is_behind: is_behind(&paper, state),
        more_open: progress.open.len().saturating_sub(MOST_SHOWN),
        open: (progress.open.iter().take(MOST_SHOWN))
            .map(|question| question.label.clone())
            .collect(),
        findings: (of_kind(paper.kind, &found).take(MOST_SHOWN))
            .map(|finding| finding.sentence.clone())
            .collect(),
        variants: variants(library(), paper.kind, &answers.shown),
        notices: (paper.draft.notices.iter().take(MOST_SHOWN))
            .map(|notice| (notice.block.clone(), notice.sentence.clone()))
            .collect(),
        reasons: reasons(document),
        body: html::html(document),
        remarks: (paper.comments.iter())
            .map(|comment| remark(&opened, comment, &places))
            .collect(),
        versions: versions(&opened, &paper.versions),
        compared: compared(paper.compared.as_ref(), document),
        attachments: (paper.attachments.iter())
            .map(|file| attachment(&opened, &here, file))
            .collect(),
        kind: paper.kind,
        class: class(state),
        longest: desk::LONGEST_REASON,
        places,
        state,
        wrong,
        list,
        here,
    };
    show(status, &page)
}

/// Reads a paper of a case.
///
/// # Errors
/// `NotFound` when the case is not this person's, or has no such paper.
pub(super) async fn read_paper(
    app: &App,
    staff: &Staff,
    (number, kind): (&str, &str),
    from: Option<u32>,
) -> Result<(Opened, Read), PageError> {
    let (wanted, now) = (kind.to_owned(), app.clock.now());
    let more = move |tx: &mut Tx, opened: &Opened| read(tx, opened, (&wanted, from), now);
    let (opened, paper) = open_with(app, staff, number, Action::ReadPapers, more).await?;
    Ok((opened, paper.ok_or(PageError::NotFound)?))
}

fn read(
    tx: &mut Tx,
    opened: &Opened,
    (kind, from): (&str, Option<u32>),
    now: Timestamp,
) -> Result<Option<Read>, StoreError> {
    let stored = &opened.stored;
    let Some(kind) = kinds(tx, stored)?.into_iter().find(|one| one.id == kind) else {
        return Ok(None);
    };
    let draft = draft::of_paper(tx, stored, kind, now)?;
    let id = &stored.application_id;
    let mut document = |version: u32| -> Result<Option<Document>, StoreError> {
        let which = Which {
            application_id: id,
            kind: &kind.id,
            version,
        };
        let found = paper_version::find(tx, which)?;
        Ok(found
            .map(|(_, text)| serde_json::from_str(&text))
            .transpose()?)
    };
    let sent = match draft.state {
        Stand::Draft { .. } => None,
        Stand::InReview { version } | Stand::Accepted { version } => document(version)?,
    };
    let compared = match from {
        Some(from) => document(from)?.map(|old| (from, old)),
        None => None,
    };
    Ok(Some(Read {
        versions: paper_version::of_paper(tx, id, &kind.id)?,
        comments: paper_comment::of_paper(tx, id, &kind.id)?,
        attachments: paper_attachment::of_paper(tx, id, &kind.id)?,
        kind,
        draft,
        sent,
        compared,
    }))
}

fn is_behind(paper: &Read, state: Stand) -> bool {
    let shown = paper.versions.first();
    let sent = !matches!(state, Stand::Draft { .. });
    sent && shown.is_some_and(|version| version.sequence < paper.draft.answers.sequence)
}
