//! 文書: `/applications/{receipt_number}/{token}/papers`. What is made, what the company is asked to look at, what it accepted; and the way to
//! its answers.

pub(super) mod answers;
mod changes;
pub(super) mod files;
pub(super) mod paper;
pub(super) mod reply;

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use sonae_core::calendar::japanese::date_with_weekday;
use sonae_core::calendar::tokyo_date;
use sonae_core::flow::Actor;
use sonae_core::paper::desk::{self, State as Stand};
use sonae_core::paper::kind::Kind;
use sonae_core::paper::progress::progress;
use sonae_db::Tx;
use sonae_store::case::Stored;
use sonae_store::paper_version::{self, End, Version};
use sonae_store::{StoreError, paper as stands};

use super::super::papers::editor::{Query, Visit};
use super::super::papers::{Held, Place, checks};
use super::super::public::calm::{self, Page};
use super::super::public::frame::Frame;
use super::door::{self, Opened, Top};
use crate::app::App;
use crate::office::act::SECOND_THOUGHTS;
use crate::office::papers::{answers as saved, kinds};
use crate::papers::library;

#[derive(Template)]
#[template(path = "portal/papers.html")]
struct ListPage {
    frame: Frame,
    top: Top,
    place: Place,
    said: Option<&'static str>,
    waiting: Vec<Line>,
    others: Vec<Line>,
    found: usize,
    has_ledger: bool,
    has_stars: bool,
    /// Whether papers can still change.
    open: bool,
}

/// One paper of the case.
struct Line {
    title: &'static str,
    href: String,
    answers: String,
    state: &'static str,
    class: &'static str,
    sentence: String,
    answered: usize,
    asked: usize,
    in_review: bool,
    /// Whether there is a version to read.
    readable: bool,
}

/// A paper as the company may see it: what the office can still undo is not told yet.
pub(super) struct Standing {
    pub kind: &'static Kind,
    pub state: Stand,
    /// The versions that the company was told of, the newest first.
    pub versions: Vec<Version>,
}

impl Standing {
    /// The version that the company is asked to look at.
    pub(super) fn in_review(&self) -> Option<&Version> {
        let Stand::InReview { version } = self.state else {
            return None;
        };
        self.versions.iter().find(|known| known.version == version)
    }

    /// The last version that it accepted.
    pub(super) fn accepted(&self) -> Option<&Version> {
        let accepted = |known: &&Version| {
            known
                .end
                .as_ref()
                .is_some_and(|end| end.how == End::Accepted)
        };
        self.versions.iter().find(accepted)
    }
}

/// The papers of a case with what the company was told of them.
pub(super) fn standing(
    tx: &mut Tx,
    stored: &Stored,
    now: Timestamp,
) -> Result<Vec<Standing>, StoreError> {
    let id = &stored.application_id;
    let states = stands::of_application(tx, id)?;
    let all = paper_version::of_application(tx, id)?;
    let told = |version: &&Version| {
        let ended = version.end.as_ref().map(|end| end.how);
        let still = version
            .at
            .checked_add(SECOND_THOUGHTS)
            .is_ok_and(|at| now < at);
        ended != Some(End::TakenBack) && !(ended.is_none() && still)
    };
    let standing = |kind: &'static Kind| {
        let own = all.iter().filter(|version| version.kind == kind.id);
        let state = states.iter().find(|paper| paper.kind == kind.id);
        Standing {
            kind,
            state: state.map_or(Stand::BEGIN, |paper| paper.state),
            versions: own.filter(told).cloned().collect(),
        }
    };
    Ok(kinds(tx, stored)?.into_iter().map(standing).collect())
}

/// How many papers the company is asked to look at; none when the case has no papers.
///
/// # Errors
/// The page for a database that could not answer.
pub(super) async fn waiting(app: &App, opened: &Opened) -> Result<Option<usize>, Response> {
    let (stored, now) = (opened.stored.clone(), app.clock.now());
    let read = app.read(move |tx| standing(tx, &stored, now)).await;
    let papers = read.map_err(calm::failed)?;
    let count = papers
        .iter()
        .filter(|paper| paper.in_review().is_some())
        .count();
    Ok((!papers.is_empty()).then_some(count))
}

