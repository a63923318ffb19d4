//! The mails of the months that lie behind: each is handed over on its day, so that a case's page tells them in their order.

use jiff::{SignedDuration, Timestamp};
use sonae_store::{StoreError, outbox};

use super::crowd::defect;
use crate::app::App;
use crate::error::CommandError;
use crate::mail::transport::Failure;

/// Rows of one round.
const BATCH: u32 = 500;
const LEASE: SignedDuration = SignedDuration::from_mins(10);

/// Hands over every mail that was due before `until`, as of the moment it was due.
///
/// # Errors
/// The database or the folder of mails cannot be written.
pub(super) fn deliver(app: &App, until: Timestamp) -> Result<(), CommandError> {
    let failed = |failure: Failure| defect(format!("{failure:?}"));
    app.transport.ready().map_err(failed)?;
    loop {
        let batch = (app.db).write(|tx| outbox::lease(tx, until, LEASE, BATCH))?;
        for leased in &batch {
            app.transport.send(leased).map_err(failed)?;
        }
        app.db.write(|tx| {
            for leased in &batch {
                let id = &leased.mail.id;
                let due = outbox::find(tx, id)?.map_or(until, |kept| kept.due_at);
                outbox::mark_sent(tx, id, due)?;
            }
            Ok::<_, StoreError>(())
        })?;
        if batch.len() < BATCH as usize {
            return Ok(());
        }
    }
}
