//! The outbox: mails written in the transaction of the change that causes them, kept word for word.
//!
//! A node that sends takes a lease on a row, notes that it is being handed over (`doubt`), sends, and marks it. After a crash the lease
//! runs out: what was not begun is sent then, and what was begun is in doubt.
//!
//! A mail may be due later than it was written, so that what caused it can still be undone: until it leaves it can be cancelled. The
//! states are `queued`, `sending`, `sent`, `failed` (given up), `cancelled` (never left) and `bounced` (came back).

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use sonae_db::{Row, Tx, Value};

use crate::audit::{Act, append};
use crate::doubt::{self, End};
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
    /// Since when it may be sent.
    pub due_at: Timestamp,
}

/// A mail as a page shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    pub mail: Mail,
    pub application_id: Option<String>,
    pub receipt_number: Option<String>,
    pub state: String,
    pub created_at: Timestamp,
    /// When it may be tried (again).
    pub due_at: Timestamp,
    pub sent_at: Option<Timestamp>,
    /// When it was cancelled or came back.
    pub ended_at: Option<Timestamp>,
    pub attempts: i64,
    /// Why the last attempt failed, or why it came back.
    pub last_error: Option<String>,
    /// The first mail of which this is a copy.
    pub resend_of: Option<String>,
    /// Who sent the copy, and why.
    pub resent_by: Option<String>,
    pub resend_reason: Option<String>,
    /// Who cancelled it by hand.
    pub cancelled_by: Option<String>,
    /// Since when it is being handed over, while nobody noted the end.
    pub handing_at: Option<Timestamp>,
    /// How a doubt whether it arrived ended.
    pub doubt: Option<End>,
}

/// So long handing a mail over takes at most when nothing happens; afterwards its end is in doubt.
const LONGEST_HANDING: SignedDuration = SignedDuration::from_mins(1);

/// Somebody's wish to send a mail again.
#[derive(Clone, Copy, Debug)]
pub struct Again<'a> {
    /// The kept mail.
    pub id: &'a str,
    /// The same text with an id, a Message-ID and perhaps a recipient of its own.
    pub copy: &'a Mail,
    pub actor: &'a str,
    pub reason: &'a str,
}

impl Kept {
    /// Whether it opens the office to somebody of its staff, and is nobody else's to read.
    pub fn is_to_staff(&self) -> bool {
        self.mail.mail.starts_with("staff_")
    }

    /// Whether it may still be undone: it waits for its hour and nothing was tried.
    pub fn is_held_back(&self, now: Timestamp) -> bool {
        self.state == "queued" && self.attempts == 0 && self.due_at > now
    }

    /// Whether nobody knows if it arrived.
    pub fn is_in_doubt(&self, now: Timestamp) -> bool {
        let begun = self.handing_at.filter(|_| self.state == "sending");
        begun.is_some_and(|begun| begun + LONGEST_HANDING < now)
    }
}

/// Why a mail is not sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotResent {
    Unknown,
    /// It, or a copy of it, has not left yet.
    StillWaiting,
    /// What it says was undone before it left.
    Cancelled,
}

/// What [`kept`] reads.
pub(crate) const KEPT: &str = "SELECT id, mail, recipient, message_id, content, application_id, state, created_at_ms, due_at_ms,
    sent_at_ms, ended_at_ms, attempts, last_error, resend_of, resent_by, resend_reason, cancelled_by,
    handing_at_ms, doubt, (SELECT receipt_number FROM application WHERE application.id = outbox.application_id) FROM outbox";

/// Keeps mails to staff out of every list: their links open the office, and are nobody else's to read.
pub(crate) const NOT_TO_STAFF: &str = "SUBSTR(mail, 1, 6) <> 'staff_'";

/// The most rows that one list of mails holds.
const MOST_LISTED: u32 = 1000;

/// Queues a mail made at `at`, to be sent from `due_at` on; until then it can be cancelled.
pub fn put(
    tx: &mut Tx,
    application_id: Option<&str>,
    mail: &Mail,
    at: Timestamp,
    due_at: Timestamp,
) -> Result<(), StoreError> {
    let row = row(application_id, mail, (at, due_at));
    tx.insert_many("outbox", COLUMNS, &[row])?;
    Ok(())
}

