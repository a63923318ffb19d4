//! Acts on clocks that ran out: reminders, calls to make, offers that lapse.
//!
//! Each clock is one event in one transaction, through the same door as what people do. Two nodes may find the same clock: the second
//! is refused, because the first one's event stands in the case. What a crash leaves undone is found by the next round.
//!
//! Retry: when the database does not answer, half a minute later. Give up: a clock from which nothing follows is noted as looked at.

use std::time::Duration;

use jiff::Timestamp;
use sonae_core::flow::{Actor, Event, WAITS_FOR_CORRECTION};
use sonae_store::StoreError;
use sonae_store::clock::{self, RanOut};

use super::Stop;
use crate::app::App;
use crate::office::act::{Outcome, Request, act_in};

/// Clocks of one round.
const BATCH: u32 = 100;
const REST: Duration = Duration::from_secs(20);
const CLOSED: Duration = Duration::from_secs(30);

/// One round. Gives how long to rest.
pub async fn run(app: App, stop: Stop) -> Duration {
    let now = app.clock.now();
    let round = tokio::task::spawn_blocking(move || round(&app, now, &stop));
    match round.await {
        Ok(Ok(acted)) if acted == BATCH as usize => Duration::ZERO,
        Ok(Ok(_)) => REST,
        Ok(Err(error)) => {
            tracing::warn!(%error, "clocks that ran out could not be acted on");
            CLOSED
        }
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}

/// Acts on what ran out by `now`, at most [`BATCH`] clocks, and gives how many.
///
/// # Errors
/// The database could not be read or written; what was acted on until then stands.
pub fn round(app: &App, now: Timestamp, stop: &Stop) -> Result<usize, StoreError> {
    let waiting = app.db.read(|tx| clock::ran_out(tx, now, BATCH))?;
    for ran_out in &waiting {
        if *stop.borrow() {
            break;
        }
        one(app, ran_out, now)?;
    }
    Ok(waiting.len())
}

fn one(app: &App, ran_out: &RanOut, now: Timestamp) -> Result<(), StoreError> {
    let event = match ran_out.clock.strip_prefix("offer.") {
        Some(course) => Event::OfferLapsed {
            course: course.to_owned(),
        },
        None => Event::ClockRanOut {
            clock: ran_out.clock.clone(),
        },
    };
    let request = Request {
        receipt_number: ran_out.receipt_number.clone(),
        version: None,
        event,
        actor: Actor::System,
    };
    app.db.write(|tx| match act_in(app, tx, &request, now)? {
        Outcome::Done(_) => Ok(()),
        // Asked for between looking and acting: found again when the correction is over.
        Outcome::Refused(refusal) if refusal.code == WAITS_FOR_CORRECTION => Ok(()),
        Outcome::Refused(refusal) => {
            tracing::info!(
                receipt = ran_out.receipt_number,
                clock = ran_out.clock,
                code = refusal.code,
                "nothing follows"
            );
            clock::nothing_follows(tx, ran_out)
        }
        Outcome::Conflict(_) | Outcome::Unknown => clock::nothing_follows(tx, ran_out),
    })
}
