//! `/office/cases/{receipt_number}/papers`: the papers of a case for its expert and the secretariat: where each stands, what is missing, what an
//! expert would ask.

mod doing;
mod files;
mod paper;
mod shown;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use sonae_core::access::Action;
use sonae_core::calendar::tokyo_date;
use sonae_core::flow::Status;
use sonae_core::paper::check::{Finding, check};
use sonae_core::paper::desk::State as Stand;
use sonae_core::paper::kind::Kind;
use sonae_core::paper::progress::progress;
use sonae_db::Tx;
use sonae_store::{StoreError, paper as stands, paper_comment};

use super::Page;
use super::case::open::{Opened, open_with};
use super::door::{Door, Staff};
use super::frame::{OfficeFrame, Section};
use crate::app::App;
use crate::office::papers::answers::{self, CaseAnswers};
use crate::office::papers::kinds;
use crate::pages::public::show;
use crate::papers::library;

const HERE: &str = "/office/cases/{receipt_number}/papers";

#[derive(Template)]
#[template(path = "office/papers.html")]
struct ListPage<'a> {
    frame: OfficeFrame,
    opened: &'a Opened,
    here: String,
    papers: Vec<Line>,
    /// Why there is nothing, or why nothing can be changed.
    sentence: Option<&'static str>,
    findings: usize,
}

/// One paper of the case.
struct Line {
    title: &'static str,
    href: String,
    answers: String,
    version: u32,
    state: &'static str,
    class: &'static str,
    answered: usize,
    asked: usize,
    comments: i64,
    findings: usize,
}

/// What the list reads besides the case.
struct More {
    kinds: Vec<(&'static Kind, Stand)>,
    answers: CaseAnswers,
    comments: Vec<(String, i64)>,
}

pub(super) fn routes(door: Door) -> Door {
    let door = door.get(HERE, Action::ReadPapers, list);
    let door = paper::routes(door);
    let door = files::routes(door);
    doing::routes(door)
}

async fn list(State(app): State<App>, Path(number): Path<String>, staff: Staff) -> Page {
    let (opened, more) = open_with(&app, &staff, &number, Action::ReadPapers, read).await?;
    let here = here(&opened);
    let found = check(library(), &more.answers.shown, tokyo_date(app.clock.now()));
    let papers: Vec<Line> = (more.kinds.iter())
        .map(|(kind, state)| line(&here, (kind, *state), &more, &found))
        .collect();
    let page = ListPage {
        frame: frame(&app, &opened, "文書"),
        sentence: sentence(&opened, papers.is_empty()),
        findings: papers.iter().map(|paper| paper.findings).sum(),
        opened: &opened,
        here,
        papers,
    };
    show(StatusCode::OK, &page)
}

fn read(tx: &mut Tx, opened: &Opened) -> Result<More, StoreError> {
    let id = &opened.stored.application_id;
    let begun = stands::of_application(tx, id)?;
    let state = |kind: &'static Kind| {
        let paper = begun.iter().find(|paper| paper.kind == kind.id);
        (kind, paper.map_or(Stand::BEGIN, |paper| paper.state))
    };
    Ok(More {
        kinds: kinds(tx, &opened.stored)?.into_iter().map(state).collect(),
        answers: answers::of_case(tx, &opened.stored)?,
        comments: paper_comment::open_counts(tx, id)?,
    })
}

fn line(here: &str, (kind, state): (&'static Kind, Stand), more: &More, found: &[Finding]) -> Line {
    let progress = progress(library(), kind, &more.answers.shown);
    let comments = more.comments.iter().find(|(id, _)| *id == kind.id);
    Line {
        title: &kind.title,
        href: format!("{here}/{}", kind.id),
        answers: format!("{here}/answers/{}/1", kind.id),
        version: state.version(),
        state: state.label(),
        class: class(state),
        answered: progress.asked - progress.open.len(),
        asked: progress.asked,
        comments: comments.map_or(0, |(_, count)| *count),
        findings: of_kind(kind, found).count(),
    }
}

/// What was found about questions that a kind asks.
fn of_kind<'a>(kind: &'a Kind, found: &'a [Finding]) -> impl Iterator<Item = &'a Finding> {
    let asks = |finding: &&Finding| kind.asked().any(|id| id == finding.question);
    found.iter().filter(asks)
}

fn class(state: Stand) -> &'static str {
    match state {
        Stand::Draft { .. } => "info",
        Stand::InReview { .. } => "warning",
        Stand::Accepted { .. } => "success",
    }
}

fn sentence(opened: &Opened, none: bool) -> Option<&'static str> {
    match opened.stored.case.status {
        Status::Open => Some("文書は、参加が確定したあとで、コースに応じて作ります。"),
        Status::Confirmed if none => Some("この企業のコースには、お渡しする文書がありません。"),
        Status::Confirmed => None,
        _ if none => Some("この案件に、文書はありません。"),
        _ => Some("この案件は終わっているため、文書は読むことだけができます。"),
    }
}

/// The address of the list.
fn here(opened: &Opened) -> String {
    HERE.replace("{receipt_number}", &opened.stored.receipt_number)
}

fn frame(app: &App, opened: &Opened, title: &str) -> OfficeFrame {
    OfficeFrame::new(app, &opened.staff, Section::Cases, title)
        .crumb("案件", "/office/cases")
        .crumb(opened.name(), &opened.href())
}