/// Cancels mails that have not left. Gives those that were too late: sent, being sent, given up, or unknown. One that was cancelled
/// before is not too late.
pub fn cancel(tx: &mut Tx, ids: &[String], at: Timestamp) -> Result<Vec<String>, StoreError> {
    let mut too_late = Vec::new();
    for id in ids {
        tx.execute(
            "UPDATE outbox SET state = 'cancelled', ended_at_ms = $2 WHERE id = $1 AND state = 'queued'",
            &[id.into(), ms(at).into()],
        )?;
        let state = tx.query_opt("SELECT state FROM outbox WHERE id = $1", &[id.into()])?;
        if state.is_none_or(|row| row.text(0) != "cancelled") {
            too_late.push(id.clone());
        }
    }
    Ok(too_late)
}

/// Cancels one mail by somebody's hand. `false` when it is too late.
pub fn cancel_by_hand(
    tx: &mut Tx,
    id: &str,
    actor: &str,
    at: Timestamp,
) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE outbox SET state = 'cancelled', ended_at_ms = $2, cancelled_by = $3 WHERE id = $1 AND state = 'queued'",
        &[id.into(), ms(at).into(), actor.into()],
    )?;
    if changed == 0 {
        return Ok(false);
    }
    let act = Act {
        at,
        actor,
        action: "mail.cancelled",
        subject: id,
    };
    append(tx, act, json!({}))?;
    Ok(true)
}

/// Queues another sending of a kept mail, due at once. The copy belongs to the same application; copies of copies are linked to the
/// first. The reason is somebody's words and stays out of the log, which holds no personal data.
pub fn resend(
    tx: &mut Tx,
    again: Again<'_>,
    at: Timestamp,
) -> Result<Result<(), NotResent>, StoreError> {
    let Some(kept) = find(tx, again.id)? else {
        return Ok(Err(NotResent::Unknown));
    };
    let first = kept.resend_of.as_deref().unwrap_or(again.id);
    let waiting = tx.query_one(
        "SELECT COUNT(*) FROM outbox WHERE (id = $1 OR resend_of = $1) AND state IN ('queued', 'sending')",
        &[first.into()],
    )?;
    if waiting.int(0) > 0 {
        return Ok(Err(NotResent::StillWaiting));
    }
    if kept.state == "cancelled" {
        return Ok(Err(NotResent::Cancelled));
    }
    let mut row = row(kept.application_id.as_deref(), again.copy, (at, at));
    row.extend([first.into(), again.actor.into(), again.reason.into()]);
    let columns = [COLUMNS, &["resend_of", "resent_by", "resend_reason"]].concat();
    tx.insert_many("outbox", &columns, &[row])?;
    let act = Act {
        at,
        actor: again.actor,
        action: "mail.resent",
        subject: first,
    };
    append(tx, act, json!({ "copy": again.copy.id }))?;
    Ok(Ok(()))
}

pub(crate) fn put_many(tx: &mut Tx, mails: &[(String, Mail, Timestamp)]) -> Result<(), StoreError> {
    let rows: Vec<Vec<Value>> = mails
        .iter()
        .map(|(id, mail, at)| row(Some(id), mail, (*at, *at)))
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

/// `at` says when it was made and when it is due.
fn row(application_id: Option<&str>, mail: &Mail, at: (Timestamp, Timestamp)) -> Vec<Value> {
    vec![
        Value::from(&mail.id),
        Value::from(application_id),
        Value::from(&mail.mail),
        Value::from(&mail.recipient),
        Value::from(&mail.message_id),
        Value::from(mail.content.as_slice()),
        "queued".into(),
        ms(at.0).into(),
        ms(at.1).into(),
        0i64.into(),
    ]
}

/// Takes leases on up to `limit` mails that are due at `at`, oldest first; nobody else takes them until `at + lease`. Mails in doubt
/// are not among them.
pub fn lease(
    tx: &mut Tx,
    at: Timestamp,
    lease: SignedDuration,
    limit: u32,
) -> Result<Vec<Leased>, StoreError> {
    let until = ms(at) + lease.as_millis() as i64;
    // Two questions, each answered from the index in its order: one with OR sorted every waiting mail when a million waited.
    let mut rows = tx.query(
        "SELECT id, mail, recipient, message_id, content, attempts, due_at_ms FROM outbox
         WHERE state = 'queued' AND due_at_ms <= $1 ORDER BY due_at_ms, id LIMIT $2",
        &[ms(at).into(), limit.into()],
    )?;
    let room = i64::from(limit) - rows.len() as i64;
    rows.extend(tx.query(
        "SELECT id, mail, recipient, message_id, content, attempts, due_at_ms FROM outbox
         WHERE state = 'sending' AND leased_until_ms <= $1 AND handing_at_ms IS NULL ORDER BY due_at_ms, id LIMIT $2",
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
            due_at: instant(row.int(6))?,
        });
    }
    Ok(leased)
}

