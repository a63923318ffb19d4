//! `GET /api/v1/cases/{receipt_number}/papers` and `…/papers/{kind}`: the papers of a case, as the pages of the office show them.

pub mod answers;
pub mod command;
pub mod comments;
pub mod versions;

use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use sonae_core::access::Action;
use sonae_core::calendar::tokyo_date;
use sonae_core::paper::check::{Finding, check};
use sonae_core::paper::desk;
use sonae_core::paper::kind::Kind;
use sonae_core::paper::progress::progress;
use sonae_db::Tx;
use sonae_store::case::Stored;
use sonae_store::{StoreError, paper, paper_comment};

use super::address::{Id, Parts};
use super::case::{Opened, open};
use super::door::Caller;
use super::problem::{self, Problem};
use crate::app::App;
use crate::office::papers::answers::CaseAnswers;
use crate::office::papers::{answers as saved, draft, kinds};
use crate::papers::library;

/// The papers of a case.
#[derive(Serialize, JsonSchema)]
pub struct PaperList {
    /// The last save of the answers; 0 before the first.
    pub sequence: i64,
    /// In the library's order; empty until participation is confirmed.
    pub papers: Vec<PaperSummary>,
}

/// Where a paper stands, and what is missing.
#[derive(Serialize, JsonSchema)]
pub struct PaperSummary {
    /// The kind's id.
    pub kind: String,
    pub title: String,
    #[schemars(extend("enum" = ["draft", "in_review", "accepted"]))]
    pub state: &'static str,
    /// The version that is drafted, in review or accepted; from 1.
    pub version: u32,
    /// How many questions concern this company.
    pub asked: usize,
    /// Those of them without an answer, in the order in which they are asked.
    pub open_questions: Vec<OpenQuestion>,
    /// How many findings concern its questions.
    pub findings: usize,
    /// Comments that nobody settled.
    pub open_comments: i64,
}

/// A question without an answer.
#[derive(Serialize, JsonSchema)]
pub struct OpenQuestion {
    /// The question's id.
    pub question: String,
    pub label: String,
}

/// A paper as it would be sent now.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Paper")]
pub struct PaperView {
    #[serde(flatten)]
    pub summary: PaperSummary,
    /// The last save of the answers; 0 before the first.
    pub sequence: i64,
    /// What an expert would ask about.
    pub found: Vec<PaperFinding>,
    /// Own words under which the library's text or an answer changed, one sentence each.
    pub notices: Vec<String>,
    /// The draft, block by block: `kind`, `title`, `company`, `version`, `date`, `edition` and `blocks`.
    #[schemars(extend("type" = "object"))]
    pub document: Value,
}

/// Something that does not fit.
#[derive(Serialize, JsonSchema)]
pub struct PaperFinding {
    /// Which check found it; stable.
    pub check: &'static str,
    pub question: String,
    /// The row and the column, where it is about a table.
    pub row: Option<String>,
    pub column: Option<String>,
    /// Japanese: what does not fit and what to do.
    pub sentence: String,
}

pub async fn list(
    State(app): State<App>,
    caller: Caller,
    Id(number): Id,
) -> Result<Json<PaperList>, Problem> {
    let opened = open_for(&app, &caller, &number, Action::ReadPapers, read_all).await?;
    let (answers, papers) = opened.more;
    let found = check(library(), &answers.shown, tokyo_date(app.clock.now()));
    let papers = papers.into_iter();
    Ok(Json(PaperList {
        sequence: answers.sequence,
        papers: papers
            .map(|paper| summary(&paper, &answers, &found))
            .collect(),
    }))
}

/// A kind with its state and the number of its open comments.
type Standing = (&'static Kind, desk::State, i64);

fn read_all(tx: &mut Tx, stored: &Stored) -> Result<(CaseAnswers, Vec<Standing>), StoreError> {
    let id = &stored.application_id;
    let begun = paper::of_application(tx, id)?;
    let comments = paper_comment::open_counts(tx, id)?;
    let standing = |kind: &'static Kind| {
        let paper = begun.iter().find(|paper| paper.kind == kind.id);
        let open = comments.iter().find(|(of, _)| *of == kind.id);
        let state = paper.map_or(desk::State::BEGIN, |paper| paper.state);
        (kind, state, open.map_or(0, |(_, count)| *count))
    };
    let kinds = kinds(tx, stored)?.into_iter().map(standing).collect();
    Ok((saved::of_case(tx, stored)?, kinds))
}

