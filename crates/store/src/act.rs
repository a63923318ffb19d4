//! One event applied to one case: read, decided by core, saved and recorded in the caller's transaction.
//!
//! Architecture invariant: after the receipt a case changes here and nowhere else. Pages, interface, jobs and demo come through here.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sonae_core::application::answers::Answers;
use sonae_core::application::show::changes;
use sonae_core::calendar::Calendar;
use sonae_core::capacity::PlaceState;
use sonae_core::clock::Clock;
use sonae_core::eligibility::{Verdict, judge_with_history};
use sonae_core::flow::{Actor, Case, Context, Effect, Event, Refusal, Status, transition};
use sonae_core::program::Program;
use sonae_db::Tx;

use crate::approval::{self, Cause};
use crate::case::{self, Books, Stored};
use crate::case_event::{self, NewEvent};
use crate::{StoreError, earlier_support, ms, portal_draft};

/// An event that somebody wants to cause.
#[derive(Clone, Copy)]
pub struct Command<'a> {
    /// The programme in the revision of the case; for [`Event::Moved`] in the one it is moved to.
    pub program: &'a Program,
    pub calendar: &'a Calendar,
    pub event: &'a Event,
    pub actor: &'a Actor,
    pub at: Timestamp,
}

/// An event that was applied.
#[derive(Clone, Debug)]
pub struct Acted {
    pub before: Stored,
    pub after: Stored,
    /// Places are written already; mails are the caller's to queue in the same transaction.
    pub effects: Vec<Effect>,
    pub log_index: i64,
}

/// What undo puts back.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Undo {
    pub case: Case,
    pub places: BTreeMap<String, PlaceState>,
    pub clocks: BTreeMap<String, Clock>,
    pub answers: Answers,
    pub verdict: Verdict,
}

/// Decides without writing: what the event would do, for a preview.
///
/// # Errors
/// The inner error says why it would be refused.
pub fn decide(
    tx: &mut Tx,
    before: &Stored,
    command: Command<'_>,
) -> Result<Result<(Stored, Vec<Effect>), Refusal>, StoreError> {
    let books = case::books(tx, before)?;
    decide_by(tx, &books, before, command)
}

/// Which of these events the case would take now; the books are read once for all of them.
///
/// # Errors
/// The database could not be read.
pub fn possible(
    tx: &mut Tx,
    before: &Stored,
    command: Command<'_>,
    events: &[Event],
) -> Result<Vec<bool>, StoreError> {
    let books = case::books(tx, before)?;
    let mut would = |event| {
        let command = Command { event, ..command };
        Ok(decide_by(tx, &books, before, command)?.is_ok())
    };
    events.iter().map(&mut would).collect()
}

fn decide_by(
    tx: &mut Tx,
    books: &Books,
    before: &Stored,
    command: Command<'_>,
) -> Result<Result<(Stored, Vec<Effect>), Refusal>, StoreError> {
    let mut after = before.clone();
    let (mut changed, mut told) = (Vec::new(), Vec::new());
    if let Event::Corrected { answers, .. } = command.event {
        // Courses are changed by their own events, which know about places.
        after.answers = Answers {
            courses: before.answers.courses.clone(),
            ..(**answers).clone()
        };
        changed = differences(&before.answers, &after.answers)?;
        told = changes(command.program, &before.answers, &after.answers);
    }
    if let Event::Moved { revision, .. } = command.event {
        after.revision.clone_from(revision);
    }
    let judges = matches!(
        command.event,
        Event::Corrected { .. }
            | Event::Moved { .. }
            | Event::Rechecked { .. }
            | Event::CompaniesCompared { .. }
    );
    if judges {
        let mut compared = before.compared();
        if let Event::CompaniesCompared { with, same, .. } = command.event {
            compared.insert(with.clone(), *same);
        }
        let history = earlier_support::history(
            tx,
            &after.program_id,
            &after.application_id,
            &after.answers,
            &compared,
        )?;
        after.verdict = judge_with_history(command.program, &after.answers, &history);
    }
    let ctx = Context {
        program: command.program,
        calendar: command.calendar,
        now: command.at,
        verdict: &after.verdict,
        tallies: &books.tallies,
        first_waiting: &books.first_waiting,
        changed: &changed,
        changes: &told,
    };
    match transition(&ctx, &before.case, command.event, command.actor) {
        Ok(moved) => {
            after.case = moved.case;
            Ok(Ok((after, moved.effects)))
        }
        Err(refusal) => Ok(Err(refusal)),
    }
}

