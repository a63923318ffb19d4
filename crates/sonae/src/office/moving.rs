//! What another revision of a programme would mean for the cases that are open now, before anybody is moved.

use std::collections::BTreeMap;

use jiff::Timestamp;
use sonae_core::access::StaffRole;
use sonae_core::eligibility::Eligibility;
use sonae_core::flow::transition::judged;
use sonae_core::flow::{Actor, Event};
use sonae_db::Tx;
use sonae_store::act::{Command, decide};
use sonae_store::case::{self, Stored};
use sonae_store::{StoreError, serving};

use super::revisions;
use crate::app::{App, Running};

/// The most open cases that are tried; a programme has some hundreds.
pub const MOST_TRIED: u32 = 500;

/// One open case under the other revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried {
    pub receipt_number: String,
    pub version: i64,
    pub name: String,
    /// The title of the step it is at.
    pub step: String,
    /// What would be different; none when nothing would.
    pub difference: Option<String>,
    /// Why it cannot be moved.
    pub refused: Option<String>,
}

/// Open cases at one step, and what would be different for them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StepEffect {
    pub step: String,
    pub cases: u32,
    pub different: u32,
    pub refused: u32,
}

/// Tries every open case under `revision` with another revision, without writing.
///
/// # Errors
/// The database could not be read.
pub fn effect(
    app: &App,
    tx: &mut Tx,
    revision: &str,
    to: &Running,
    at: Timestamp,
) -> Result<Vec<Tried>, StoreError> {
    let from = revisions::of(app, tx, revision)?;
    let open = serving::open_cases(tx, from.program.id(), revision, MOST_TRIED)?;
    let event = Event::Moved {
        revision: to.program.revision.clone(),
        reason: "試し".to_owned(),
    };
    let actor = Actor::Staff {
        id: String::new(),
        role: StaffRole::Secretariat,
    };
    let mut tried = Vec::new();
    for (number, _) in open {
        let Some(before) = case::by_receipt(tx, &number)? else {
            continue;
        };
        let command = Command {
            program: &to.program,
            calendar: &to.calendar,
            event: &event,
            actor: &actor,
            at,
        };
        let (difference, refused) = match decide(tx, &before, command)? {
            Ok((after, _)) => (difference(&from, &before, to, &after), None),
            Err(refusal) => (None, Some(refusal.sentence)),
        };
        tried.push(Tried {
            version: before.case.version,
            name: before.answers.name.clone().unwrap_or_default(),
            step: step_title(&from, &before),
            receipt_number: number,
            difference,
            refused,
        });
    }
    Ok(tried)
}

fn difference(from: &Running, before: &Stored, to: &Running, after: &Stored) -> Option<String> {
    let mut said = Vec::new();
    let (was, is) = (outcome(before), outcome(after));
    if was != is {
        said.push(format!("要件の判断が「{was}」から「{is}」に変わります。"));
    }
    let (was, is) = (step_title(from, before), step_title(to, after));
    if was != is {
        said.push(format!("段階が「{was}」から「{is}」に変わります。"));
    }
    let due = |stored: &Stored| stored.case.due().map(|(_, clock)| clock.due_at);
    if due(before) != due(after) {
        said.push("期限が変わります。".to_owned());
    }
    (!said.is_empty()).then(|| said.concat())
}

fn outcome(stored: &Stored) -> &'static str {
    match judged(&stored.verdict, &stored.case).0 {
        Eligibility::Eligible => "満たす",
        Eligibility::Ineligible => "満たさない",
        Eligibility::NeedsJudgement => "判断が必要",
    }
}

fn step_title(running: &Running, stored: &Stored) -> String {
    let step = stored.case.current(&running.program);
    step.map_or_else(String::new, |step| step.title.clone())
}

/// The same counted by step.
pub fn by_step(tried: &[Tried]) -> Vec<StepEffect> {
    let mut steps: BTreeMap<&str, StepEffect> = BTreeMap::new();
    for one in tried {
        let effect = steps.entry(&one.step).or_default();
        effect.step.clone_from(&one.step);
        effect.cases += 1;
        effect.different += u32::from(one.difference.is_some());
        effect.refused += u32::from(one.refused.is_some());
    }
    steps.into_values().collect()
}
