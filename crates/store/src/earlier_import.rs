//! Lists of earlier participants: tried out first, then imported as a whole, and taken back as a whole.
//!
//! The records of a list stand in `earlier_support` from the trial on and count only while the list is imported.

use jiff::Timestamp;
use serde_json::json;
use sonae_core::application::answers::PastSupport;
use sonae_core::earlier_support::list::Reading;
use sonae_db::{Row, Tx, Value};

use crate::audit::{self, Act};
use crate::{StoreError, earlier_support, instant, ms};

/// A list and what became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Import {
    pub id: String,
    pub file_name: String,
    /// SHA-256 in hex.
    pub file_hash: String,
    pub state: State,
    /// What was understood, without the records.
    pub reading: Reading,
    pub errors: i64,
    pub records: i64,
    /// Kinds and years of which it names every participant.
    pub covers: Vec<PastSupport>,
    pub created_at: Timestamp,
    pub imported_at: Option<Timestamp>,
    pub taken_back_at: Option<Timestamp>,
    /// The name of whoever handed it in; empty when that person is gone.
    pub created_by: String,
    pub reason: Option<String>,
    /// How many open cases got another verdict by it, or by its leaving; none while they are still being evaluated again.
    pub rechecked: Option<i64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Tried out; nothing counts yet.
    Draft,
    Imported,
    /// Its records are deleted.
    TakenBack,
}

impl State {
    fn parse(word: &str) -> Result<State, StoreError> {
        match word {
            "draft" => Ok(State::Draft),
            "imported" => Ok(State::Imported),
            "taken_back" => Ok(State::TakenBack),
            _ => Err(StoreError::Damaged("an import in an unknown state".into())),
        }
    }
}

/// A list that is tried out.
#[derive(Clone, Debug)]
pub struct Draft<'a> {
    /// UUID version 7.
    pub id: &'a str,
    pub file_name: &'a str,
    pub file_hash: &'a str,
    pub reading: &'a Reading,
    /// Whether it names every participant of the kinds and years in it.
    pub complete: bool,
    /// The id of the person.
    pub staff_id: &'a str,
}

/// Keeps a list with its records until it is confirmed or expires.
pub fn draft(
    tx: &mut Tx,
    draft: &Draft<'_>,
    at: Timestamp,
    expires_at: Timestamp,
) -> Result<(), StoreError> {
    let records = &draft.reading.records;
    let mut covers: Vec<PastSupport> = match draft.complete {
        true => records.iter().map(|(_, record)| record.support()).collect(),
        false => Vec::new(),
    };
    covers.sort();
    covers.dedup();
    let without_records = Reading {
        records: Vec::new(),
        ..draft.reading.clone()
    };
    let count = |length: usize| i64::try_from(length).unwrap_or(i64::MAX);
    tx.execute(
        "INSERT INTO earlier_import (id, file_name, file_hash, state, reading, error_count, record_count, covers, created_by,
                                     created_at_ms, expires_at_ms)
         VALUES ($1, $2, $3, 'draft', $4, $5, $6, $7, $8, $9, $10)",
        &[
            draft.id.into(),
            draft.file_name.into(),
            draft.file_hash.into(),
            serde_json::to_string(&without_records)?.into(),
            count(draft.reading.errors).into(),
            count(records.len()).into(),
            serde_json::to_string(&covers)?.into(),
            draft.staff_id.into(),
            ms(at).into(),
            ms(expires_at).into(),
        ],
    )?;
    let rows: Vec<Vec<Value>> = (records.iter().enumerate())
        .map(|(n, (number, record))| {
            let origin = [
                draft.id.into(),
                i64::from(*number).into(),
                Value::Null,
                Value::Null,
            ];
            earlier_support::row(format!("{}:{n:05}", draft.id), origin, record)
        })
        .collect::<Result<_, _>>()?;
    Ok(tx.insert_many("earlier_support", earlier_support::INSERTED, &rows)?)
}

