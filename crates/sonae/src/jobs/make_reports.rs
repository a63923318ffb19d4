//! Makes what is due of last month's reports, so that nobody presses fifty times, and sends what was approved a while ago. A report waits for the
//! signatures of its month's daily checks, at the latest until the third business day.
//!
//! The round of a month is leased: of several nodes one makes. Running twice makes nothing twice, since a report that is there is not due.
//!
//! Retry: the next round. Give up: never; a report that cannot be made stays due and is seen in the list.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use sonae_core::flow::Actor;
use sonae_core::report::month::Month;
use sonae_store::{StoreError, monthly_report};

use super::Stop;
use crate::app::App;
use crate::office::act::SECOND_THOUGHTS;
use crate::office::reports::{due, make, send};

const REST: Duration = Duration::from_secs(60);
const AFTER_FAILURE: Duration = Duration::from_secs(60);
/// Reports of one piece of work, after which the program may stop.
const PIECE: usize = 20;
/// How long a node has a round for itself; longer than any piece takes.
const LEASE: SignedDuration = SignedDuration::from_mins(10);
/// Mails of one round.
const MOST_SENT: u32 = 200;

/// One round. Gives how long to rest.
pub async fn run(app: App, stop: Stop) -> Duration {
    let month = due::last_month(app.clock.now());
    let made = round(&app, month, &stop).await;
    let sent = send_approved(&app).await;
    match made.and(sent) {
        Ok(_) => REST,
        Err(error) => {
            tracing::warn!(%error, "monthly reports could not be made or sent");
            AFTER_FAILURE
        }
    }
}

/// Makes what is due of a month; gives how many were made.
///
/// # Errors
/// One of the databases could not be read or written.
pub async fn round(app: &App, month: Month, stop: &Stop) -> Result<usize, StoreError> {
    let now = app.clock.now();
    if now < due::made_from(month) {
        return Ok(0);
    }
    let inner = app.clone();
    let numbers = app
        .read(move |tx| due::ready(tx, &inner.programs, (month, now)))
        .await?;
    if numbers.is_empty() {
        return Ok(0);
    }
    let mut count = 0;
    for piece in numbers.chunks(PIECE) {
        let now = app.clock.now();
        let until = now.checked_add(LEASE).unwrap_or(Timestamp::MAX);
        let leased = app.write(move |tx| monthly_report::lease(tx, month, now, until));
        if *stop.borrow() || !leased.await? {
            return Ok(count);
        }
        for (number, made) in
            make::make_all(app, piece.to_vec(), month, (&Actor::System, now)).await?
        {
            match made {
                Ok(_) => count += 1,
                Err(refusal) => {
                    tracing::warn!(case = %number, code = refusal.code, "a monthly report could not be made");
                }
            }
        }
        app.write(move |tx| monthly_report::release(tx, month))
            .await?;
    }
    tracing::info!(%month, count, "monthly reports are made");
    Ok(count)
}

/// Sends what was approved and can no longer be taken back; gives how many.
///
/// # Errors
/// The database could not be read or written.
pub async fn send_approved(app: &App) -> Result<usize, StoreError> {
    let now = app.clock.now();
    let before = now.checked_sub(SECOND_THOUGHTS).unwrap_or(now);
    let ready = app
        .read(move |tx| monthly_report::to_send(tx, before, MOST_SENT))
        .await?;
    let mut count = 0;
    for (number, month) in ready {
        let inner = app.clone();
        let sent = app
            .write(move |tx| send::send_in(&inner, tx, &number, month, now))
            .await?;
        count += usize::from(sent.is_ok());
    }
    Ok(count)
}
