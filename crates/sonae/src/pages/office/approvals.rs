//! `/office/approvals`: what waits for the sponsor, what came back with a question, what can be proposed, and the lists of before.

mod compare;
mod decide;
mod list;
mod propose;
mod record;

use askama::Template;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use sonae_core::access::{Action, Grant, allowed};
use sonae_core::calendar::japanese::moment;
use sonae_core::calendar::tokyo_date;
use sonae_core::flow::Actor;
use sonae_core::program::Program;
use sonae_core::program::flow::StepKind;
use sonae_db::Tx;
use sonae_store::approval::{self, Approval, Ready};
use sonae_store::approval_list::{self, List, MOST_ON_A_LIST};
use sonae_store::{StoreError, case};

use super::Page;
use super::door::{Door, Staff};
use super::frame::{OfficeFrame, Section};
use crate::app::App;
use crate::office::people::People;
use crate::pages::office::cases::row::Day;
use crate::pages::public::show;

/// The name of what waits without a list, in addresses.
const ALONE: &str = "alone";
/// The most questions that are shown at once.
const MOST_QUESTIONS: u32 = 200;
/// Lists of one page of those that are done.
const PAST: usize = 30;

pub(super) fn routes(door: Door) -> Door {
    let door = door.get("/office/approvals", Action::ReadApprovals, overview);
    let door = propose::routes(door);
    let door = list::routes(door);
    let door = decide::routes(door);
    record::routes(door)
}

/// Whom the flow knows as the cause of what this person does.
fn actor(staff: &Staff) -> Actor {
    Actor::Staff {
        id: staff.id.clone(),
        role: staff.role,
    }
}

#[derive(Template)]
#[template(path = "office/approvals.html")]
struct Overview {
    frame: OfficeFrame,
    may_propose: bool,
    /// Proposals that wait without a list.
    alone: usize,
    open: Vec<ListRow>,
    past: Vec<ListRow>,
    /// Where earlier lists are.
    older: Option<String>,
    questions: Vec<QuestionRow>,
    programs: Vec<ReadyTable>,
}

struct ListRow {
    href: String,
    title: String,
    handed_over_by: String,
    handed_over_at: String,
    counts: approval_list::Counts,
}

struct QuestionRow {
    href: String,
    receipt_number: String,
    name: String,
    question: String,
    asked_by: String,
    asked_at: String,
}

struct ReadyTable {
    program_id: String,
    title: String,
    rows: Vec<ReadyRow>,
    /// More cases than one list takes.
    more: bool,
}

struct ReadyRow {
    mark: String,
    receipt_number: String,
    name: String,
    received_on: String,
    outcome: &'static str,
    outcome_kind: &'static str,
    /// Something about it that the secretariat should know.
    note: &'static str,
}

/// What the page is made of.
struct Found {
    open: Vec<List>,
    /// One more than a page shows, when there are so many.
    past: Vec<List>,
    alone: Vec<Approval>,
    questions: Vec<(Approval, String)>,
    ready: Vec<Vec<Ready>>,
    people: People,
}

/// Where the lists of before begin: behind the list with this id.
#[derive(serde::Deserialize)]
struct Behind {
    after: Option<String>,
}

async fn overview(
    State(app): State<App>,
    staff: Staff,
    behind: Result<Query<Behind>, QueryRejection>,
) -> Page {
    let may_propose = allowed(staff.role, Action::ProposeApproval) != Grant::No;
    let inner = app.clone();
    let after = behind.ok().and_then(|Query(behind)| behind.after);
    let found = app.read(move |tx| find(&inner, tx, after.as_deref()));
    let found = found.await?;
    let rows = |lists: &[List]| {
        let rows = (lists.iter()).map(|list| list_row(&app, list, &found.people));
        rows.collect()
    };
    let past = &found.past[..found.past.len().min(PAST)];
    let last = past.last().filter(|_| found.past.len() > PAST);
    let programs = match may_propose {
        true => ready_tables(&app, &found),
        false => Vec::new(),
    };
    let page = Overview {
        frame: OfficeFrame::new(&app, &staff, Section::Approvals, "承認"),
        may_propose,
        alone: found.alone.len(),
        open: rows(&found.open),
        past: rows(past),
        older: last.map(|last| format!("/office/approvals?after={}", last.id)),
        questions: found
            .questions
            .iter()
            .map(|row| question_row(row, &found.people))
            .collect(),
        programs,
    };
    show(StatusCode::OK, &page)
}

