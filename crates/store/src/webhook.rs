//! Webhooks: other systems are told what happened, by rows written in the transaction of the event and sent by a job.
//!
//! What is told holds no personal data: the event, the receipt number, the programme, the time, the step and the state.

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde_json::json;
use sonae_core::audit::at_text;
use sonae_core::program::Program;
use sonae_db::{Row, Tx, Value};

use crate::audit::{Act, append};
use crate::case::Stored;
use crate::{StoreError, instant, ms};

/// The most webhooks of an installation.
pub const MOST: u32 = 20;
/// The most deliveries of one list.
const MOST_LISTED: u32 = 500;

/// A receiver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    /// UUID version 7.
    pub id: String,
    pub url: String,
    /// The key of the signature, 32 bytes.
    pub secret: Vec<u8>,
    /// Names of events; one that ends in `*` means every name that begins so.
    pub events: Vec<String>,
    pub active: bool,
    pub note: String,
    pub created_at: Timestamp,
    pub created_by: String,
}

/// What an event is about.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Subject<'a> {
    pub receipt_number: &'a str,
    /// The programme's id.
    pub program: &'a str,
    /// The step's id; empty when there is none.
    pub step: &'a str,
    /// The case's status, such as `open` or `confirmed`.
    pub state: &'a str,
    /// The case's version after the event; with the receipt number it makes the event's id.
    pub version: i64,
}

impl<'a> Subject<'a> {
    /// A case as it stands; its programme is in the revision of the case.
    pub fn of(program: &'a Program, stored: &'a Stored) -> Subject<'a> {
        Subject {
            receipt_number: &stored.receipt_number,
            program: &stored.program_id,
            step: (stored.case.current(program)).map_or("", |step| step.id.as_str()),
            state: stored.case.status.as_str(),
            version: stored.case.version,
        }
    }
}

/// A delivery that this node holds the lease on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leased {
    pub event_id: String,
    pub webhook_id: String,
    pub body: String,
    pub url: String,
    pub secret: Vec<u8>,
    /// Attempts before this one.
    pub attempts: i64,
}

/// A delivery as a page shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    pub event_id: String,
    pub event: String,
    pub state: String,
    pub created_at: Timestamp,
    pub due_at: Timestamp,
    pub sent_at: Option<Timestamp>,
    pub attempts: i64,
    pub last_result: Option<String>,
}

