//! Sends the mails of the outbox.
//!
//! A round takes a lease on a few rows, sends, and marks each. What a crash can do at each point:
//! - before sending: the lease runs out and the mail is sent then;
//! - between sending and marking: the lease runs out and the mail is sent again, byte for byte with the same Message-ID, by which
//!   receiving servers and readers drop the second copy (SMTP has no better promise: RFC 1047). One row at most is in this state,
//!   because over SMTP each is marked before the next is sent. In a folder the file is found by its Message-ID and not written again;
//! - after marking: nothing.
//!
//! Retry: 1, 5 and 30 minutes, 2 hours, then every 6 hours for about five days. Give up: after that, or at once when the server refuses
//! for good. A mail that was given up stays as `failed`, is counted in `/metrics`, and is never deleted.

use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use sonae_store::StoreError;
use sonae_store::outbox::{self, Leased};

use super::Stop;
use crate::app::App;
use crate::mail::transport::{Failure, Transport};

/// How long a row belongs to this node: far longer than a batch may take.
const LEASE: SignedDuration = SignedDuration::from_mins(10);
/// After so long the rest of the batch is put back, well before the lease ends.
const LONGEST_ROUND: SignedDuration = SignedDuration::from_mins(5);
/// Rows of one round over SMTP, and into a folder.
const BATCH: (u32, u32) = (20, 100);
const REST: Duration = Duration::from_secs(1);
/// Between two full rounds: visitors who submit at this moment come first.
const BREATH: Duration = Duration::from_millis(50);
/// The longest that mails wait for a queue at the door to be served.
const COURTESY: Duration = Duration::from_secs(10);
/// How long the job rests when no mail can leave.
const CLOSED: Duration = Duration::from_secs(30);

/// Waits after the first failures, then [`LATER`] each time.
const WAITS: [SignedDuration; 4] = [
    SignedDuration::from_mins(1),
    SignedDuration::from_mins(5),
    SignedDuration::from_mins(30),
    SignedDuration::from_hours(2),
];
const LATER: SignedDuration = SignedDuration::from_hours(6);
/// With these waits the last attempt is made about five days after the first.
const MOST_ATTEMPTS: i64 = 24;

/// One round. Gives how long to rest.
pub async fn run(app: App, stop: Stop) -> Duration {
    // Whoever stands at the door comes first: a mail can wait some seconds, and both need the disk and the one writer.
    let until = Instant::now() + COURTESY;
    while app.intake.waiting() > 0 && Instant::now() < until && !*stop.borrow() {
        tokio::time::sleep(BREATH).await;
    }
    let round = tokio::task::spawn_blocking(move || round(&app, &stop));
    match round.await {
        Ok(Ok(rest)) => rest,
        Ok(Err(error)) => {
            tracing::warn!(%error, "the outbox could not be read or marked");
            CLOSED
        }
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}

fn round(app: &App, stop: &Stop) -> Result<Duration, StoreError> {
    let limit = match app.transport {
        Transport::Smtp(_) => BATCH.0,
        Transport::Folder(_) => BATCH.1,
    };
    let leased_at = app.clock.now();
    let batch = app
        .db
        .write(|tx| outbox::lease(tx, leased_at, LEASE, limit))?;
    if batch.is_empty() {
        return Ok(REST);
    }
    let full = batch.len() == limit as usize;
    let mut closed = app.transport.ready().err();
    let mut done = Vec::with_capacity(batch.len());
    let mut rest = batch.iter();
    for leased in rest.by_ref() {
        let outcome = match &closed {
            Some(failure) => Err(failure.clone()),
            None => app.transport.send(leased),
        };
        if let Err(failure @ Failure::Closed(_)) = &outcome {
            closed = Some(failure.clone());
        }
        done.push((leased, outcome));
        // A file that is written again does no harm, and what did not leave is in no hurry: both are marked at the end.
        if closed.is_none() && matches!(app.transport, Transport::Smtp(_)) {
            mark(app, &done)?;
            done.clear();
        }
        if *stop.borrow() || app.clock.now() > leased_at + LONGEST_ROUND {
            break;
        }
    }
    mark(app, &done)?;
    put_back(app, rest.as_slice())?;
    Ok(match closed {
        Some(_) => CLOSED,
        None if full => BREATH,
        None => REST,
    })
}

/// Marks what became of mails, in one transaction.
fn mark(app: &App, done: &[(&Leased, Result<(), Failure>)]) -> Result<(), StoreError> {
    if done.is_empty() {
        return Ok(());
    }
    let now = app.clock.now();
    app.db.write(|tx| {
        for (leased, outcome) in done {
            let id = &leased.mail.id;
            match outcome {
                Ok(()) => outbox::mark_sent(tx, id, now)?,
                Err(failure) => {
                    let (reason, again_at) = verdict(failure, leased.attempts, now);
                    outbox::mark_failed(tx, id, reason, again_at)?;
                }
            }
        }
        Ok::<_, StoreError>(())
    })?;
    for (leased, outcome) in done {
        if let Err(failure) = outcome {
            let (reason, again_at) = verdict(failure, leased.attempts, now);
            tracing::warn!(
                outbox = leased.mail.id,
                reason,
                given_up = again_at.is_none(),
                "a mail was not sent"
            );
        }
    }
    Ok(())
}

/// Gives up the leases on mails that were not tried.
fn put_back(app: &App, leased: &[Leased]) -> Result<(), StoreError> {
    if leased.is_empty() {
        return Ok(());
    }
    let now = app.clock.now();
    app.db.write(|tx| {
        for leased in leased {
            outbox::mark_failed(tx, &leased.mail.id, "put back untried", Some(now))?;
        }
        Ok(())
    })
}

/// The reason to keep, and when to try again; none to give up. `attempts` were made before the failed one.
fn verdict(failure: &Failure, attempts: i64, now: Timestamp) -> (&str, Option<Timestamp>) {
    match failure {
        Failure::Never(reason) => (reason, None),
        Failure::Later(reason) | Failure::Closed(reason) => {
            let wait = usize::try_from(attempts)
                .ok()
                .and_then(|attempts| WAITS.get(attempts))
                .unwrap_or(&LATER);
            let again = (attempts + 1 < MOST_ATTEMPTS)
                .then(|| now.checked_add(*wait).unwrap_or(Timestamp::MAX));
            (reason, again)
        }
    }
}

#[cfg(test)]
mod tests;