fn find(app: &App, tx: &mut Tx, after: Option<&str>) -> Result<Found, StoreError> {
    let mut questions = Vec::new();
    for row in approval::sent_back(tx, MOST_QUESTIONS)? {
        let name = case::name(tx, &row.receipt_number)?;
        questions.push((row, name));
    }
    let mut ready = Vec::new();
    for running in app.programs.iter() {
        let program = &running.program;
        let most = u32::try_from(MOST_ON_A_LIST).unwrap_or(u32::MAX) + 1;
        ready.push(match approval_step(program) {
            Some(step) => approval::ready(tx, program.id(), step, most)?,
            None => Vec::new(),
        });
    }
    let more = u32::try_from(PAST).unwrap_or(u32::MAX) + 1;
    Ok(Found {
        open: approval_list::open(tx)?,
        past: approval_list::past(tx, after, more)?,
        alone: approval::waiting_alone(tx, MOST_QUESTIONS)?,
        questions,
        ready,
        people: People::read(tx)?,
    })
}

fn approval_step(program: &Program) -> Option<&str> {
    let steps = &program.definition.flow.step;
    let step = steps.iter().find(|step| step.kind == StepKind::Approval)?;
    Some(&step.id)
}

fn ready_tables(app: &App, found: &Found) -> Vec<ReadyTable> {
    let tables = app
        .programs
        .iter()
        .zip(&found.ready)
        .map(|(running, ready)| ReadyTable {
            program_id: running.program.id().to_owned(),
            title: running.program.definition.program.short_title.clone(),
            rows: ready.iter().take(MOST_ON_A_LIST).map(ready_row).collect(),
            more: ready.len() > MOST_ON_A_LIST,
        });
    tables.collect()
}

fn ready_row(ready: &Ready) -> ReadyRow {
    let (outcome, outcome_kind) = match ready.outcome.as_str() {
        "eligible" => ("要件を満たす", "success"),
        "ineligible" => ("満たさない要件がある", "error"),
        _ => ("判断が必要", "warning"),
    };
    ReadyRow {
        mark: format!("{}@{}", ready.receipt_number, ready.version),
        receipt_number: ready.receipt_number.clone(),
        name: ready.name.clone(),
        received_on: Day::new(tokyo_date(ready.received_at)).text,
        outcome,
        outcome_kind,
        note: match ready.was_invalidated {
            true => "前の承認の後に内容が変わったため、改めて依頼が必要です。",
            false => "",
        },
    }
}

fn list_row(app: &App, list: &List, people: &People) -> ListRow {
    ListRow {
        href: format!("/office/approvals/{}", list.id),
        title: list_title(app, list),
        handed_over_by: people.name(&list.handed_over_by),
        handed_over_at: moment(list.handed_over_at),
        counts: list.counts,
    }
}

/// 「○○事業 第3回」
fn list_title(app: &App, list: &List) -> String {
    let running = app.programs.get(&list.program_id);
    let title = running.map_or(list.program_id.as_str(), |running| {
        running.program.definition.program.short_title.as_str()
    });
    format!("{title} 承認依頼 第{}回", list.number)
}

fn question_row((row, name): &(Approval, String), people: &People) -> QuestionRow {
    let decided = row.decided.as_ref();
    let list = row.list_id.as_deref().unwrap_or(ALONE);
    QuestionRow {
        href: format!("/office/approvals/{list}#case-{}", row.receipt_number),
        receipt_number: row.receipt_number.clone(),
        name: name.clone(),
        question: decided
            .and_then(|decided| decided.question.clone())
            .unwrap_or_default(),
        asked_by: decided
            .map(|decided| people.name(&decided.by))
            .unwrap_or_default(),
        asked_at: decided
            .map(|decided| moment(decided.at))
            .unwrap_or_default(),
    }
}
