//! What people did with stored cases and what stands in tables of its own: lists before the sponsor, and places that changed hands.

use sonae::app::App;
use sonae_core::access::StaffRole;
use sonae_core::flow::{Actor, ApprovalState, Event};
use sonae_db::Tx;
use sonae_store::act::{self, Command};
use sonae_store::approval::{self, Cause};
use sonae_store::approval_list::{self, MOST_ON_A_LIST, NewList};
use sonae_store::case::{self, Stored};
use sonae_store::{StoreError, audit, instant, ms};

use crate::cases::person;
use crate::measure::numbers;

/// Cases of which proposals stand on lists, at most.
const MOST_PROPOSED: usize = 10_000;
/// Cases that give their place back.
const WITHDRAWN: usize = 200;

/// Stores lists and withdrawals.
pub(crate) fn store(app: &App) -> Result<(), String> {
    let numbers = numbers(app, MOST_PROPOSED)?;
    let stored = |numbers: &[String]| {
        app.db.write(|tx| {
            for program in app.programs.iter() {
                list(tx, program.program.id(), numbers)?;
            }
            Ok::<_, StoreError>(())
        })
    };
    for numbers in numbers.chunks(MOST_ON_A_LIST) {
        stored(numbers).map_err(|error| error.to_string())?;
    }
    for number in numbers.iter().step_by((numbers.len() / WITHDRAWN).max(1)) {
        withdraw(app, number)?;
    }
    Ok(())
}

/// Records the proposals among these cases, puts those of a programme on one list, and records what was decided.
fn list(tx: &mut Tx, program_id: &str, numbers: &[String]) -> Result<(), StoreError> {
    let mut proposed = Vec::new();
    for number in numbers {
        let found = case::by_receipt(tx, number)?;
        proposed
            .extend(found.filter(|stored| {
                stored.program_id == program_id && stored.case.approval.is_some()
            }));
    }
    let Some(first) = proposed.first() else {
        return Ok(());
    };
    let log_index = audit::tail(tx)?.next_index;
    let by = format!("staff:{}", person(StaffRole::Secretariat, 1));
    let at = first.received_at;
    let cause = |event, actor| Cause {
        event,
        actor,
        at,
        log_index,
    };
    for after in &proposed {
        let mut waiting = after.clone();
        if let Some(approval) = &mut waiting.case.approval {
            approval.state = ApprovalState::Proposed;
        }
        approval::record(tx, &without(&waiting), &waiting, cause("proposed", &by))?;
    }
    let applications: Vec<String> = (proposed.iter())
        .map(|stored| stored.application_id.clone())
        .collect();
    let new = NewList {
        id: &format!("{}-list", first.application_id),
        program_id,
        note: "",
        by: &by,
        at: instant(ms(at))?,
        applications: &applications,
    };
    approval_list::hand_over(tx, &new)?;
    let sponsor = format!("staff:{}", person(StaffRole::Sponsor, 1));
    for after in &proposed {
        approval::record(tx, &without(after), after, cause("approved", &sponsor))?;
    }
    Ok(())
}

/// The case before it was proposed.
fn without(stored: &Stored) -> Stored {
    let mut before = stored.clone();
    before.case.approval = None;
    before
}

fn withdraw(app: &App, number: &str) -> Result<(), String> {
    let actor = Actor::Staff {
        id: person(StaffRole::Secretariat, 1),
        role: StaffRole::Secretariat,
    };
    let event = Event::Withdrawn {
        reason: "電話で申し出があったため".to_owned(),
    };
    let done = app.db.write(|tx| {
        let Some(stored) = case::by_receipt(tx, number)? else {
            return Ok(());
        };
        let Some(running) = app.programs.get(&stored.program_id) else {
            return Ok(());
        };
        let command = Command {
            program: &running.program,
            calendar: &running.calendar,
            event: &event,
            actor: &actor,
            at: app.clock.now(),
        };
        // A case that has ended already is passed over.
        act::act(tx, stored, command).map(|_| ())
    });
    done.map_err(|error: StoreError| error.to_string())
}
