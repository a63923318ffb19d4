//! The way of a case as a list of tasks: what is done, what comes now, who acts and by when.

use jiff::Timestamp;
use sonae_core::calendar::japanese::date_with_weekday;
use sonae_core::calendar::tokyo_date;
use sonae_core::clock::{Clock, Phase};
use sonae_core::flow::advance::is_delivery;
use sonae_core::flow::{Case, Status};
use sonae_core::program::flow::{Step, StepKind};
use sonae_core::program::{Program, Role};

use super::super::public::wording::role;
use super::door::Opened;

/// One step of the way.
pub(super) struct Task<'a> {
    pub title: &'a str,
    pub state: State,
    /// Who acts, as the company reads it.
    pub who: &'static str,
    /// When it was done, or by when it will be; empty when nothing is promised.
    pub when: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Done,
    Now,
    Next,
}

impl State {
    pub(super) fn class(&self) -> &'static str {
        match self {
            State::Done => "done",
            State::Now => "now",
            State::Next => "next",
        }
    }

    pub(super) fn word(&self) -> &'static str {
        match self {
            State::Done => "済み",
            State::Now => "いま",
            State::Next => "これから",
        }
    }

    pub(super) fn is_now(&self) -> bool {
        *self == State::Now
    }
}

/// The steps up to 参加確定, or for a company that takes part those after it.
pub(super) fn tasks(opened: &Opened, after_confirmation: bool) -> Vec<Task<'_>> {
    let case = opened.case();
    let courses = match case.live_courses() {
        live if live.is_empty() => case.courses.clone(),
        live => live,
    };
    let steps = &opened.program().definition.flow.step;
    let concerned = |step: &&Step| {
        is_delivery(step.kind) == after_confirmation
            && (step.applies_to(&courses) || case.is_done(&step.id))
    };
    let task = |step| task(opened.program(), case, step);
    steps.iter().filter(concerned).map(task).collect()
}

fn task<'a>(program: &Program, case: &Case, step: &'a Step) -> Task<'a> {
    let record = case.steps.get(&step.id);
    let done_at = record.and_then(|record| record.done_at);
    let current = case.current(program);
    let now = case.status == Status::Open && current.is_some_and(|current| current.id == step.id);
    let (state, when) = match (done_at, now) {
        (Some(at), _) => (State::Done, day(at)),
        (None, true) => (State::Now, until(case, step)),
        (None, false) => (State::Next, String::new()),
    };
    Task {
        title: &step.title,
        state,
        who: who(acting(program, case, step)),
        when,
    }
}

/// Who acts on a step: its owner, and for an approval whoever has it on the desk now.
pub(super) fn acting(program: &Program, case: &Case, step: &Step) -> Role {
    let here = case.is_open(&step.id) && step.kind == StepKind::Approval;
    let now = here.then(|| case.owner(program)).flatten();
    now.unwrap_or(step.owner)
}

/// Who acts, in a list that the company reads.
pub(super) fn who(owner: Role) -> &'static str {
    match owner {
        Role::Company => "お客さま",
        other => role(other),
    }
}

fn day(at: Timestamp) -> String {
    date_with_weekday(tokyo_date(at))
}

/// By when a step's own clock runs out; the office's targets are promised to nobody.
fn until(case: &Case, step: &Step) -> String {
    clock_of(case, step).map_or_else(String::new, |clock| {
        format!("{}まで", date_with_weekday(clock.due_date()))
    })
}

/// The running clock of the programme that stands behind a step.
pub(super) fn clock_of<'a>(case: &'a Case, step: &Step) -> Option<&'a Clock> {
    let clock = case.clocks.get(step.clock.as_ref()?)?;
    (clock.phase == Phase::Running).then_some(clock)
}

/// The page on which the company does a step, and its button's words.
pub(super) fn page_of(kind: StepKind) -> Option<(&'static str, &'static str)> {
    match kind {
        StepKind::Agreement => Some(("agree", "ご説明を読んで、了承する")),
        StepKind::Questionnaire => Some(("questionnaire", "事前問診に答える")),
        _ => None,
    }
}