fn summary(
    (kind, state, comments): &Standing,
    answers: &CaseAnswers,
    found: &[Finding],
) -> PaperSummary {
    let progress = progress(library(), kind, &answers.shown);
    PaperSummary {
        kind: kind.id.clone(),
        title: kind.title.clone(),
        state: state.as_str(),
        version: state.version(),
        asked: progress.asked,
        open_questions: (progress.open.iter())
            .map(|question| OpenQuestion {
                question: question.id.clone(),
                label: question.label.clone(),
            })
            .collect(),
        findings: of_kind(kind, found).count(),
        open_comments: *comments,
    }
}

/// What was found about questions that a kind asks.
fn of_kind<'a>(kind: &'a Kind, found: &'a [Finding]) -> impl Iterator<Item = &'a Finding> {
    let asks = |finding: &&Finding| kind.asked().any(|id| id == finding.question);
    found.iter().filter(asks)
}

pub async fn one(
    State(app): State<App>,
    caller: Caller,
    Parts((number, kind)): Parts<(String, String)>,
) -> Result<Json<PaperView>, Problem> {
    let now = app.clock.now();
    let more = move |tx: &mut Tx, stored: &Stored| {
        let (_, papers) = read_all(tx, stored)?;
        let Some(standing) = papers.into_iter().find(|(one, _, _)| one.id == kind) else {
            return Ok(None);
        };
        let draft = draft::of_paper(tx, stored, standing.0, now)?;
        Ok(Some((standing, draft)))
    };
    let opened = open_for(&app, &caller, &number, Action::ReadPapers, more).await?;
    let (standing, draft) = opened.more.ok_or_else(unknown)?;
    let found = check(library(), &draft.answers.shown, tokyo_date(now));
    let document = serde_json::to_value(&draft.document);
    Ok(Json(PaperView {
        summary: summary(&standing, &draft.answers, &found),
        sequence: draft.answers.sequence,
        found: of_kind(standing.0, &found).map(finding).collect(),
        notices: (draft.notices.into_iter())
            .map(|notice| notice.sentence)
            .collect(),
        document: document.map_err(|error| Problem::internal(&error))?,
    }))
}

fn finding(finding: &Finding) -> PaperFinding {
    PaperFinding {
        check: finding.check,
        question: finding.question.clone(),
        row: finding.row.clone(),
        column: finding.column.clone(),
        sentence: finding.sentence.clone(),
    }
}

/// Opens a case for something that is done with its papers.
///
/// # Errors
/// `not-found` for a case that is not this token's to read, `forbidden` for what its scopes do not cover.
async fn open_for<T: Send + 'static>(
    app: &App,
    caller: &Caller,
    number: &str,
    action: Action,
    more: impl Fn(&mut Tx, &Stored) -> Result<T, StoreError> + Send + 'static,
) -> Result<Opened<T>, Problem> {
    let opened = open(app, caller, number, more).await?;
    caller.may_do(&[action], &opened.stored)?;
    Ok(opened)
}

/// Opens a case that has this kind of paper.
///
/// # Errors
/// The same, and `not-found` for a paper that the case does not have.
async fn open_paper<T: Send + 'static>(
    app: &App,
    caller: &Caller,
    (number, kind): (&str, &str),
    action: Action,
    more: impl Fn(&mut Tx, &Stored) -> Result<T, StoreError> + Send + 'static,
) -> Result<Opened<T>, Problem> {
    let wanted = kind.to_owned();
    let known = move |tx: &mut Tx, stored: &Stored| {
        let is_one = kinds(tx, stored)?.iter().any(|kind| kind.id == wanted);
        is_one.then(|| more(tx, stored)).transpose()
    };
    let opened = open_for(app, caller, number, action, known).await?;
    Ok(Opened {
        more: opened.more.ok_or_else(unknown)?,
        program: opened.program,
        stored: opened.stored,
    })
}

/// The answer for a paper that the case does not have.
fn unknown() -> Problem {
    Problem::new(
        problem::Kind::NotFound,
        "この案件に、その文書はありません。文書は GET /api/v1/cases/{receipt_number}/papers で確かめられます。",
    )
}
