//! Cases that were not sent a mail which they must have been sent, by where they stand.
//!
//! A mail counts as sent while it waits, is on its way, left, or came back: what came back is told elsewhere. One that was given up or
//! cancelled, or was never made, is missing.

use jiff::Timestamp;
use sonae_core::flow::due_mails::{DueMail, Standing};
use sonae_db::{Tx, Value};

use crate::{StoreError, instant, ms};

/// A mail that is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    pub application_id: String,
    pub receipt_number: String,
    pub program_id: String,
    pub name: String,
    /// Its name in the programme.
    pub mail: String,
    pub found_at: Timestamp,
}

/// Most cases that one reconciliation notes for one mail; a defect of this size is seen without the rest.
const MOST: i64 = 500;

/// Compares the cases of a programme with the outbox and notes what is missing; what was found before and is sent now is forgotten.
/// Gives how many mails are missing.
pub fn reconcile(
    tx: &mut Tx,
    program_id: &str,
    due: &[DueMail],
    at: Timestamp,
) -> Result<u64, StoreError> {
    let mut missing = Vec::new();
    for due in due {
        missing.extend(without(tx, program_id, due)?);
    }
    let known = list_of(tx, program_id)?;
    for known in &known {
        let still =
            |(id, mail): &(String, String)| *id == known.application_id && *mail == known.mail;
        if !missing.iter().any(still) {
            forget(tx, &known.application_id, &known.mail)?;
        }
    }
    for (application_id, mail) in &missing {
        tx.execute(
            "INSERT INTO missing_mail (application_id, mail, found_at_ms) VALUES ($1, $2, $3)
             ON CONFLICT (application_id, mail) DO NOTHING",
            &[application_id.into(), mail.into(), ms(at).into()],
        )?;
    }
    Ok(missing.len() as u64)
}

/// Application ids and the mail's name.
fn without(
    tx: &mut Tx,
    program_id: &str,
    due: &DueMail,
) -> Result<Vec<(String, String)>, StoreError> {
    let mut values: Vec<Value> = vec![program_id.into(), (&due.mail).into(), MOST.into()];
    let standing = match &due.standing {
        Standing::Received => "1 = 1",
        Standing::At(step) => {
            values.push(step.into());
            "f.status = 'open' AND f.step = $4"
        }
        Standing::Ended(status) => {
            values.push(status.as_str().into());
            "f.status = $4"
        }
        Standing::Correcting => "f.status = 'open' AND f.correcting = 1",
        Standing::Offered => {
            "EXISTS (SELECT 1 FROM place p WHERE p.application_id = f.application_id AND p.state = 'offered')"
        }
    };
    let rows = tx.query(
        &format!(
            "SELECT f.application_id FROM case_file f WHERE f.program_id = $1 AND {standing}
               AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.application_id = f.application_id AND o.mail = $2
                 AND o.state IN ('queued', 'sending', 'sent', 'bounced'))
             ORDER BY f.application_id LIMIT $3"
        ),
        &values,
    )?;
    let found = rows
        .iter()
        .map(|row| (row.text(0).to_owned(), due.mail.clone()));
    Ok(found.collect())
}

/// No longer missed.
pub fn forget(tx: &mut Tx, application_id: &str, mail: &str) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM missing_mail WHERE application_id = $1 AND mail = $2",
        &[application_id.into(), mail.into()],
    )?;
    Ok(())
}

/// Whether a mail of a case is missed.
pub fn is_missing(tx: &mut Tx, application_id: &str, mail: &str) -> Result<bool, StoreError> {
    let row = tx.query_opt(
        "SELECT 1 FROM missing_mail WHERE application_id = $1 AND mail = $2",
        &[application_id.into(), mail.into()],
    )?;
    Ok(row.is_some())
}

/// How many mails the last reconciliation missed.
pub fn count(tx: &mut Tx) -> Result<i64, StoreError> {
    Ok(tx
        .query_one("SELECT COUNT(*) FROM missing_mail", &[])?
        .int(0))
}

/// What is missing, the oldest finding first.
pub fn list(tx: &mut Tx, limit: u32) -> Result<Vec<Missing>, StoreError> {
    select(tx, "1 = 1", vec![i64::from(limit).into()])
}

fn list_of(tx: &mut Tx, program_id: &str) -> Result<Vec<Missing>, StoreError> {
    select(
        tx,
        "f.program_id = $2",
        vec![i64::MAX.into(), program_id.into()],
    )
}

fn select(tx: &mut Tx, condition: &str, values: Vec<Value>) -> Result<Vec<Missing>, StoreError> {
    let rows = tx.query(
        &format!(
            "SELECT m.application_id, f.receipt_number, f.program_id, f.name, m.mail, m.found_at_ms
             FROM missing_mail m JOIN case_file f ON f.application_id = m.application_id
             WHERE {condition} ORDER BY m.found_at_ms, f.receipt_number, m.mail LIMIT $1"
        ),
        &values,
    )?;
    rows.iter()
        .map(|row| {
            Ok(Missing {
                application_id: row.text(0).to_owned(),
                receipt_number: row.text(1).to_owned(),
                program_id: row.text(2).to_owned(),
                name: row.text(3).to_owned(),
                mail: row.text(4).to_owned(),
                found_at: instant(row.int(5))?,
            })
        })
        .collect()
}
