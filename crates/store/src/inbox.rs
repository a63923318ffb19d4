//! Mails that came in: matched to the case and the mail of ours that they answer, kept as they came, once.

use jiff::Timestamp;
use serde_json::json;
use sonae_db::{Row, Tx, Value};

use crate::audit::{Act, append};
use crate::{StoreError, instant, ms, outbox};

/// What a mail is by its own signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Nature {
    /// A person wrote it.
    Ordinary,
    /// A machine wrote it (RFC 3834). It is never answered.
    Automatic,
    /// A mail of ours came back for good (RFC 3464), with the reason its carrier gave.
    Returned { reason: String },
}

/// A mail out of the folder, not yet matched.
#[derive(Clone, Debug)]
pub struct Arriving {
    /// UUID version 7.
    pub id: String,
    pub nature: Nature,
    pub sender: String,
    pub subject: String,
    pub text: String,
    /// JSON array of `{"name", "bytes"}`.
    pub attachments: String,
    pub raw: Vec<u8>,
    pub raw_is_cut: bool,
    /// Empty when it has none.
    pub message_id: String,
    /// What makes it the same mail when it is read again.
    pub once: String,
    /// Message-IDs it refers to, with angle brackets, the likeliest first; at most [`MOST_ANSWERED`] are looked up.
    pub answers: Vec<String>,
    /// Receipt numbers out of addresses of ours whose signature is right.
    pub receipt_numbers: Vec<String>,
    pub received_at: Timestamp,
}

/// How many Message-IDs of one mail are looked up.
pub const MOST_ANSWERED: usize = 50;

/// The most rows of one list.
const MOST_LISTED: u32 = 500;

/// What became of a mail out of the folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Received {
    /// It was stored before; nothing changed.
    Again,
    Stored {
        /// `reply`, `bounce`, `auto_reply` or `unmatched`.
        kind: &'static str,
        application_id: Option<String>,
    },
}

/// A mail as a page shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    pub id: String,
    pub application_id: Option<String>,
    pub receipt_number: Option<String>,
    /// `reply`, `bounce`, `auto_reply` or `unmatched`.
    pub kind: String,
    pub sender: String,
    pub subject: String,
    pub text: String,
    /// JSON array of `{"name", "bytes"}`.
    pub attachments: String,
    pub raw_is_cut: bool,
    /// The mail of ours that it answers or returns.
    pub outbox_id: Option<String>,
    pub received_at: Timestamp,
    /// `open` while somebody has to say where it belongs, `assigned`, or `set_aside`.
    pub state: String,
    pub decided_by: Option<String>,
    pub decided_at: Option<Timestamp>,
    /// Why it was set aside.
    pub reason: Option<String>,
}

/// Stores a mail with what it means for the mail it answers, unless it was stored before.
pub fn receive(tx: &mut Tx, mail: &Arriving) -> Result<Received, StoreError> {
    let known = tx.query_opt(
        "SELECT id FROM inbox_message WHERE once = $1",
        &[(&mail.once).into()],
    )?;
    if known.is_some() {
        return Ok(Received::Again);
    }
    let answered = answered(tx, &mail.answers)?;
    let application_id = match answered.as_ref().and_then(|(_, about)| about.clone()) {
        Some(about) => Some(about),
        None => by_receipt_numbers(tx, &mail.receipt_numbers)?,
    };
    let outbox_id = answered.map(|(id, _)| id);
    if let (Nature::Returned { reason }, Some(id)) = (&mail.nature, &outbox_id) {
        outbox::mark_bounced(tx, id, reason, mail.received_at)?;
    }
    let matched = application_id.is_some();
    let kind = match (&mail.nature, matched) {
        (Nature::Returned { .. }, _) => "bounce",
        (Nature::Automatic, _) => "auto_reply",
        (Nature::Ordinary, true) => "reply",
        (Nature::Ordinary, false) => "unmatched",
    };
    // A bounce of a mail that belongs to no case is seen at the mail.
    let placed = matched || (kind == "bounce" && outbox_id.is_some());
    let state = if placed { "assigned" } else { "open" };
    insert(
        tx,
        mail,
        (kind, state),
        application_id.as_deref(),
        outbox_id.as_deref(),
    )?;
    let act = Act {
        at: mail.received_at,
        actor: "system",
        action: "inbox.received",
        subject: &mail.id,
    };
    append(
        tx,
        act,
        json!({ "kind": kind, "application": application_id, "answers": outbox_id }),
    )?;
    Ok(Received::Stored {
        kind,
        application_id,
    })
}

fn insert(
    tx: &mut Tx,
    mail: &Arriving,
    (kind, state): (&str, &str),
    application_id: Option<&str>,
    outbox_id: Option<&str>,
) -> Result<(), StoreError> {
    let row = vec![
        Value::from(&mail.id),
        Value::from(application_id),
        kind.into(),
        Value::from(&mail.sender),
        Value::from(&mail.subject),
        Value::from(&mail.text),
        Value::from(&mail.attachments),
        Value::from(mail.raw.as_slice()),
        i64::from(mail.raw_is_cut).into(),
        Value::from(outbox_id),
        Value::from(&mail.message_id),
        Value::from(&mail.once),
        ms(mail.received_at).into(),
        state.into(),
    ];
    let columns = [
        "id",
        "application_id",
        "kind",
        "sender",
        "subject",
        "text",
        "attachments",
        "raw",
        "raw_is_cut",
        "outbox_id",
        "message_id",
        "once",
        "received_at_ms",
        "state",
    ];
    Ok(tx.insert_many("inbox_message", &columns, &[row])?)
}

