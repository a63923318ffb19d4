//! What happened to cases: written with the change, the audit entry and the mails, in one transaction.

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use sonae_core::audit::hex;
use sonae_db::Tx;

use crate::audit::{self, Act};
use crate::webhook::{self, Subject};
use crate::{StoreError, instant, ms};

/// An event to be recorded.
#[derive(Clone, Debug)]
pub struct NewEvent<'a> {
    pub application_id: &'a str,
    pub program_id: &'a str,
    pub receipt_number: &'a str,
    /// The case's version after it.
    pub version: i64,
    pub at: Timestamp,
    pub actor: &'a str,
    /// The event's word.
    pub event: &'a str,
    /// JSON of the event.
    pub data: &'a str,
    /// Where the case stood and stands: step ids and status, for the audit log.
    pub from: &'a str,
    pub to: &'a str,
    /// JSON of what undo needs.
    pub undo: Option<String>,
}

/// An event as it was recorded.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    pub version: i64,
    pub at: Timestamp,
    pub actor: String,
    pub event: String,
    /// JSON of `core::flow::Event`.
    pub data: String,
    pub log_index: i64,
    pub undo: Option<String>,
    pub undone_at: Option<Timestamp>,
}

/// The most events of one case that are read at once.
const MOST_EVENTS: i64 = 2_000;

/// Records an event with its audit entry and its webhooks. Both hold no personal data: the event itself is bound by its hash.
pub fn record(tx: &mut Tx, new: &NewEvent<'_>) -> Result<i64, StoreError> {
    let action = format!("case.{}", new.event);
    let act = Act {
        at: new.at,
        actor: new.actor,
        action: &action,
        subject: new.application_id,
    };
    let data = serde_json::json!({
        "receipt_number": new.receipt_number,
        "version": new.version,
        "from": new.from,
        "to": new.to,
        "event_sha256": hex(&Sha256::digest(new.data)),
    });
    let bound = audit::append(tx, act, data)?;
    tx.execute(
        "INSERT INTO case_event (application_id, version, at_ms, actor, event, data, log_index, undo)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        &[
            new.application_id.into(),
            new.version.into(),
            ms(new.at).into(),
            new.actor.into(),
            new.event.into(),
            new.data.into(),
            bound.index.into(),
            new.undo.clone().into(),
        ],
    )?;
    let (state, step) = new.to.split_once(':').unwrap_or((new.to, ""));
    let subject = Subject {
        receipt_number: new.receipt_number,
        program: new.program_id,
        step,
        state,
        version: new.version,
    };
    webhook::queue(tx, &[(&action, subject, new.at)])?;
    Ok(bound.index)
}

/// The events of a case, oldest first.
pub fn of_application(tx: &mut Tx, application_id: &str) -> Result<Vec<Recorded>, StoreError> {
    let rows = tx.query(
        "SELECT version, at_ms, actor, event, data, log_index, undo, undone_at_ms FROM case_event
         WHERE application_id = $1 ORDER BY version LIMIT $2",
        &[application_id.into(), MOST_EVENTS.into()],
    )?;
    rows.iter()
        .map(|row| {
            Ok(Recorded {
                version: row.int(0),
                at: instant(row.int(1))?,
                actor: row.text(2).to_owned(),
                event: row.text(3).to_owned(),
                data: row.text(4).to_owned(),
                log_index: row.int(5),
                undo: row.opt_text(6).map(str::to_owned),
                undone_at: row.opt_int(7).map(instant).transpose()?,
            })
        })
        .collect()
}

/// Marks an event as undone.
pub fn mark_undone(
    tx: &mut Tx,
    application_id: &str,
    version: i64,
    at: Timestamp,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE case_event SET undone_at_ms = $3 WHERE application_id = $1 AND version = $2",
        &[application_id.into(), version.into(), ms(at).into()],
    )?;
    Ok(())
}
