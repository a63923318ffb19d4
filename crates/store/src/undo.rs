//! Taking back the last thing that happened to a case: everything stands again as it stood before, and the record says that it was undone.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use sonae_core::capacity::{self, PlaceState, Tally};
use sonae_core::flow::Refusal;
use sonae_core::program::Program;
use sonae_core::program::program::CapacityKind;
use sonae_db::Tx;

use crate::act::{Undo, mark_application, mark_participant};
use crate::approval::{self, Cause};
use crate::audit::{self, Act};
use crate::case::{self, Stored};
use crate::case_event::{self, Recorded};
use crate::{StoreError, tally};

/// Who takes back what.
#[derive(Clone, Copy, Debug)]
pub struct Command<'a> {
    /// The programme in the revision of the case.
    pub program: &'a Program,
    /// The version that the event made; it must still be the case's.
    pub version: i64,
    /// As the records name her; only who did it may take it back.
    pub actor: &'a str,
    pub at: Timestamp,
    /// For how long after the event it may be taken back.
    pub within: SignedDuration,
}

/// What was taken back.
#[derive(Clone, Debug)]
pub struct Undone {
    pub event: Recorded,
    pub after: Stored,
}

/// Takes back the last event of a case that was read in this transaction. Its mails are the caller's to cancel in the same transaction.
///
/// # Errors
/// The inner error says why not; nothing is written then.
pub fn undo(
    tx: &mut Tx,
    before: &Stored,
    command: Command<'_>,
) -> Result<Result<Undone, Refusal>, StoreError> {
    let events = case_event::of_application(tx, &before.application_id)?;
    let event = match open_to_undo(before, &events, command) {
        Ok(event) => event.clone(),
        Err(refusal) => return Ok(Err(refusal)),
    };
    let kept = event.undo.as_deref().unwrap_or_default();
    let kept: Undo = serde_json::from_str(kept)?;
    if let Err(refusal) = places_are_free(tx, command.program, before, &kept.places)? {
        return Ok(Err(refusal));
    }
    let mut after = before.clone();
    after.case = kept.case;
    after.case.places = kept.places;
    after.case.clocks = kept.clocks;
    after.answers = kept.answers;
    after.verdict = kept.verdict;
    // The version only grows: whoever saw the event must not act as if it stood.
    after.case.version = before.case.version + 1;
    case::restore(tx, command.program, before, &after, command.at)?;
    mark_application(tx, before, &after, command.at)?;
    mark_participant(tx, command.program, before, &after)?;
    case_event::mark_undone(tx, &before.application_id, event.version, command.at)?;
    let act = Act {
        at: command.at,
        actor: command.actor,
        action: "case.undone",
        subject: &before.application_id,
    };
    let data = serde_json::json!({
        "receipt_number": before.receipt_number,
        "event": event.event,
        "undone_version": event.version,
        "undone_log_index": event.log_index,
        "version": after.case.version,
    });
    let bound = audit::append(tx, act, data)?;
    let cause = Cause {
        event: "undone",
        actor: command.actor,
        at: command.at,
        log_index: bound.index,
    };
    approval::record(tx, before, &after, cause)?;
    Ok(Ok(Undone { event, after }))
}

/// The event that may be taken back now.
///
/// # Errors
/// Why none may, as a sentence.
pub fn open_to_undo<'a>(
    stored: &Stored,
    events: &'a [Recorded],
    command: Command<'_>,
) -> Result<&'a Recorded, Refusal> {
    let event = events.iter().find(|event| event.version == command.version);
    let Some(event) = event else {
        return Err(Refusal::new(
            "unknown_event",
            "その操作の記録が見つかりません。",
        ));
    };
    if event.undone_at.is_some() {
        return Err(Refusal::new(
            "already_undone",
            "この操作は、すでに取り消されています。",
        ));
    }
    if event.actor != command.actor {
        return Err(Refusal::new(
            "not_yours",
            "取り消せるのは、操作した本人だけです。",
        ));
    }
    if event.undo.is_none() {
        return Err(Refusal::new(
            "not_undoable",
            "この操作は、取り消せません。必要なときは、逆の操作をしてください。",
        ));
    }
    if stored.case.version != event.version {
        return Err(Refusal::new(
            "happened_since",
            "このあとに別の操作があったため、取り消せません。今の内容を確かめて、必要な操作をしてください。",
        ));
    }
    if command.at.duration_since(event.at) >= command.within {
        return Err(Refusal::new(
            "too_late",
            "取り消せる時間を過ぎました。必要なときは、逆の操作をしてください。",
        ));
    }
    Ok(event)
}

/// A place that the event gave back may be somebody else's by now.
fn places_are_free(
    tx: &mut Tx,
    program: &Program,
    before: &Stored,
    wanted: &BTreeMap<String, PlaceState>,
) -> Result<Result<(), Refusal>, StoreError> {
    let takes = |state: PlaceState| matches!(state, PlaceState::Held | PlaceState::Offered);
    let tallies = tally::of_program(tx, &before.program_id)?;
    for (id, state) in wanted {
        let from = before.case.places.get(id).copied();
        let takes_again = takes(*state) && !from.is_some_and(takes);
        let Some(course) = program.course(id).filter(|_| takes_again) else {
            continue;
        };
        let tally: Tally = tallies.get(id).copied().unwrap_or_default();
        let hard = course.capacity.kind == CapacityKind::Hard;
        if hard && capacity::places_left(&course.capacity, tally) == 0 {
            return Ok(Err(Refusal::new(
                "place_taken",
                format!(
                    "返した「{}」の枠は、すでに次の方のものになっています。取り消せません。",
                    course.short_title
                ),
            )));
        }
    }
    Ok(Ok(()))
}