/// Opens the answers of a case by its private link.
///
/// # Errors
/// The page to show instead.
pub(super) async fn visit(
    app: &App,
    number: &str,
    token: &str,
) -> Result<(Opened, Visit), Response> {
    let opened = door::open(app, number, token).await?;
    let stored = opened.stored.clone();
    let read = app.read(move |tx| Ok((saved::of_case(tx, &stored)?, kinds(tx, &stored)?)));
    let (answers, kinds) = read.await.map_err(calm::failed)?;
    if kinds.is_empty() {
        let sentence = "文書は、参加が確定してから、専門家と一緒に作ります。できたものは、このページでご覧いただけます。";
        return Err(opened.not_now(app, StatusCode::OK, sentence));
    }
    let visit = Visit {
        place: Place {
            base: opened.page("papers"),
            csrf: None,
            open: desk::open(opened.case()).is_ok(),
            kinds,
        },
        held: Held {
            answers: answers.shown,
            saved: answers.saved,
            seeds: answers.seeds,
            sources: answers.sources,
            version: answers.sequence,
        },
        receipt_number: opened.stored.receipt_number.clone(),
        application_id: opened.stored.application_id.clone(),
        company: opened.stored.answers.name.clone().unwrap_or_default(),
        actor: Actor::Company,
        today: tokyo_date(app.clock.now()),
    };
    Ok((opened, visit))
}

pub(super) async fn show(
    State(app): State<App>,
    Path((number, token)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Page {
    let (opened, visit) = visit(&app, &number, &token).await?;
    let (stored, now) = (opened.stored.clone(), app.clock.now());
    let read = app.read(move |tx| standing(tx, &stored, now)).await;
    let papers = read.map_err(calm::failed)?;
    let lines = papers.iter().map(|paper| line(&visit, paper));
    let (waiting, others) = lines.partition(|line| line.in_review);
    let query = Query::parse(&query.unwrap_or_default());
    let mut frame = opened.frame(&app, "文書");
    frame.narrow = true;
    let page = ListPage {
        frame,
        top: opened.top(),
        said: said(&query),
        waiting,
        others,
        found: checks::found(library(), &visit.place, &visit.held, visit.today).len(),
        has_ledger: visit.place.has("assets"),
        has_stars: visit.place.has("security_action_level"),
        open: visit.place.open,
        place: visit.place,
    };
    Ok(calm::html(StatusCode::OK, &page))
}

fn said(query: &Query) -> Option<&'static str> {
    let has = |name: &str| query.0.iter().any(|(key, _)| key == name);
    if has("saved") {
        return Some("お答えを保存しました。");
    }
    if has("accepted") {
        return Some("文書を承認していただきました。ありがとうございます。");
    }
    has("returned").then_some(
        "直してほしいところを、専門家に伝えました。直した版ができたら、メールでお知らせします。",
    )
}

fn line(visit: &Visit, paper: &Standing) -> Line {
    let done = progress(library(), paper.kind, &visit.held.answers);
    let (state, class, sentence) = words(paper);
    Line {
        title: &paper.kind.title,
        href: visit.place.page(&paper.kind.id),
        answers: visit.place.page(&format!("answers/{}/1", paper.kind.id)),
        state,
        class,
        sentence,
        answered: done.asked - done.open.len(),
        asked: done.asked,
        in_review: paper.in_review().is_some(),
        readable: !paper.versions.is_empty(),
    }
}

/// The state of a paper as the company reads it.
fn words(paper: &Standing) -> (&'static str, &'static str, String) {
    let day = |at: Timestamp| date_with_weekday(tokyo_date(at));
    if let Some(version) = paper.in_review() {
        let sentence = format!(
            "第{}版を{}にお送りしました。読んで、承認するか、直してほしいところをお知らせください。",
            version.version,
            day(version.at)
        );
        return ("確認してください", "chip-warning", sentence);
    }
    let accepted = paper.accepted();
    match (paper.state, accepted) {
        (Stand::Accepted { version }, Some(accepted)) => {
            let at = accepted.end.as_ref().map_or(accepted.at, |end| end.at);
            (
                "承認済み",
                "chip-success",
                format!(
                    "第{version}版を{}に承認していただきました。していただくことはありません。",
                    day(at)
                ),
            )
        }
        (_, Some(accepted)) => (
            "直しています",
            "chip-info",
            format!(
                "第{}版は承認済みです。次の版を専門家が用意しています。",
                accepted.version
            ),
        ),
        _ => (
            "作成中",
            "chip-info",
            "専門家が用意しています。できると、メールでお知らせします。".to_owned(),
        ),
    }
}
