//! Taking back what somebody just did, in one transaction: the case stands as before, and the mails that were to leave do not.

use jiff::Timestamp;
use sonae_core::flow::Refusal;
use sonae_db::Tx;
use sonae_store::StoreError;
use sonae_store::case::{self, Stored};
use sonae_store::case_event::{self, Recorded};
use sonae_store::outbox::{self, Kept};
use sonae_store::undo::{self, Command};

use super::act::SECOND_THOUGHTS;
use super::revisions;
use crate::app::App;
use crate::mail;

/// Who takes back what.
#[derive(Clone, Debug)]
pub struct Request {
    /// In its written form.
    pub receipt_number: String,
    /// The version that the event made.
    pub version: i64,
    /// As the records name who did it; nobody else may take it back.
    pub actor: String,
}

/// What came of it.
#[derive(Debug)]
pub enum Outcome {
    Done {
        event: Box<Recorded>,
        after: Box<Stored>,
        /// How many mails do not leave.
        mails: usize,
    },
    Refused(Refusal),
    Unknown,
}

/// Takes back the last event of a case in a transaction of its own.
///
/// # Errors
/// The database could not be written; nothing has changed.
pub async fn undo(app: &App, request: Request) -> Result<Outcome, StoreError> {
    let inner = app.clone();
    app.write(move |tx| undo_in(&inner, tx, &request, inner.clock.now()))
        .await
}

/// The same in the caller's transaction.
///
/// # Errors
/// The database could not be written; the transaction is to be dropped.
pub fn undo_in(
    app: &App,
    tx: &mut Tx,
    request: &Request,
    at: Timestamp,
) -> Result<Outcome, StoreError> {
    let Some(before) = case::by_receipt(tx, &request.receipt_number)? else {
        return Ok(Outcome::Unknown);
    };
    let running = revisions::of(app, tx, &before.revision)?;
    let command = Command {
        program: &running.program,
        version: request.version,
        actor: &request.actor,
        at,
        within: SECOND_THOUGHTS,
    };
    let events = case_event::of_application(tx, &before.application_id)?;
    let event = match undo::open_to_undo(&before, &events, command) {
        Ok(event) => event,
        Err(refusal) => return Ok(Outcome::Refused(refusal)),
    };
    let queued = of_event(tx, &before, event)?;
    // Asked before anything is written; nobody can send one while this transaction runs.
    if queued
        .iter()
        .any(|kept| !["queued", "cancelled"].contains(&kept.state.as_str()))
    {
        return Ok(Outcome::Refused(Refusal::new(
            "mail_left",
            "この操作のメールがすでに送られたため、取り消せません。必要なときは、逆の操作をして、企業にご連絡ください。",
        )));
    }
    match undo::undo(tx, &before, command)? {
        Err(refusal) => Ok(Outcome::Refused(refusal)),
        Ok(undone) => {
            let ids: Vec<String> = queued.into_iter().map(|kept| kept.mail.id).collect();
            outbox::cancel(tx, &ids, at)?;
            Ok(Outcome::Done {
                event: Box::new(undone.event),
                after: Box::new(undone.after),
                mails: ids.len(),
            })
        }
    }
}

/// The mails that an event queued.
fn of_event(tx: &mut Tx, stored: &Stored, event: &Recorded) -> Result<Vec<Kept>, StoreError> {
    let id = &stored.application_id;
    let mut mails = outbox::of_application(tx, id)?;
    mails.retain(|kept| {
        let of_it = mail::id_of_event(&kept.mail.mail, id, event.version, event.at);
        kept.mail.id == of_it
    });
    Ok(mails)
}
