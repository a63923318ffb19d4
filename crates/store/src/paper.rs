//! Where each paper of a case stands, see `sonae_core::paper::desk`.

use jiff::Timestamp;
use sonae_core::paper::desk::State;
use sonae_db::{Row, Tx};

use crate::{StoreError, instant, ms};

/// A paper of a case.
#[derive(Clone, Debug, PartialEq)]
pub struct Paper {
    /// The kind's id in the library.
    pub kind: String,
    pub state: State,
    pub changed_at: Timestamp,
}

const COLUMNS: &str = "SELECT kind, state, version, changed_at_ms FROM paper";

/// The papers of a case that were ever sent, by kind.
pub fn of_application(tx: &mut Tx, application_id: &str) -> Result<Vec<Paper>, StoreError> {
    let sql = format!("{COLUMNS} WHERE application_id = $1 ORDER BY kind");
    let rows = tx.query(&sql, &[application_id.into()])?;
    rows.iter().map(paper).collect()
}

/// Where a paper stands; a paper without a row is a first draft.
pub fn state(tx: &mut Tx, application_id: &str, kind: &str) -> Result<State, StoreError> {
    let sql = format!("{COLUMNS} WHERE application_id = $1 AND kind = $2");
    let row = tx.query_opt(&sql, &[application_id.into(), kind.into()])?;
    row.map_or(Ok(State::BEGIN), |row| Ok(paper(&row)?.state))
}

/// Where it stands from now on.
pub fn save(
    tx: &mut Tx,
    application_id: &str,
    kind: &str,
    state: State,
    at: Timestamp,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO paper (application_id, kind, state, version, changed_at_ms) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (application_id, kind) DO UPDATE SET state = excluded.state, version = excluded.version,
             changed_at_ms = excluded.changed_at_ms",
        &[
            application_id.into(),
            kind.into(),
            state.as_str().into(),
            i64::from(state.version()).into(),
            ms(at).into(),
        ],
    )?;
    Ok(())
}

fn paper(row: &Row) -> Result<Paper, StoreError> {
    let state = State::parse(row.text(1), version(row.int(2))?);
    Ok(Paper {
        kind: row.text(0).to_owned(),
        state: state.ok_or_else(|| StoreError::Damaged("a paper in an unknown state".into()))?,
        changed_at: instant(row.int(3))?,
    })
}

/// The number of a version in a column.
pub(crate) fn version(number: i64) -> Result<u32, StoreError> {
    u32::try_from(number).map_err(|_| StoreError::Damaged("a version that is no count".into()))
}