const COLUMNS: &str = "i.id, i.file_name, i.file_hash, i.state, i.reading, i.error_count, i.record_count, i.covers, \
                       i.created_at_ms, i.imported_at_ms, i.taken_back_at_ms, p.name, i.reason, i.rechecked";

/// A list, unless it is a draft that has expired at `at`.
pub fn find(tx: &mut Tx, id: &str, at: Timestamp) -> Result<Option<Import>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM earlier_import i LEFT JOIN staff p ON p.id = i.created_by
         WHERE i.id = $1 AND (i.expires_at_ms IS NULL OR i.expires_at_ms > $2)"
    );
    let row = tx.query_opt(&sql, &[id.into(), ms(at).into()])?;
    row.as_ref().map(read).transpose()
}

/// The most lists that are shown; an office has a few a year.
pub const MOST_IMPORTS: u32 = 200;

/// The lists that were imported, and those that were taken back, the newest first.
pub fn all(tx: &mut Tx) -> Result<Vec<Import>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM earlier_import i LEFT JOIN staff p ON p.id = i.created_by
         WHERE i.state IN ('imported', 'taken_back') ORDER BY i.created_at_ms DESC, i.id DESC LIMIT {MOST_IMPORTS}"
    );
    let rows = tx.query(&sql, &[])?;
    rows.iter().map(read).collect()
}

/// When the same file was imported; none when it was not, or was taken back.
pub fn imported_before(tx: &mut Tx, file_hash: &str) -> Result<Option<Timestamp>, StoreError> {
    let row = tx.query_opt(
        "SELECT imported_at_ms FROM earlier_import WHERE file_hash = $1 AND state = 'imported' LIMIT 1",
        &[file_hash.into()],
    )?;
    row.map(|row| instant(row.int(0))).transpose()
}

/// What became of a confirmation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confirmed {
    Done,
    /// It was imported already: the button was pressed twice.
    Before,
    /// It has expired, has errors or was taken back.
    No,
    /// The same file is imported as another list.
    SameFile,
}

/// Imports a list as a whole.
pub fn confirm(
    tx: &mut Tx,
    id: &str,
    staff_id: &str,
    actor: &str,
    at: Timestamp,
) -> Result<Confirmed, StoreError> {
    let Some(import) = find(tx, id, at)? else {
        return Ok(Confirmed::No);
    };
    match import.state {
        State::Imported => return Ok(Confirmed::Before),
        State::TakenBack => return Ok(Confirmed::No),
        State::Draft if import.errors > 0 => return Ok(Confirmed::No),
        State::Draft => {}
    }
    if imported_before(tx, &import.file_hash)?.is_some() {
        return Ok(Confirmed::SameFile);
    }
    tx.execute(
        "UPDATE earlier_import SET state = 'imported', expires_at_ms = NULL, imported_by = $2, imported_at_ms = $3 WHERE id = $1",
        &[id.into(), staff_id.into(), ms(at).into()],
    )?;
    let data = json!({ "file_sha256": import.file_hash, "records": import.records, "covers": import.covers });
    log(tx, id, actor, "earlier_support.imported", at, data)?;
    Ok(Confirmed::Done)
}

/// Takes an imported list back: its records are deleted, the list stays as a note. `false` when it is not imported.
pub fn take_back(
    tx: &mut Tx,
    id: &str,
    staff_id: &str,
    actor: &str,
    reason: &str,
    at: Timestamp,
) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE earlier_import SET state = 'taken_back', taken_back_by = $2, taken_back_at_ms = $3, reason = $4,
                                   rechecked_at_ms = NULL, rechecked = NULL
         WHERE id = $1 AND state = 'imported'",
        &[id.into(), staff_id.into(), ms(at).into(), reason.into()],
    )?;
    if changed == 0 {
        return Ok(false);
    }
    let deleted = delete_records(tx, id)?;
    // The reason is a person's words and may name somebody; it stands with the list and not in the log.
    log(
        tx,
        id,
        actor,
        "earlier_support.taken_back",
        at,
        json!({ "records": deleted }),
    )?;
    Ok(true)
}

