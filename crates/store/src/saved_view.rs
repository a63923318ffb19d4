//! Lists that people keep for themselves.

use jiff::Timestamp;
use sonae_db::Tx;

use crate::{StoreError, ms};

/// The most lists that one person keeps.
pub const MOST: u32 = 20;

/// A kept list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedView {
    pub id: String,
    pub name: String,
    /// The part of the list's address behind the question mark, without search words.
    pub query: String,
}

/// Keeps a list under its name; one of the same name is replaced. `false` when the person keeps [`MOST`] already.
pub fn keep(
    tx: &mut Tx,
    staff_id: &str,
    view: &SavedView,
    at: Timestamp,
) -> Result<bool, StoreError> {
    let kept = of_staff(tx, staff_id)?;
    let known = kept.iter().any(|other| other.name == view.name);
    if !known && kept.len() >= MOST as usize {
        return Ok(false);
    }
    tx.execute(
        "INSERT INTO saved_view (id, staff_id, name, query, created_at_ms) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (staff_id, name) DO UPDATE SET query = excluded.query",
        &[
            (&view.id).into(),
            staff_id.into(),
            (&view.name).into(),
            (&view.query).into(),
            ms(at).into(),
        ],
    )?;
    Ok(true)
}

/// Forgets a list of this person. `false` when she keeps none such.
pub fn forget(tx: &mut Tx, staff_id: &str, id: &str) -> Result<bool, StoreError> {
    let gone = tx.execute(
        "DELETE FROM saved_view WHERE staff_id = $1 AND id = $2",
        &[staff_id.into(), id.into()],
    )?;
    Ok(gone == 1)
}

/// The lists of a person, in the order in which they were kept.
pub fn of_staff(tx: &mut Tx, staff_id: &str) -> Result<Vec<SavedView>, StoreError> {
    let rows = tx.query(
        "SELECT id, name, query FROM saved_view WHERE staff_id = $1 ORDER BY created_at_ms, id LIMIT $2",
        &[staff_id.into(), MOST.into()],
    )?;
    let views = rows.iter().map(|row| SavedView {
        id: row.text(0).to_owned(),
        name: row.text(1).to_owned(),
        query: row.text(2).to_owned(),
    });
    Ok(views.collect())
}
