//! The deadlines of applications.

use std::collections::BTreeMap;

use jiff::Timestamp;
use sonae_core::clock::{Clock, Phase};
use sonae_db::{Tx, Value};

use crate::{StoreError, ms};

pub(crate) const COLUMNS: &[&str] = &[
    "application_id",
    "clock",
    "owner",
    "phase",
    "due_at_ms",
    "state",
];

pub(crate) fn row(application_id: &str, id: &str, clock: &Clock) -> Vec<Value> {
    vec![
        application_id.into(),
        id.into(),
        word(clock.spec.owner).into(),
        phase(clock).into(),
        ms(clock.due_at).into(),
        serde_json::to_string(clock)
            .expect("a clock is a plain struct")
            .into(),
    ]
}

/// The clocks of an application by their ids in the programme, the next due first.
pub fn of_application(
    tx: &mut Tx,
    application_id: &str,
) -> Result<Vec<(String, Clock)>, StoreError> {
    let rows = tx.query(
        "SELECT clock, state FROM application_clock WHERE application_id = $1 ORDER BY due_at_ms, clock",
        &[application_id.into()],
    )?;
    rows.iter()
        .map(|row| Ok((row.text(0).to_owned(), serde_json::from_str(row.text(1))?)))
        .collect()
}

/// A clock that ran out and was not looked at yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RanOut {
    pub application_id: String,
    pub receipt_number: String,
    /// Its id in the programme.
    pub clock: String,
}

/// Clocks that ran out by `now` and have consequences, the oldest first. Targets and calls are the office's own: being late with them
/// has none. While a correction is asked for, the company is not pressed for anything else; only an offer, for which others wait, ends.
pub fn ran_out(tx: &mut Tx, now: Timestamp, limit: u32) -> Result<Vec<RanOut>, StoreError> {
    let rows = tx.query(
        "SELECT c.application_id, f.receipt_number, c.clock
         FROM application_clock c JOIN case_file f ON f.application_id = c.application_id
         WHERE c.phase = 'running' AND c.acted = 0 AND c.due_at_ms <= $1
           AND c.clock NOT LIKE 'target.%' AND c.clock NOT LIKE 'phone.%'
           AND (f.correcting = 0 OR c.owner <> 'company' OR c.clock LIKE 'offer.%'
             OR c.clock IN ('correction', 'remind.correction'))
         ORDER BY c.due_at_ms, c.application_id, c.clock LIMIT $2",
        &[ms(now).into(), i64::from(limit).into()],
    )?;
    let ran_out = rows.iter().map(|row| RanOut {
        application_id: row.text(0).to_owned(),
        receipt_number: row.text(1).to_owned(),
        clock: row.text(2).to_owned(),
    });
    Ok(ran_out.collect())
}

/// Notes that nothing follows from a clock that ran out, so that it is not looked at again.
pub fn nothing_follows(tx: &mut Tx, ran_out: &RanOut) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE application_clock SET acted = 1 WHERE application_id = $1 AND clock = $2",
        &[(&ran_out.application_id).into(), (&ran_out.clock).into()],
    )?;
    Ok(())
}

/// The clocks of many applications that run or stand still, the next due first. `ids` are application ids, a page of them.
pub(crate) fn unstopped(
    tx: &mut Tx,
    ids: &[Value],
) -> Result<BTreeMap<String, Vec<(String, Clock)>>, StoreError> {
    let mut found: BTreeMap<String, Vec<(String, Clock)>> = BTreeMap::new();
    if ids.is_empty() {
        return Ok(found);
    }
    let places: Vec<String> = (1..=ids.len()).map(|n| format!("${n}")).collect();
    let sql = format!(
        "SELECT application_id, clock, state FROM application_clock
         WHERE application_id IN ({}) AND phase <> 'stopped' ORDER BY due_at_ms, clock",
        places.join(", ")
    );
    for row in tx.query(&sql, ids)? {
        let clock = (row.text(1).to_owned(), serde_json::from_str(row.text(2))?);
        found.entry(row.text(0).to_owned()).or_default().push(clock);
    }
    Ok(found)
}

fn phase(clock: &Clock) -> &'static str {
    match clock.phase {
        Phase::Running => "running",
        Phase::Paused { .. } => "paused",
        Phase::Stopped { .. } => "stopped",
    }
}

fn word(role: sonae_core::program::Role) -> String {
    match serde_json::to_value(role) {
        Ok(serde_json::Value::String(word)) => word,
        _ => unreachable!("a role is written as a word"),
    }
}
