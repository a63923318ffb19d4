//! Compares every case with the outbox: who was not sent what he must have been sent is noted for the office.
//!
//! Running twice, on one node or on two, finds the same. Mails are queued in the transaction of their cause, so what is missing was
//! given up, cancelled, or could not be written: a person decides about it.
//!
//! Retry: the next round. Give up: never.

use std::time::Duration;

use jiff::Timestamp;
use sonae_core::flow::due_mails;
use sonae_store::{StoreError, missing_mail};

use super::Stop;
use crate::app::App;

const REST: Duration = Duration::from_secs(600);
const CLOSED: Duration = Duration::from_secs(60);

/// One round. Gives how long to rest.
pub async fn run(app: App, _stop: Stop) -> Duration {
    let now = app.clock.now();
    let round = tokio::task::spawn_blocking(move || round(&app, now));
    match round.await {
        Ok(Ok(0)) => REST,
        Ok(Ok(missing)) => {
            tracing::warn!(
                missing,
                "cases were not sent mails that they must have been sent"
            );
            REST
        }
        Ok(Err(error)) => {
            tracing::warn!(%error, "cases could not be compared with the outbox");
            CLOSED
        }
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}

/// Compares all programmes and gives how many mails are missing.
///
/// # Errors
/// The database could not be read or written.
pub fn round(app: &App, now: Timestamp) -> Result<u64, StoreError> {
    let mut missing = 0;
    for running in app.programs.iter() {
        let due = due_mails::of_program(&running.program);
        missing += app
            .db
            .write(|tx| missing_mail::reconcile(tx, running.program.id(), &due, now))?;
    }
    Ok(missing)
}