/// The first of these Message-IDs that is ours: the mail's id and its application.
fn answered(
    tx: &mut Tx,
    message_ids: &[String],
) -> Result<Option<(String, Option<String>)>, StoreError> {
    for message_id in message_ids.iter().take(MOST_ANSWERED) {
        let row = tx.query_opt(
            "SELECT id, application_id FROM outbox WHERE message_id = $1",
            &[message_id.into()],
        )?;
        if let Some(row) = row {
            return Ok(Some((
                row.text(0).to_owned(),
                row.opt_text(1).map(str::to_owned),
            )));
        }
    }
    Ok(None)
}

fn by_receipt_numbers(tx: &mut Tx, numbers: &[String]) -> Result<Option<String>, StoreError> {
    for number in numbers.iter().take(MOST_ANSWERED) {
        let row = tx.query_opt(
            "SELECT id FROM application WHERE receipt_number = $1",
            &[number.into()],
        )?;
        if let Some(row) = row {
            return Ok(Some(row.text(0).to_owned()));
        }
    }
    Ok(None)
}

/// What [`message`] reads.
pub(crate) const MESSAGE: &str = "SELECT id, application_id, kind, sender, subject, text, attachments, raw_is_cut, outbox_id,
    received_at_ms, state, decided_by, decided_at_ms, reason,
    (SELECT receipt_number FROM application WHERE application.id = inbox_message.application_id) FROM inbox_message";

/// The mails of a case, oldest first.
pub fn of_application(tx: &mut Tx, application_id: &str) -> Result<Vec<Message>, StoreError> {
    let rows = tx.query(
        &format!("{MESSAGE} WHERE application_id = $1 ORDER BY received_at_ms, id LIMIT $2"),
        &[application_id.into(), MOST_LISTED.into()],
    )?;
    rows.iter().map(message).collect()
}

/// The mails in a state (`open`, `assigned`, `set_aside`), newest first.
pub fn in_state(tx: &mut Tx, state: &str, limit: u32) -> Result<Vec<Message>, StoreError> {
    let rows = tx.query(
        &format!("{MESSAGE} WHERE state = $1 ORDER BY received_at_ms DESC, id DESC LIMIT $2"),
        &[state.into(), limit.min(MOST_LISTED).into()],
    )?;
    rows.iter().map(message).collect()
}

pub fn find(tx: &mut Tx, id: &str) -> Result<Option<Message>, StoreError> {
    let row = tx.query_opt(&format!("{MESSAGE} WHERE id = $1"), &[id.into()])?;
    row.as_ref().map(message).transpose()
}

/// The bytes as they came, cut off where the row says so.
pub fn raw(tx: &mut Tx, id: &str) -> Result<Option<Vec<u8>>, StoreError> {
    let row = tx.query_opt("SELECT raw FROM inbox_message WHERE id = $1", &[id.into()])?;
    Ok(row.map(|row| row.bytes(0).to_vec()))
}

/// How many wait for somebody to say where they belong.
pub fn open_count(tx: &mut Tx) -> Result<i64, StoreError> {
    let row = tx.query_one(
        "SELECT COUNT(*) FROM inbox_message WHERE state = 'open'",
        &[],
    )?;
    Ok(row.int(0))
}

/// Gives an open mail to a case. `false` when somebody decided before.
pub fn assign(
    tx: &mut Tx,
    id: &str,
    application_id: &str,
    actor: &str,
    at: Timestamp,
) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE inbox_message SET state = 'assigned', application_id = $2, decided_by = $3, decided_at_ms = $4,
                kind = CASE WHEN kind = 'unmatched' THEN 'reply' ELSE kind END
         WHERE id = $1 AND state = 'open'",
        &[id.into(), application_id.into(), actor.into(), ms(at).into()],
    )?;
    if changed == 0 {
        return Ok(false);
    }
    let act = Act {
        at,
        actor,
        action: "inbox.assigned",
        subject: id,
    };
    append(tx, act, json!({ "application": application_id }))?;
    Ok(true)
}

/// Sets an open mail aside with a reason. `false` when somebody decided before.
pub fn set_aside(
    tx: &mut Tx,
    id: &str,
    reason: &str,
    actor: &str,
    at: Timestamp,
) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE inbox_message SET state = 'set_aside', reason = $2, decided_by = $3, decided_at_ms = $4
         WHERE id = $1 AND state = 'open'",
        &[id.into(), reason.into(), actor.into(), ms(at).into()],
    )?;
    if changed == 0 {
        return Ok(false);
    }
    // The reason is somebody's words and stays out of the log, which holds no personal data.
    let act = Act {
        at,
        actor,
        action: "inbox.set_aside",
        subject: id,
    };
    append(tx, act, json!({}))?;
    Ok(true)
}

pub(crate) fn message(row: &Row) -> Result<Message, StoreError> {
    let text = |at: usize| row.text(at).to_owned();
    let maybe = |at: usize| row.opt_text(at).map(str::to_owned);
    Ok(Message {
        id: text(0),
        application_id: maybe(1),
        kind: text(2),
        sender: text(3),
        subject: text(4),
        text: text(5),
        attachments: text(6),
        raw_is_cut: row.int(7) != 0,
        outbox_id: maybe(8),
        received_at: instant(row.int(9))?,
        state: text(10),
        decided_by: maybe(11),
        decided_at: row.opt_int(12).map(instant).transpose()?,
        reason: maybe(13),
        receipt_number: maybe(14),
    })
}