/// Marks a mail as handed to the server.
pub fn mark_sent(tx: &mut Tx, id: &str, at: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE outbox SET state = 'sent', sent_at_ms = $2, leased_until_ms = NULL, handing_at_ms = NULL, last_error = NULL
         WHERE id = $1 AND state <> 'bounced'",
        &[id.into(), ms(at).into()],
    )?;
    Ok(())
}

/// Puts a mail back until `again_at`, or gives it up when there is no next time; what is known to have arrived stays so. `error` is the server's answer without addresses.
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
        "UPDATE outbox SET state = $2, due_at_ms = COALESCE($3, due_at_ms), leased_until_ms = NULL, handing_at_ms = NULL,
                last_error = $4
         WHERE id = $1 AND state NOT IN ('bounced', 'sent')",
        &[id.into(), state.into(), again_at.map(ms).into(), error.into()],
    )?;
    Ok(())
}

/// Marks a mail that came back, with the reason its carrier gave. `false` when it never left or came back before.
pub fn mark_bounced(
    tx: &mut Tx,
    id: &str,
    reason: &str,
    at: Timestamp,
) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE outbox SET state = 'bounced', ended_at_ms = $3, last_error = $2, leased_until_ms = NULL,
                handing_at_ms = NULL
         WHERE id = $1 AND state IN ('sent', 'sending')",
        &[id.into(), reason.into(), ms(at).into()],
    )?;
    Ok(changed > 0)
}

/// The mails of an application, oldest first.
pub fn of_application(tx: &mut Tx, application_id: &str) -> Result<Vec<Kept>, StoreError> {
    let rows = tx.query(
        &format!("{KEPT} WHERE application_id = $1 ORDER BY created_at_ms, id LIMIT $2"),
        &[application_id.into(), MOST_LISTED.into()],
    )?;
    rows.iter().map(kept).collect()
}

/// The copies of a mail, oldest first.
pub fn copies(tx: &mut Tx, id: &str) -> Result<Vec<Kept>, StoreError> {
    let rows = tx.query(
        &format!("{KEPT} WHERE resend_of = $1 ORDER BY created_at_ms, id LIMIT $2"),
        &[id.into(), MOST_LISTED.into()],
    )?;
    rows.iter().map(kept).collect()
}

/// The mails in a state, the latest due first, without those to staff.
pub fn in_state(tx: &mut Tx, state: &str, limit: u32) -> Result<Vec<Kept>, StoreError> {
    let rows = tx.query(
        &format!(
            "{KEPT} WHERE {NOT_TO_STAFF} AND state = $1 ORDER BY due_at_ms DESC, id DESC LIMIT $2"
        ),
        &[state.into(), limit.min(MOST_LISTED).into()],
    )?;
    rows.iter().map(kept).collect()
}

/// One mail as it was written.
pub fn find(tx: &mut Tx, id: &str) -> Result<Option<Kept>, StoreError> {
    let row = tx.query_opt(&format!("{KEPT} WHERE id = $1"), &[id.into()])?;
    row.as_ref().map(kept).transpose()
}

pub(crate) fn kept(row: &Row) -> Result<Kept, StoreError> {
    let text = |at: usize| row.opt_text(at).map(str::to_owned);
    let (handing_at, doubt) = doubt::columns(row.opt_int(17), row.opt_text(18))?;
    Ok(Kept {
        mail: Mail {
            id: row.text(0).to_owned(),
            mail: row.text(1).to_owned(),
            recipient: row.text(2).to_owned(),
            message_id: row.text(3).to_owned(),
            content: row.bytes(4).to_vec(),
        },
        application_id: text(5),
        state: row.text(6).to_owned(),
        created_at: instant(row.int(7))?,
        due_at: instant(row.int(8))?,
        sent_at: row.opt_int(9).map(instant).transpose()?,
        ended_at: row.opt_int(10).map(instant).transpose()?,
        attempts: row.int(11),
        last_error: text(12),
        resend_of: text(13),
        resent_by: text(14),
        resend_reason: text(15),
        cancelled_by: text(16),
        handing_at,
        doubt,
        receipt_number: text(19),
    })
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