/// Queues events, each once in its life, for every active webhook that wants them.
pub fn queue(tx: &mut Tx, events: &[(&str, Subject<'_>, Timestamp)]) -> Result<(), StoreError> {
    if events.is_empty() {
        return Ok(());
    }
    let mut webhooks = all(tx)?;
    webhooks.retain(|webhook| webhook.active);
    let mut rows = Vec::new();
    for (event, subject, at) in events {
        let wanted = webhooks
            .iter()
            .filter(|webhook| wants(&webhook.events, event));
        for webhook in wanted {
            let event_id = format!("{}.{}", subject.receipt_number, subject.version);
            let body = json!({ "type": event, "timestamp": at_text(*at), "data": subject });
            rows.push(row(&event_id, &webhook.id, event, body.to_string(), *at));
        }
    }
    Ok(tx.insert_many("webhook_delivery", DELIVERY, &rows)?)
}

/// Queues an event that says nothing, for one webhook.
pub fn queue_test(
    tx: &mut Tx,
    event_id: &str,
    webhook_id: &str,
    at: Timestamp,
) -> Result<(), StoreError> {
    let event = "webhook.test";
    let body = json!({ "type": event, "timestamp": at_text(at), "data": {} });
    let row = row(event_id, webhook_id, event, body.to_string(), at);
    Ok(tx.insert_many("webhook_delivery", DELIVERY, &[row])?)
}

const DELIVERY: &[&str] = &[
    "event_id",
    "webhook_id",
    "event",
    "body",
    "state",
    "created_at_ms",
    "due_at_ms",
    "attempts",
];

fn row(event_id: &str, webhook_id: &str, event: &str, body: String, at: Timestamp) -> Vec<Value> {
    vec![
        event_id.into(),
        webhook_id.into(),
        event.into(),
        body.into(),
        "queued".into(),
        ms(at).into(),
        ms(at).into(),
        0i64.into(),
    ]
}

/// Whether a filter lets an event through.
fn wants(filter: &[String], event: &str) -> bool {
    filter.iter().any(|wanted| match wanted.strip_suffix('*') {
        Some(beginning) => event.starts_with(beginning),
        None => wanted == event,
    })
}

/// Whether anything is due at `at` that nobody holds.
pub fn is_due(tx: &mut Tx, at: Timestamp) -> Result<bool, StoreError> {
    for due in [
        "SELECT 1 FROM webhook_delivery WHERE state = 'queued' AND due_at_ms <= $1 LIMIT 1",
        "SELECT 1 FROM webhook_delivery WHERE state = 'sending' AND leased_until_ms <= $1 LIMIT 1",
    ] {
        if tx.query_opt(due, &[ms(at).into()])?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Takes leases on up to `limit` deliveries that are due at `at`; nobody else takes them until `at + lease`.
pub fn lease(
    tx: &mut Tx,
    at: Timestamp,
    lease: SignedDuration,
    limit: u32,
) -> Result<Vec<Leased>, StoreError> {
    let until = ms(at) + lease.as_millis() as i64;
    let mut rows = tx.query(
        "SELECT d.event_id, d.webhook_id, d.body, w.url, w.secret, d.attempts
         FROM webhook_delivery d JOIN webhook w ON w.id = d.webhook_id
         WHERE d.state = 'queued' AND d.due_at_ms <= $1 ORDER BY d.due_at_ms, d.event_id LIMIT $2",
        &[ms(at).into(), limit.into()],
    )?;
    let room = i64::from(limit) - rows.len() as i64;
    rows.extend(tx.query(
        "SELECT d.event_id, d.webhook_id, d.body, w.url, w.secret, d.attempts
         FROM webhook_delivery d JOIN webhook w ON w.id = d.webhook_id
         WHERE d.state = 'sending' AND d.leased_until_ms <= $1 ORDER BY d.due_at_ms, d.event_id LIMIT $2",
        &[ms(at).into(), room.into()],
    )?);
    for row in &rows {
        tx.execute(
            "UPDATE webhook_delivery SET state = 'sending', leased_until_ms = $3, attempts = attempts + 1
             WHERE event_id = $1 AND webhook_id = $2",
            &[row.text(0).into(), row.text(1).into(), until.into()],
        )?;
    }
    let leased = |row: &Row| Leased {
        event_id: row.text(0).to_owned(),
        webhook_id: row.text(1).to_owned(),
        body: row.text(2).to_owned(),
        url: row.text(3).to_owned(),
        secret: row.bytes(4).to_vec(),
        attempts: row.int(5),
    };
    Ok(rows.iter().map(leased).collect())
}

/// What became of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attempt {
    Sent,
    /// Try again then.
    Again(Timestamp),
    /// It was not tried; the attempt does not count.
    Untried(Timestamp),
    GivenUp,
}

/// Marks what became of a leased delivery; `result` is for the office's eyes and holds no address of a person.
pub fn mark(
    tx: &mut Tx,
    leased: &Leased,
    attempt: Attempt,
    result: &str,
    at: Timestamp,
) -> Result<(), StoreError> {
    let (state, due, uncounted) = match attempt {
        Attempt::Sent => ("sent", None, 0),
        Attempt::Again(due) => ("queued", Some(due), 0),
        Attempt::Untried(due) => ("queued", Some(due), 1),
        Attempt::GivenUp => ("failed", None, 0),
    };
    let sent_at = (attempt == Attempt::Sent).then(|| ms(at));
    // A webhook that was switched off in the meantime stays off.
    tx.execute(
        "UPDATE webhook_delivery SET state = $3, due_at_ms = COALESCE($4, due_at_ms), attempts = attempts - $5,
                sent_at_ms = $6, last_result = $7, leased_until_ms = NULL
         WHERE event_id = $1 AND webhook_id = $2 AND state = 'sending'",
        &[
            (&leased.event_id).into(),
            (&leased.webhook_id).into(),
            state.into(),
            due.map(ms).into(),
            i64::from(uncounted).into(),
            sent_at.into(),
            result.into(),
        ],
    )?;
    Ok(())
}

/// Adds a receiver. `false` when there are [`MOST`] already.
pub fn add(tx: &mut Tx, webhook: &Webhook) -> Result<bool, StoreError> {
    let count = tx.query_one("SELECT COUNT(*) FROM webhook", &[])?.int(0);
    if count >= i64::from(MOST) {
        return Ok(false);
    }
    tx.execute(
        "INSERT INTO webhook (id, url, secret, events, active, note, created_at_ms, created_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        &[
            (&webhook.id).into(),
            (&webhook.url).into(),
            Value::from(webhook.secret.as_slice()),
            serde_json::to_string(&webhook.events)?.into(),
            i64::from(webhook.active).into(),
            (&webhook.note).into(),
            ms(webhook.created_at).into(),
            (&webhook.created_by).into(),
        ],
    )?;
    record(
        tx,
        "webhook.added",
        &webhook.id,
        &webhook.created_by,
        webhook.created_at,
    )?;
    Ok(true)
}

/// Switches a webhook on or off; off cancels what waits for it. `false` when there is none.
pub fn set_active(
    tx: &mut Tx,
    id: &str,
    active: bool,
    actor: &str,
    at: Timestamp,
) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE webhook SET active = $2 WHERE id = $1",
        &[id.into(), i64::from(active).into()],
    )?;
    if changed == 0 {
        return Ok(false);
    }
    if !active {
        tx.execute(
            "UPDATE webhook_delivery SET state = 'cancelled', leased_until_ms = NULL
             WHERE webhook_id = $1 AND state IN ('queued', 'sending')",
            &[id.into()],
        )?;
    }
    let action = if active { "webhook.on" } else { "webhook.off" };
    record(tx, action, id, actor, at)?;
    Ok(true)
}

