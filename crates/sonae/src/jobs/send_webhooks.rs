//! Tells other systems what happened: posts the deliveries that are due.
//!
//! A round takes a lease on a few rows, posts each, and marks it at once. What a crash can do: between posting and marking, the lease
//! runs out and the delivery is posted again with the same `webhook-id`, by which a receiver drops the second copy.
//!
//! Retry: after 5 seconds, 5 and 30 minutes, 2, 5, 10, 14, 20 and 24 hours, about three days in all, as Standard Webhooks proposes. A
//! receiver that cannot be reached is left alone for the rest of the round. Give up: after the last of these, or at once when it says
//! 410 Gone; a delivery that was given up stays as `failed` and is shown to the office.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use sonae_store::StoreError;
use sonae_store::webhook::{self, Attempt, Leased};

use super::Stop;
use crate::app::App;
use crate::webhook::client::Failure;

/// How long a row belongs to this node: far longer than a batch of the slowest receivers takes.
const LEASE: SignedDuration = SignedDuration::from_mins(10);
const BATCH: u32 = 20;
const REST: Duration = Duration::from_secs(1);
const CLOSED: Duration = Duration::from_secs(30);
/// How long a delivery waits that was not tried because its receiver did not answer another one.
const UNTRIED: SignedDuration = SignedDuration::from_mins(1);

/// Waits after each failure; after the last of them it is given up.
const WAITS: [SignedDuration; 9] = [
    SignedDuration::from_secs(5),
    SignedDuration::from_mins(5),
    SignedDuration::from_mins(30),
    SignedDuration::from_hours(2),
    SignedDuration::from_hours(5),
    SignedDuration::from_hours(10),
    SignedDuration::from_hours(14),
    SignedDuration::from_hours(20),
    SignedDuration::from_hours(24),
];

/// One round. Gives how long to rest.
pub async fn run(app: App, stop: Stop) -> Duration {
    let round = tokio::task::spawn_blocking(move || round(&app, &stop));
    match round.await {
        Ok(Ok(full)) => match full {
            true => Duration::ZERO,
            false => REST,
        },
        Ok(Err(error)) => {
            tracing::warn!(%error, "webhooks could not be read or marked");
            CLOSED
        }
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}

/// Posts what is due; whether more may be.
fn round(app: &App, stop: &Stop) -> Result<bool, StoreError> {
    let now = app.clock.now();
    // Most of the time nothing is due, and reading holds nobody up.
    if !app.db.read(|tx| webhook::is_due(tx, now))? {
        return Ok(false);
    }
    let batch = app.db.write(|tx| webhook::lease(tx, now, LEASE, BATCH))?;
    let mut silent = BTreeSet::new();
    for leased in &batch {
        let left_alone = *stop.borrow() || silent.contains(&leased.webhook_id);
        let outcome = match left_alone {
            true => None,
            false => Some(app.webhooks.post(leased, app.clock.now())),
        };
        if let Some(Err(Failure::Unreached(_))) = &outcome {
            silent.insert(leased.webhook_id.clone());
        }
        let now = app.clock.now();
        let (attempt, result) = verdict(leased, outcome.as_ref(), now);
        app.db
            .write(|tx| webhook::mark(tx, leased, attempt, &result, now))?;
        if matches!(attempt, Attempt::Again(_) | Attempt::GivenUp) {
            let given_up = attempt == Attempt::GivenUp;
            tracing::warn!(
                webhook = leased.webhook_id,
                event = leased.event_id,
                result,
                given_up,
                "a webhook was not told"
            );
        }
    }
    Ok(batch.len() == BATCH as usize)
}

/// What becomes of a delivery; `outcome` is none when it was not tried.
fn verdict(
    leased: &Leased,
    outcome: Option<&Result<u16, Failure>>,
    now: Timestamp,
) -> (Attempt, String) {
    let after = |wait: SignedDuration| now.checked_add(wait).unwrap_or(Timestamp::MAX);
    match outcome {
        None => (
            Attempt::Untried(after(UNTRIED)),
            "put back untried".to_owned(),
        ),
        Some(Ok(status)) => (Attempt::Sent, format!("HTTP {status}")),
        Some(Err(failure @ Failure::Gone)) => (Attempt::GivenUp, failure.text()),
        Some(Err(failure)) => {
            let wait = usize::try_from(leased.attempts)
                .ok()
                .and_then(|made| WAITS.get(made));
            let attempt = wait.map_or(Attempt::GivenUp, |wait| Attempt::Again(after(*wait)));
            (attempt, failure.text())
        }
    }
}
