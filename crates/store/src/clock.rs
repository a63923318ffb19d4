//! The deadlines of applications.

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
