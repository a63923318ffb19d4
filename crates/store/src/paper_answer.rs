//! What a company answered for its papers. Answers belong to the case, not to a paper; every change stays on record.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Map, Value as Json};
use sonae_db::{Tx, Value};

use crate::{StoreError, instant, ms};

/// Most saves of one case, so that its record stays bounded.
pub const MOST_SAVES: i64 = 20_000;

/// The answers of a case as they stand.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Current {
    /// By question, in the form that `paper::answers::read` takes.
    pub values: Map<String, Json>,
    /// The last save of each question that was ever answered, also of those that are empty now.
    pub changed: BTreeMap<String, Changed>,
    /// The last save of the case; 0 before the first.
    pub sequence: i64,
}

/// Who changed an answer last.
#[derive(Clone, Debug, PartialEq)]
pub struct Changed {
    pub sequence: i64,
    pub by: String,
    pub at: Timestamp,
}

/// One change on record.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    pub question: String,
    pub sequence: i64,
    /// After the change; none when it was emptied.
    pub value: Option<Json>,
    pub by: String,
    pub at: Timestamp,
}

/// A save: the questions that change, with their new values; none empties one.
#[derive(Clone, Copy, Debug)]
pub struct Save<'a> {
    pub application_id: &'a str,
    pub values: &'a [(String, Option<Json>)],
    pub by: &'a str,
    pub at: Timestamp,
}

pub fn current(tx: &mut Tx, application_id: &str) -> Result<Current, StoreError> {
    let rows = tx.query(
        "SELECT question, value, sequence, changed_by, changed_at_ms FROM paper_answer WHERE application_id = $1",
        &[application_id.into()],
    )?;
    let mut current = Current::default();
    for row in &rows {
        let question = row.text(0).to_owned();
        let changed = Changed {
            sequence: row.int(2),
            by: row.text(3).to_owned(),
            at: instant(row.int(4))?,
        };
        current.sequence = current.sequence.max(changed.sequence);
        if let Some(value) = row.opt_text(1) {
            let value = serde_json::from_str(value)?;
            current.values.insert(question.clone(), value);
        }
        current.changed.insert(question, changed);
    }
    Ok(current)
}

/// The answer to a question as it stood after a save; none when it was empty.
pub fn as_of(
    tx: &mut Tx,
    application_id: &str,
    question: &str,
    sequence: i64,
) -> Result<Option<Json>, StoreError> {
    let row = tx.query_opt(
        "SELECT value FROM paper_answer_change WHERE application_id = $1 AND question = $2 AND sequence <= $3
         ORDER BY sequence DESC LIMIT 1",
        &[application_id.into(), question.into(), sequence.into()],
    )?;
    let value = row.as_ref().and_then(|row| row.opt_text(0));
    Ok(value.map(serde_json::from_str).transpose()?)
}

/// Writes a save after the last one; the caller has compared. Gives its sequence number; none when the case has [`MOST_SAVES`].
pub fn save(tx: &mut Tx, save: Save<'_>) -> Result<Option<i64>, StoreError> {
    let row = tx.query_one(
        "SELECT COALESCE(MAX(sequence), 0) FROM paper_answer_change WHERE application_id = $1",
        &[save.application_id.into()],
    )?;
    let sequence = row.int(0) + 1;
    if sequence > MOST_SAVES {
        return Ok(None);
    }
    for (question, value) in save.values {
        let value = value.as_ref().map(Json::to_string);
        let row: Vec<Value> = vec![
            save.application_id.into(),
            question.into(),
            value.into(),
            sequence.into(),
            save.by.into(),
            ms(save.at).into(),
        ];
        tx.execute(
            "INSERT INTO paper_answer (application_id, question, value, sequence, changed_by, changed_at_ms)
             VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (application_id, question) DO UPDATE SET value = excluded.value, sequence = excluded.sequence,
                 changed_by = excluded.changed_by, changed_at_ms = excluded.changed_at_ms",
            &row,
        )?;
        tx.execute(
            "INSERT INTO paper_answer_change (application_id, question, value, sequence, changed_by, changed_at_ms)
             VALUES ($1, $2, $3, $4, $5, $6)",
            &row,
        )?;
    }
    Ok(Some(sequence))
}

/// What was changed, the last first; of one question or of all.
pub fn history(
    tx: &mut Tx,
    application_id: &str,
    question: Option<&str>,
    most: u32,
) -> Result<Vec<Recorded>, StoreError> {
    let columns =
        "SELECT question, sequence, value, changed_by, changed_at_ms FROM paper_answer_change";
    let rows = match question {
        Some(question) => tx.query(
            &format!(
                "{columns} WHERE application_id = $1 AND question = $2 ORDER BY sequence DESC LIMIT {most}"
            ),
            &[application_id.into(), question.into()],
        )?,
        None => tx.query(
            &format!(
                "{columns} WHERE application_id = $1 ORDER BY sequence DESC, question LIMIT {most}"
            ),
            &[application_id.into()],
        )?,
    };
    rows.iter()
        .map(|row| {
            Ok(Recorded {
                question: row.text(0).to_owned(),
                sequence: row.int(1),
                value: row.opt_text(2).map(serde_json::from_str).transpose()?,
                by: row.text(3).to_owned(),
                at: instant(row.int(4))?,
            })
        })
        .collect()
}
