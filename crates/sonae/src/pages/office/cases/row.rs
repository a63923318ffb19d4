//! One case as a row of the list.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::civil::Date;
use sonae_core::calendar::{japanese, tokyo_date};
use sonae_core::clock::{Clock, State};
use sonae_core::flow::Status;
use sonae_core::flow::case::first_due;
use sonae_store::queue::Listed;

use super::labels;
use crate::app::App;

/// A row.
#[derive(Clone, Debug)]
pub struct CaseRow {
    pub receipt_number: String,
    pub version: i64,
    pub name: String,
    pub program: String,
    pub courses: String,
    /// The step's title, or how the case ended.
    pub step: String,
    /// Kinds and words of the chips beside the step.
    pub chips: Vec<(&'static str, &'static str)>,
    pub owner: &'static str,
    pub assignee: String,
    pub expert: String,
    pub clock: Option<ClockCell>,
    pub received: Day,
}

/// The case's one deadline.
#[derive(Clone, Debug, Default)]
pub struct ClockCell {
    /// 「残り2営業日」
    pub words: String,
    /// Part of the class: `late`, `soon`, `paused`, or empty.
    pub mark: &'static str,
    pub day: Day,
}

/// A day, for people and for programs.
#[derive(Clone, Debug, Default)]
pub struct Day {
    pub text: String,
    pub iso: String,
}

impl Day {
    pub fn new(date: Date) -> Day {
        Day {
            text: format!(
                "{}({})",
                japanese::date_short(date),
                japanese::weekday_letter(date.weekday())
            ),
            iso: date.to_string(),
        }
    }
}

/// The rows of cases. `people` are the names of staff by id.
pub fn rows(app: &App, listed: &[Listed], people: &HashMap<String, String>) -> Vec<CaseRow> {
    let now = app.clock.now();
    listed
        .iter()
        .map(|case| row(app, case, people, now))
        .collect()
}

pub fn row(app: &App, case: &Listed, people: &HashMap<String, String>, now: Timestamp) -> CaseRow {
    let name_of = |id: &Option<String>| {
        let name = id.as_ref().and_then(|id| people.get(id));
        name.cloned().unwrap_or_default()
    };
    CaseRow {
        receipt_number: case.receipt_number.clone(),
        version: case.version,
        name: case.name.clone(),
        program: program(app, &case.program_id),
        courses: courses(app, case),
        step: step(app, case),
        chips: chips(case),
        owner: labels::owner(&case.owner),
        assignee: name_of(&case.assignee),
        expert: name_of(&case.expert),
        clock: clock(app, case, now),
        received: Day::new(tokyo_date(case.received_at)),
    }
}

/// The programme's short name.
pub fn program(app: &App, id: &str) -> String {
    let running = app.programs.get(id);
    running.map_or_else(
        || id.to_owned(),
        |running| running.program.definition.program.short_title.clone(),
    )
}

pub fn courses(app: &App, case: &Listed) -> String {
    let running = app.programs.get(&case.program_id);
    let title = |id: &String| {
        let course = running.and_then(|running| running.program.course(id));
        course.map_or_else(|| id.clone(), |course| course.short_title.clone())
    };
    case.courses
        .iter()
        .map(title)
        .collect::<Vec<_>>()
        .join("、")
}

/// The step's title while the case is open, otherwise how it ended.
pub fn step(app: &App, case: &Listed) -> String {
    if case.status != Status::Open.as_str() {
        return labels::status(&case.status).to_owned();
    }
    let running = app.programs.get(&case.program_id);
    let found = running.and_then(|running| {
        let mut steps = running.program.definition.flow.step.iter();
        steps.find(|step| step.id == case.step)
    });
    found.map_or_else(|| case.step.clone(), |step| step.title.clone())
}

fn chips(case: &Listed) -> Vec<(&'static str, &'static str)> {
    let mut chips = Vec::new();
    let open = case.status == Status::Open.as_str();
    if open && case.correcting {
        chips.push(("info", "訂正のお願い中"));
    }
    match case.outcome.as_str() {
        "needs_judgement" if open => chips.push(("warning", "判断待ち")),
        "ineligible" if open => chips.push(("error", "条件を満たさない")),
        _ => {}
    }
    match case.approval.as_str() {
        "proposed" if open => chips.push(("info", "東京都へ提出中")),
        "sent_back" if open => chips.push(("warning", "東京都から質問")),
        _ => {}
    }
    if case.waiting {
        chips.push(("neutral", "枠待ち"));
    }
    chips
}

/// The clock by which the case waits, otherwise the paused one that was due first.
pub fn deadline(case: &Listed) -> Option<&Clock> {
    let clocks = case.clocks.iter().map(|(id, clock)| (id.as_str(), clock));
    let paused = case.clocks.first().map(|(_, clock)| clock);
    first_due(clocks).map(|(_, clock)| clock).or(paused)
}

fn clock(app: &App, case: &Listed, now: Timestamp) -> Option<ClockCell> {
    let clock = deadline(case)?;
    let running = app.programs.get(&case.program_id)?;
    let state = clock.state(&running.calendar, now);
    Some(ClockCell {
        words: state.to_string(),
        mark: match state {
            State::Overdue { .. } => "late",
            State::Warning { .. } => "soon",
            State::Paused { .. } => "paused",
            State::Running { .. } | State::Stopped { .. } => "",
        },
        day: Day::new(clock.due_date()),
    })
}
