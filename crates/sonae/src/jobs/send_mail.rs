//! Sends the mails of the outbox.
//!
//! A round takes a lease on a few rows and, for one after the other, notes that it is handed over, hands it over, and notes the end. What
//! a crash can do at each point:
//! - before the first note: the lease runs out and the mail is sent then;
//! - between the notes: nobody knows whether the server took it (RFC 1047), and the row says so. With `--mail-proof-address` its copy in
//!   the inbox tells (`read_inbox`); without, it is handed over again when the lease has run out, byte for byte under the same
//!   Message-ID, and the office is told that it may have arrived twice. A conversation that breaks off leaves the same doubt;
//! - after the second note: nothing.
//!
//! One row at most is in doubt, because the end of one and the beginning of the next are noted in one transaction. In a folder there is no
//! doubt: the file is found by its Message-ID and not written again.
//!
//! Retry: 1, 5 and 30 minutes, 2 hours, then every 6 hours for about five days. Give up: after that, or at once when the server refuses
//! for good. A mail that was given up stays as `failed`, is counted in `/metrics`, and is never deleted.

use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use sonae_store::StoreError;
use sonae_store::doubt::{self, End};
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
    let over_smtp = matches!(app.transport, Transport::Smtp(_));
    let leased_at = app.clock.now();
    let batch = lease(app, leased_at, limit)?;
    let Some(first) = batch.first() else {
        return Ok(REST);
    };
    let full = batch.len() == limit as usize;
    let mut closed = app.transport.ready().err();
    if closed.is_none() && over_smtp {
        mark(app, &[], Some(first))?;
    }
    let mut done = Vec::with_capacity(batch.len());
    let mut rest = batch.as_slice();
    while let Some((leased, behind)) = rest.split_first() {
        rest = behind;
        let outcome = match &closed {
            Some(failure) => Err(failure.clone()),
            None => app.transport.send(leased),
        };
        if let Err(Failure::Closed(reason) | Failure::Unsure(reason)) = &outcome {
            closed.get_or_insert_with(|| Failure::Closed(reason.clone()));
        }
        done.push((leased, outcome));
        let ends = *stop.borrow() || app.clock.now() > leased_at + LONGEST_ROUND;
        // A file that is written again does no harm, and what did not leave is in no hurry: both are marked at the end.
        if closed.is_none() && over_smtp {
            mark(app, &done, rest.first().filter(|_| !ends))?;
            done.clear();
        }
        if ends {
            break;
        }
    }
    mark(app, &done, None)?;
    put_back(app, rest)?;
    Ok(match closed {
        Some(_) => CLOSED,
        None if full => BREATH,
        None => REST,
    })
}

/// Takes leases; without proof, what is in doubt and no longer held is handed over again.
fn lease(app: &App, at: Timestamp, limit: u32) -> Result<Vec<Leased>, StoreError> {
    let has_proof = app.transport.has_proof();
    app.db.write(|tx| {
        if !has_proof {
            doubt::hand_over_again(tx, at, at, End::Again)?;
        }
        outbox::lease(tx, at, LEASE, limit)
    })
}

/// Marks what became of mails, and which is handed over next, in one transaction.
fn mark(
    app: &App,
    done: &[(&Leased, Result<(), Failure>)],
    next: Option<&Leased>,
) -> Result<(), StoreError> {
    if done.is_empty() && next.is_none() {
        return Ok(());
    }
    let now = app.clock.now();
    let has_proof = app.transport.has_proof();
    app.db.write(|tx| {
        for (leased, outcome) in done {
            let id = &leased.mail.id;
            match outcome {
                Ok(()) => outbox::mark_sent(tx, id, now)?,
                Err(Failure::Unsure(reason)) if has_proof => doubt::leave(tx, id, reason, now)?,
                Err(failure) => {
                    let (reason, again_at) = verdict(failure, leased.attempts, now);
                    outbox::mark_failed(tx, id, reason, again_at)?;
                    if matches!(failure, Failure::Unsure(_)) {
                        doubt::note_again(tx, id)?;
                    }
                }
            }
        }
        if let Some(next) = next {
            doubt::begin(tx, &next.mail.id, now)?;
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
        Failure::Later(reason) | Failure::Closed(reason) | Failure::Unsure(reason) => {
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
