//! Looks at the daily check: notes detections that came late to signed days, and reminds of days that nobody signed by the end of the next
//! business day.
//!
//! Running twice, on one node or on two, reminds once: who was reminded of which day is a row of the transaction that queues the mail.
//!
//! Retry: the next round. Give up: a day that lies more than a week back is no longer reminded of; the sheet goes on showing it.

use std::time::Duration;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use sonae_core::access::{Action, StaffRole};
use sonae_core::calendar::tokyo_date;
use sonae_db::Tx;
use sonae_store::{StoreError, check_day, outbox, staff};

use super::Stop;
use crate::app::App;
use crate::office::checks::compare::compare;
use crate::office::checks::{Who, missed};

const REST: Duration = Duration::from_secs(1_800);
const CLOSED: Duration = Duration::from_secs(60);
/// Days back that are reminded of.
const REMINDED: i32 = 7;

/// One round. Gives how long to rest.
pub async fn run(app: App, _stop: Stop) -> Duration {
    let round = tokio::task::spawn_blocking(move || {
        compare(&app).and_then(|_| remind(&app, app.clock.now()))
    });
    match round.await {
        Ok(Ok(_)) => REST,
        Ok(Err(error)) => {
            tracing::warn!(%error, "the daily checks could not be looked at");
            CLOSED
        }
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}

/// Reminds technicians of their companies and the secretariat of all, once for a day. Gives how many mails were queued.
///
/// # Errors
/// The database could not be read or written.
pub fn remind(app: &App, now: Timestamp) -> Result<u64, StoreError> {
    app.db.write(|tx| {
        let mut queued = 0;
        for (role, action) in [
            (StaffRole::Technician, Action::CheckDetections),
            (StaffRole::Secretariat, Action::ReadChecks),
        ] {
            for person in staff::active_of(tx, role)? {
                queued += remind_one((app, now), tx, &person, action)?;
            }
        }
        Ok(queued)
    })
}

fn remind_one(
    (app, now): (&App, Timestamp),
    tx: &mut Tx,
    person: &staff::Staff,
    action: Action,
) -> Result<u64, StoreError> {
    let today = tokyo_date(now);
    let who = Who {
        id: person.id.clone(),
        role: person.role,
    };
    let earliest = today.saturating_sub(REMINDED.days());
    let mut queued = 0;
    for wait in missed::waiting(tx, &who, action, today)? {
        let due = wait.unsigned > 0 && wait.day >= earliest && is_late(app, wait.day, today);
        if !due || !check_day::remind(tx, wait.day, &person.id, now)? {
            continue;
        }
        let mail = (app.mailer).check_missed(wait.day, (&person.email, &person.name), now);
        if let Some(mail) = mail {
            outbox::put(tx, None, &mail, now, now)?;
            queued += 1;
        }
    }
    Ok(queued)
}

/// Whether the next business day after a day is over, by the calendar of every programme.
fn is_late(app: &App, day: Date, today: Date) -> bool {
    let mut due = app
        .programs
        .iter()
        .map(|running| running.calendar.add_business_days(day, 1));
    due.all(|due| due.is_ok_and(|due| due < today))
}