/// Applies an event to a case that was read in this transaction.
///
/// # Errors
/// The inner error says why it was refused; nothing is written then.
pub fn act(
    tx: &mut Tx,
    before: Stored,
    command: Command<'_>,
) -> Result<Result<Acted, Refusal>, StoreError> {
    let (after, effects) = match decide(tx, &before, command)? {
        Ok(decided) => decided,
        Err(refusal) => return Ok(Err(refusal)),
    };
    case::save(tx, command.program, &before, &after, command.at)?;
    mark_application(tx, &before, &after, command.at)?;
    mark_participant(tx, command.program, &before, &after)?;
    if after.case.status.is_closed() {
        portal_draft::delete_all(tx, &after.application_id)?;
    }
    let undo = Undo {
        case: before.case.clone(),
        places: before.case.places.clone(),
        clocks: before.case.clocks.clone(),
        answers: before.answers.clone(),
        verdict: before.verdict.clone(),
    };
    let word = command.event.word();
    let actor = command.actor.name();
    let new = NewEvent {
        application_id: &after.application_id,
        program_id: &after.program_id,
        receipt_number: &after.receipt_number,
        version: after.case.version,
        at: command.at,
        actor: &actor,
        event: &word,
        data: &serde_json::to_string(command.event)?,
        from: &standing(command.program, &before.case),
        to: &standing(command.program, &after.case),
        undo: can_be_undone(command.event)
            .then(|| serde_json::to_string(&undo))
            .transpose()?,
    };
    let log_index = case_event::record(tx, &new)?;
    let cause = Cause {
        event: &word,
        actor: &actor,
        at: command.at,
        log_index,
    };
    approval::record(tx, &before, &after, cause)?;
    Ok(Ok(Acted {
        before,
        after,
        effects,
        log_index,
    }))
}

/// What the office decides can be taken back while its mails wait; what others did, and what jobs do, cannot.
pub fn can_be_undone(event: &Event) -> bool {
    matches!(
        event,
        Event::Contacted { .. }
            | Event::Assigned { .. }
            | Event::ExpertAssigned { .. }
            | Event::CorrectionRequested { .. }
            | Event::CorrectionCancelled { .. }
            | Event::Corrected { .. }
            | Event::Judged { .. }
            | Event::CompaniesCompared { .. }
            | Event::Screened { .. }
            | Event::CoursesDecided { .. }
            | Event::Proposed { .. }
            | Event::Declined { .. }
            | Event::Excluded { .. }
            | Event::Withdrawn { .. }
            | Event::CourseWithdrawn { .. }
            | Event::Offered { .. }
            | Event::Reopened { .. }
    )
}

/// A withdrawn application says so itself as well: its own page and the receipt's proof look there.
pub(crate) fn mark_application(
    tx: &mut Tx,
    before: &Stored,
    after: &Stored,
    at: Timestamp,
) -> Result<(), StoreError> {
    let withdrawn = |stored: &Stored| stored.case.status == Status::Withdrawn;
    let (state, since) = match (withdrawn(before), withdrawn(after)) {
        (false, true) => ("withdrawn", Some(ms(at))),
        (true, false) => ("received", None),
        _ => return Ok(()),
    };
    tx.execute(
        "UPDATE application SET state = $2, withdrawn_at_ms = $3 WHERE id = $1",
        &[(&after.application_id).into(), state.into(), since.into()],
    )?;
    Ok(())
}

/// A confirmed participant counts as earlier support in later programmes, in the courses it takes part in, as long as it stays confirmed.
pub(crate) fn mark_participant(
    tx: &mut Tx,
    program: &Program,
    before: &Stored,
    after: &Stored,
) -> Result<(), StoreError> {
    // Courses in which a place is only waited for are no support.
    let taking = |stored: &Stored| -> Vec<String> {
        let held = |course: &&String| stored.case.places.get(*course) == Some(&PlaceState::Held);
        match stored.case.status {
            Status::Confirmed => stored.case.courses.iter().filter(held).cloned().collect(),
            _ => Vec::new(),
        }
    };
    let (was, is) = (taking(before), taking(after));
    if was == is && (is.is_empty() || before.answers == after.answers) {
        return Ok(());
    }
    earlier_support::record_participant(tx, program, &after.application_id, &after.answers, &is)
}

/// The status and the step, as the audit log names them: `open:contact`.
fn standing(program: &Program, case: &Case) -> String {
    let step = case.current(program).map_or("", |step| step.id.as_str());
    format!("{}:{step}", case.status.as_str())
}

/// Names of the answers that differ.
fn differences(before: &Answers, after: &Answers) -> Result<Vec<String>, StoreError> {
    let fields = |answers: &Answers| match serde_json::to_value(answers) {
        Ok(serde_json::Value::Object(fields)) => Ok(fields),
        _ => Err(StoreError::Damaged("answers that are no object".into())),
    };
    let (before, after) = (fields(before)?, fields(after)?);
    let names = before.keys().chain(after.keys());
    let mut differ: Vec<String> = names
        .filter(|name| before.get(*name) != after.get(*name))
        .cloned()
        .collect();
    differ.sort();
    differ.dedup();
    Ok(differ)
}
