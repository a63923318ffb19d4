//! One action on many cases: what came of it for each, written in the transaction of that case's change, so that sending it twice, or going
//! on after an interruption, does nothing twice.

use jiff::Timestamp;
use sonae_db::Tx;

use crate::{StoreError, ms};

/// The most cases of one action.
pub const MOST: u32 = 200;

/// An action on many cases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    pub id: String,
    pub staff_id: String,
    /// The event's word.
    pub event: String,
}

/// What came of it for one case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    pub receipt_number: String,
    /// Its place on the page, from 0.
    pub position: i64,
    /// `done`, `refused`, `conflict` or `unknown`.
    pub outcome: String,
    /// Why it was not done.
    pub sentence: String,
}

/// Begins an action, or goes on with it. `false` when the id belongs to another person's or another kind of action.
pub fn begin(tx: &mut Tx, run: &Run, at: Timestamp) -> Result<bool, StoreError> {
    tx.execute(
        "INSERT INTO bulk_run (id, staff_id, event, at_ms) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING",
        &[
            (&run.id).into(),
            (&run.staff_id).into(),
            (&run.event).into(),
            ms(at).into(),
        ],
    )?;
    Ok(by_id(tx, &run.id)?.as_ref() == Some(run))
}

pub fn by_id(tx: &mut Tx, id: &str) -> Result<Option<Run>, StoreError> {
    let row = tx.query_opt(
        "SELECT id, staff_id, event FROM bulk_run WHERE id = $1",
        &[id.into()],
    )?;
    Ok(row.map(|row| Run {
        id: row.text(0).to_owned(),
        staff_id: row.text(1).to_owned(),
        event: row.text(2).to_owned(),
    }))
}

/// Whether a case was dealt with in this action.
pub fn is_done(tx: &mut Tx, run_id: &str, receipt_number: &str) -> Result<bool, StoreError> {
    let row = tx.query_opt(
        "SELECT 1 FROM bulk_item WHERE run_id = $1 AND receipt_number = $2",
        &[run_id.into(), receipt_number.into()],
    )?;
    Ok(row.is_some())
}

/// Notes what came of it for a case.
pub fn note(tx: &mut Tx, run_id: &str, item: &Item) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO bulk_item (run_id, receipt_number, position, outcome, sentence) VALUES ($1, $2, $3, $4, $5)",
        &[
            run_id.into(),
            (&item.receipt_number).into(),
            item.position.into(),
            (&item.outcome).into(),
            (&item.sentence).into(),
        ],
    )?;
    Ok(())
}

/// What came of an action, in the order of the page.
pub fn items(tx: &mut Tx, run_id: &str) -> Result<Vec<Item>, StoreError> {
    let rows = tx.query(
        "SELECT receipt_number, position, outcome, sentence FROM bulk_item WHERE run_id = $1
         ORDER BY position, receipt_number LIMIT $2",
        &[run_id.into(), MOST.into()],
    )?;
    let items = rows.iter().map(|row| Item {
        receipt_number: row.text(0).to_owned(),
        position: row.int(1),
        outcome: row.text(2).to_owned(),
        sentence: row.text(3).to_owned(),
    });
    Ok(items.collect())
}