/// A list that came or went since the open cases were last evaluated: its id and its file's name.
pub fn to_recheck(tx: &mut Tx) -> Result<Option<(String, String)>, StoreError> {
    let row = tx.query_opt(
        "SELECT id, file_name FROM earlier_import WHERE state IN ('imported', 'taken_back') AND rechecked_at_ms IS NULL
         ORDER BY id LIMIT 1",
        &[],
    )?;
    Ok(row.map(|row| (row.text(0).to_owned(), row.text(1).to_owned())))
}

/// Notes that the open cases were evaluated again because of a list, and how many verdicts changed.
pub fn rechecked(tx: &mut Tx, id: &str, changed: i64, at: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE earlier_import SET rechecked_at_ms = $2, rechecked = $3 WHERE id = $1",
        &[id.into(), ms(at).into(), changed.into()],
    )?;
    Ok(())
}

/// Forgets a draft at once. `false` when it is none.
pub fn discard(tx: &mut Tx, id: &str) -> Result<bool, StoreError> {
    let found = tx.query_opt(
        "SELECT 1 FROM earlier_import WHERE id = $1 AND state = 'draft'",
        &[id.into()],
    )?;
    if found.is_some() {
        delete_records(tx, id)?;
        tx.execute("DELETE FROM earlier_import WHERE id = $1", &[id.into()])?;
    }
    Ok(found.is_some())
}

/// Drafts deleted in one round.
const ROUND: u32 = 20;

/// Deletes drafts that have expired; gives the number.
pub fn delete_expired(tx: &mut Tx, at: Timestamp) -> Result<u64, StoreError> {
    let sql = format!(
        "SELECT id FROM earlier_import WHERE state = 'draft' AND expires_at_ms <= $1 ORDER BY id LIMIT {ROUND}"
    );
    let mut deleted = 0;
    for row in tx.query(&sql, &[ms(at).into()])? {
        deleted += u64::from(discard(tx, row.text(0))?);
    }
    Ok(deleted)
}

/// Kinds and years of which the imported lists name every participant.
pub(crate) fn covered(tx: &mut Tx) -> Result<Vec<PastSupport>, StoreError> {
    let rows = tx.query(
        "SELECT covers FROM earlier_import WHERE state = 'imported' AND covers <> '[]'",
        &[],
    )?;
    let mut covered: Vec<PastSupport> = Vec::new();
    for row in &rows {
        covered.extend(serde_json::from_str::<Vec<PastSupport>>(row.text(0))?);
    }
    covered.sort();
    covered.dedup();
    Ok(covered)
}

fn delete_records(tx: &mut Tx, id: &str) -> Result<u64, StoreError> {
    Ok(tx.execute(
        "DELETE FROM earlier_support WHERE import_id = $1",
        &[id.into()],
    )?)
}

fn log(
    tx: &mut Tx,
    subject: &str,
    actor: &str,
    action: &str,
    at: Timestamp,
    data: serde_json::Value,
) -> Result<(), StoreError> {
    let act = Act {
        at,
        actor,
        action,
        subject,
    };
    audit::append(tx, act, data)?;
    Ok(())
}

fn read(row: &Row) -> Result<Import, StoreError> {
    let moment = |column: usize| row.opt_int(column).map(instant).transpose();
    Ok(Import {
        id: row.text(0).to_owned(),
        file_name: row.text(1).to_owned(),
        file_hash: row.text(2).to_owned(),
        state: State::parse(row.text(3))?,
        reading: serde_json::from_str(row.text(4))?,
        errors: row.int(5),
        records: row.int(6),
        covers: serde_json::from_str(row.text(7))?,
        created_at: instant(row.int(8))?,
        imported_at: moment(9)?,
        taken_back_at: moment(10)?,
        created_by: row.opt_text(11).unwrap_or_default().to_owned(),
        reason: row.opt_text(12).map(str::to_owned),
        rechecked: row.opt_int(13),
    })
}
