//! Offers places that became free to those who wait, in the order of the waiting list.
//!
//! One offer is one event in one transaction. Two nodes may try the same: the second finds the place offered already and is refused.
//! A place that came back is offered only after [`SECOND_THOUGHTS`], so that an undo finds it still free.
//!
//! Retry: the next round. Give up: never; who cannot be offered a place yet is asked again the next time.

use std::time::Duration;

use jiff::Timestamp;
use sonae_core::capacity::places_left;
use sonae_core::flow::{Actor, Event};
use sonae_store::{StoreError, case, tally};

use super::Stop;
use crate::app::{App, Running};
use crate::office::act::{Outcome, Request, SECOND_THOUGHTS, act_in};

/// Offers of one round in one course.
const BATCH: usize = 20;
const REST: Duration = Duration::from_secs(60);
const CLOSED: Duration = Duration::from_secs(30);

/// One round. Gives how long to rest.
pub async fn run(app: App, stop: Stop) -> Duration {
    let now = app.clock.now();
    let round = tokio::task::spawn_blocking(move || round(&app, now, &stop));
    match round.await {
        Ok(Ok(_)) => REST,
        Ok(Err(error)) => {
            tracing::warn!(%error, "free places could not be offered");
            CLOSED
        }
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}

/// Offers what is free at `now` and gives how many offers were made.
///
/// # Errors
/// The database could not be read or written; offers made until then stand.
pub fn round(app: &App, now: Timestamp, stop: &Stop) -> Result<usize, StoreError> {
    let settled = now.checked_sub(SECOND_THOUGHTS).unwrap_or(now);
    let mut made = 0;
    for running in app.programs.iter() {
        for _ in 0..BATCH {
            let offered = match *stop.borrow() {
                true => 0,
                false => once(app, running, settled, now)?,
            };
            if offered == 0 {
                break;
            }
            made += offered;
        }
    }
    Ok(made)
}

/// Offers one place in each course that has one, and gives how many.
fn once(
    app: &App,
    running: &Running,
    settled: Timestamp,
    now: Timestamp,
) -> Result<usize, StoreError> {
    let program = &running.program;
    let (first, tallies) = app.db.read(|tx| {
        let first = case::first_waiting(tx, program.id(), settled)?;
        Ok::<_, StoreError>((first, tally::of_program(tx, program.id())?))
    })?;
    let mut made = 0;
    for (course, receipt_number) in first {
        let tally = tallies.get(&course).copied().unwrap_or_default();
        let has_place = |known: &sonae_core::program::program::Course| {
            known.id == course && places_left(&known.capacity, tally) > 0
        };
        if !program.courses().iter().any(has_place) {
            continue;
        }
        let request = Request {
            receipt_number,
            version: None,
            event: Event::Offered {
                course,
                reason: String::new(),
            },
            actor: Actor::System,
        };
        let outcome = app.db.write(|tx| act_in(app, tx, &request, now))?;
        made += usize::from(matches!(outcome, Outcome::Done(_)));
    }
    Ok(made)
}
