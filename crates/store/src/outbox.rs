//! The outbox: mails written in the transaction of the change that causes them, kept word for word.
//!
//! A node that sends takes a lease on a row, sends, and marks it. After a crash between sending and marking the lease runs out and
//! the mail is tried again with the same Message-ID, which receiving servers and readers use to drop the second copy.

use jiff::{SignedDuration, Timestamp};
use sonae_db::{Tx, Value};

use crate::{StoreError, instant, ms};

/// A mail ready to be sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Mail {
    /// UUID version 7.
    pub id: String,
    /// The mail's name in the programme, such as `received`.
    pub mail: String,
    pub recipient: String,
    /// With angle brackets.
    pub message_id: String,
    /// RFC 5322, exactly as it is sent.
    pub content: Vec<u8>,
}

/// A mail that this node holds the lease on.
#[derive(Clone, Debug, PartialEq)]
pub struct Leased {
    pub mail: Mail,
    /// Attempts before this one.
    pub attempts: i64,
}

/// A mail as a page shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    pub mail: Mail,
    pub state: String,
    pub created_at: Timestamp,
    pub sent_at: Option<Timestamp>,
    pub attempts: i64,
    pub last_error: Option<String>,
}

/// Queues a mail to be sent from `at` on.
pub fn put(
    tx: &mut Tx,
    application_id: Option<&str>,
    mail: &Mail,
    at: Timestamp,
) -> Result<(), StoreError> {
    tx.insert_many("outbox", COLUMNS, &[row(application_id, mail, at)])?;
    Ok(())
}

pub(crate) fn put_many(tx: &mut Tx, mails: &[(String, Mail, Timestamp)]) -> Result<(), StoreError> {
    let rows: Vec<Vec<Value>> = mails
        .iter()
        .map(|(id, mail, at)| row(Some(id), mail, *at))
        .collect();
    Ok(tx.insert_many("outbox", COLUMNS, &rows)?)
}

const COLUMNS: &[&str] = &[
    "id",
    "application_id",
    "mail",
    "recipient",
    "message_id",
    "content",
    "state",
    "created_at_ms",
    "due_at_ms",
    "attempts",
];

fn row(application_id: Option<&str>, mail: &Mail, at: Timestamp) -> Vec<Value> {
    vec![
        Value::from(&mail.id),
        Value::from(application_id),
        Value::from(&mail.mail),
        Value::from(&mail.recipient),
        Value::from(&mail.message_id),
        Value::from(mail.content.as_slice()),
        "queued".into(),
        ms(at).into(),
        ms(at).into(),
        0i64.into(),
    ]
}

/// Takes leases on up to `limit` mails that are due at `at`, oldest first; nobody else takes them until `at + lease`.
pub fn lease(
    tx: &mut Tx,
    at: Timestamp,
    lease: SignedDuration,
    limit: u32,
) -> Result<Vec<Leased>, StoreError> {
    let until = ms(at) + lease.as_millis() as i64;
    // Two questions, each answered from the index in its order: one with OR sorted every waiting mail when a million waited.
    let mut rows = tx.query(
        "SELECT id, mail, recipient, message_id, content, attempts FROM outbox
         WHERE state = 'queued' AND due_at_ms <= $1 ORDER BY due_at_ms, id LIMIT $2",
        &[ms(at).into(), limit.into()],
    )?;
    let room = i64::from(limit) - rows.len() as i64;
    rows.extend(tx.query(
        "SELECT id, mail, recipient, message_id, content, attempts FROM outbox
         WHERE state = 'sending' AND leased_until_ms <= $1 ORDER BY due_at_ms, id LIMIT $2",
        &[ms(at).into(), room.into()],
    )?);
    let mut leased = Vec::with_capacity(rows.len());
    for row in rows {
        tx.execute(
            "UPDATE outbox SET state = 'sending', leased_until_ms = $2, attempts = attempts + 1 WHERE id = $1",
            &[row.text(0).into(), until.into()],
        )?;
        leased.push(Leased {
            mail: Mail {
                id: row.text(0).to_owned(),
                mail: row.text(1).to_owned(),
                recipient: row.text(2).to_owned(),
                message_id: row.text(3).to_owned(),
                content: row.bytes(4).to_vec(),
            },
            attempts: row.int(5),
        });
    }
    Ok(leased)
}

/// Marks a mail as handed to the server.
pub fn mark_sent(tx: &mut Tx, id: &str, at: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE outbox SET state = 'sent', sent_at_ms = $2, leased_until_ms = NULL, last_error = NULL WHERE id = $1",
        &[id.into(), ms(at).into()],
    )?;
    Ok(())
}

/// Puts a mail back until `again_at`, or gives it up when there is no next time. `error` is the server's answer without addresses.
pub fn mark_failed(
    tx: &mut Tx,
    id: &str,
    error: &str,
    again_at: Option<Timestamp>,
) -> Result<(), StoreError> {
    let state = if again_at.is_some() {
        "queued"
    } else {
        "failed"
    };
    tx.execute(
        "UPDATE outbox SET state = $2, due_at_ms = COALESCE($3, due_at_ms), leased_until_ms = NULL, last_error = $4
         WHERE id = $1",
        &[id.into(), state.into(), again_at.map(ms).into(), error.into()],
    )?;
    Ok(())
}

/// The mails of an application, oldest first.
pub fn of_application(tx: &mut Tx, application_id: &str) -> Result<Vec<Kept>, StoreError> {
    let rows = tx.query(
        "SELECT id, mail, recipient, message_id, content, state, created_at_ms, sent_at_ms, attempts, last_error
         FROM outbox WHERE application_id = $1 ORDER BY created_at_ms, id LIMIT 1000",
        &[application_id.into()],
    )?;
    rows.iter()
        .map(|row| {
            Ok(Kept {
                mail: Mail {
                    id: row.text(0).to_owned(),
                    mail: row.text(1).to_owned(),
                    recipient: row.text(2).to_owned(),
                    message_id: row.text(3).to_owned(),
                    content: row.bytes(4).to_vec(),
                },
                state: row.text(5).to_owned(),
                created_at: instant(row.int(6))?,
                sent_at: row.opt_int(7).map(instant).transpose()?,
                attempts: row.int(8),
                last_error: row.opt_text(9).map(str::to_owned),
            })
        })
        .collect()
}

/// How many mails stand in each state, for `/metrics`.
pub fn counts(tx: &mut Tx) -> Result<Vec<(String, i64)>, StoreError> {
    let rows = tx.query(
        "SELECT state, COUNT(*) FROM outbox GROUP BY state ORDER BY state",
        &[],
    )?;
    Ok(rows
        .iter()
        .map(|row| (row.text(0).to_owned(), row.int(1)))
        .collect())
}
