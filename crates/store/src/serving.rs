//! Which published revision of each programme is served, and since when: every change is a row and stays.

use jiff::Timestamp;
use sonae_db::{Row, Tx};

use crate::audit::{self, Act};
use crate::{StoreError, instant, ms};

/// The most changes of one programme that are read.
const MOST: i64 = 500;

/// One change.
#[derive(Clone, Debug, PartialEq)]
pub struct Serving {
    pub program_id: String,
    /// Counts the changes of the programme, from 1.
    pub number: i64,
    pub revision: String,
    /// `staff:<id>` or `system`.
    pub by: String,
    pub at: Timestamp,
    pub reason: String,
    pub log_index: i64,
}

/// A revision that is to be served from now on.
#[derive(Clone, Copy, Debug)]
pub struct NewServing<'a> {
    pub program_id: &'a str,
    /// A published one.
    pub revision: &'a str,
    pub by: &'a str,
    pub at: Timestamp,
    pub reason: &'a str,
    /// The entry of the log that says so already; none to write one.
    pub log_index: Option<i64>,
}

const COLUMNS: &str = "program_id, number, revision, served_by, served_at_ms, reason, log_index";

/// Serves a revision. `false` when it is served already; nothing changes then.
pub fn serve(tx: &mut Tx, new: NewServing<'_>) -> Result<bool, StoreError> {
    let last = latest(tx, new.program_id)?;
    if last
        .as_ref()
        .is_some_and(|last| last.revision == new.revision)
    {
        return Ok(false);
    }
    let log_index = match new.log_index {
        Some(log_index) => log_index,
        None => {
            let act = Act {
                at: new.at,
                actor: new.by,
                action: "program.served",
                subject: new.program_id,
            };
            let before = last.as_ref().map(|last| last.revision.as_str());
            let data = serde_json::json!({ "revision": new.revision, "before": before });
            audit::append(tx, act, data)?.index
        }
    };
    let number = last.map_or(0, |last| last.number) + 1;
    tx.execute(
        "INSERT INTO program_serving (program_id, number, revision, served_by, served_at_ms, reason, log_index)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        &[
            new.program_id.into(),
            number.into(),
            new.revision.into(),
            new.by.into(),
            ms(new.at).into(),
            new.reason.into(),
            log_index.into(),
        ],
    )?;
    Ok(true)
}

/// Whether a revision was ever served.
pub fn was_served(tx: &mut Tx, program_id: &str, revision: &str) -> Result<bool, StoreError> {
    let row = tx.query_opt(
        "SELECT number FROM program_serving WHERE program_id = $1 AND revision = $2 LIMIT 1",
        &[program_id.into(), revision.into()],
    )?;
    Ok(row.is_some())
}

/// What is served now.
pub fn latest(tx: &mut Tx, program_id: &str) -> Result<Option<Serving>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM program_serving WHERE program_id = $1 ORDER BY number DESC LIMIT 1"
    );
    let row = tx.query_opt(&sql, &[program_id.into()])?;
    row.as_ref().map(read).transpose()
}

/// Every change of a programme, the newest first.
pub fn of_program(tx: &mut Tx, program_id: &str) -> Result<Vec<Serving>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM program_serving WHERE program_id = $1 ORDER BY number DESC LIMIT $2"
    );
    tx.query(&sql, &[program_id.into(), MOST.into()])?
        .iter()
        .map(read)
        .collect()
}

/// How many cases are open or confirmed under each revision of a programme.
pub fn cases_by_revision(
    tx: &mut Tx,
    program_id: &str,
) -> Result<Vec<(String, String, i64)>, StoreError> {
    let rows = tx.query(
        "SELECT revision, status, COUNT(*) FROM case_file WHERE program_id = $1 AND status IN ('open', 'confirmed')
         GROUP BY revision, status ORDER BY revision, status",
        &[program_id.into()],
    )?;
    let counts = rows
        .iter()
        .map(|row| (row.text(0).to_owned(), row.text(1).to_owned(), row.int(2)));
    Ok(counts.collect())
}

/// Receipt numbers and versions of the open cases under a revision, in the order of receipt; at most `most`.
pub fn open_cases(
    tx: &mut Tx,
    program_id: &str,
    revision: &str,
    most: u32,
) -> Result<Vec<(String, i64)>, StoreError> {
    let rows = tx.query(
        "SELECT receipt_number, version FROM case_file
         WHERE program_id = $1 AND status = 'open' AND revision = $2 ORDER BY sequence LIMIT $3",
        &[program_id.into(), revision.into(), most.into()],
    )?;
    let cases = rows.iter().map(|row| (row.text(0).to_owned(), row.int(1)));
    Ok(cases.collect())
}

fn read(row: &Row) -> Result<Serving, StoreError> {
    Ok(Serving {
        program_id: row.text(0).to_owned(),
        number: row.int(1),
        revision: row.text(2).to_owned(),
        by: row.text(3).to_owned(),
        at: instant(row.int(4))?,
        reason: row.text(5).to_owned(),
        log_index: row.int(6),
    })
}