/// Deletes a webhook with its deliveries; the log keeps that it was. `false` when there is none.
pub fn delete(tx: &mut Tx, id: &str, actor: &str, at: Timestamp) -> Result<bool, StoreError> {
    tx.execute(
        "DELETE FROM webhook_delivery WHERE webhook_id = $1",
        &[id.into()],
    )?;
    let changed = tx.execute("DELETE FROM webhook WHERE id = $1", &[id.into()])?;
    if changed > 0 {
        record(tx, "webhook.deleted", id, actor, at)?;
    }
    Ok(changed > 0)
}

fn record(
    tx: &mut Tx,
    action: &str,
    id: &str,
    actor: &str,
    at: Timestamp,
) -> Result<(), StoreError> {
    let act = Act {
        at,
        actor,
        action,
        subject: id,
    };
    append(tx, act, json!({}))?;
    Ok(())
}

const WEBHOOK: &str =
    "SELECT id, url, secret, events, active, note, created_at_ms, created_by FROM webhook";

/// Every webhook, the oldest first.
pub fn all(tx: &mut Tx) -> Result<Vec<Webhook>, StoreError> {
    let rows = tx.query(&format!("{WEBHOOK} ORDER BY id LIMIT $1"), &[MOST.into()])?;
    rows.iter().map(webhook).collect()
}

pub fn find(tx: &mut Tx, id: &str) -> Result<Option<Webhook>, StoreError> {
    let row = tx.query_opt(&format!("{WEBHOOK} WHERE id = $1"), &[id.into()])?;
    row.as_ref().map(webhook).transpose()
}

/// The newest deliveries of a webhook.
pub fn deliveries(tx: &mut Tx, webhook_id: &str, limit: u32) -> Result<Vec<Delivery>, StoreError> {
    let rows = tx.query(
        "SELECT event_id, event, state, created_at_ms, due_at_ms, sent_at_ms, attempts, last_result
         FROM webhook_delivery WHERE webhook_id = $1 ORDER BY created_at_ms DESC, event_id DESC LIMIT $2",
        &[webhook_id.into(), limit.min(MOST_LISTED).into()],
    )?;
    rows.iter()
        .map(|row| {
            Ok(Delivery {
                event_id: row.text(0).to_owned(),
                event: row.text(1).to_owned(),
                state: row.text(2).to_owned(),
                created_at: instant(row.int(3))?,
                due_at: instant(row.int(4))?,
                sent_at: row.opt_int(5).map(instant).transpose()?,
                attempts: row.int(6),
                last_result: row.opt_text(7).map(str::to_owned),
            })
        })
        .collect()
}

/// How many deliveries stand in each state.
pub fn counts(tx: &mut Tx) -> Result<Vec<(String, i64)>, StoreError> {
    let rows = tx.query(
        "SELECT state, COUNT(*) FROM webhook_delivery GROUP BY state ORDER BY state",
        &[],
    )?;
    let count = |row: &Row| (row.text(0).to_owned(), row.int(1));
    Ok(rows.iter().map(count).collect())
}

/// Deletes deliveries that ended and were made before `before`. Gives how many.
pub fn delete_ended(tx: &mut Tx, before: Timestamp) -> Result<u64, StoreError> {
    Ok(tx.execute(
        "DELETE FROM webhook_delivery WHERE state IN ('sent', 'failed', 'cancelled') AND due_at_ms < $1",
        &[ms(before).into()],
    )?)
}

fn webhook(row: &Row) -> Result<Webhook, StoreError> {
    Ok(Webhook {
        id: row.text(0).to_owned(),
        url: row.text(1).to_owned(),
        secret: row.bytes(2).to_vec(),
        events: serde_json::from_str(row.text(3))?,
        active: row.int(4) != 0,
        note: row.text(5).to_owned(),
        created_at: instant(row.int(6))?,
        created_by: row.text(7).to_owned(),
    })
}
