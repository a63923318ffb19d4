//! What was changed in the words of a paper, taken in from Word. It is part of every version from then on, until somebody takes it out.

use jiff::Timestamp;
use serde_json::Value as Json;
use sonae_db::Tx;

use crate::{StoreError, instant, ms};

/// Most changes of one paper, those taken out again included.
pub const MOST_CHANGES: i64 = 2_000;

#[derive(Clone, Debug, PartialEq)]
pub struct OwnText {
    pub id: String,
    /// The block it is about; none for what stands before the first one.
    pub block: Option<String>,
    pub change: Json,
    pub author: String,
    pub at: Timestamp,
}

/// Takes a change in, behind those before it. `false` when the paper has [`MOST_CHANGES`]; nothing is written then.
pub fn add(
    tx: &mut Tx,
    application_id: &str,
    kind: &str,
    own: &OwnText,
) -> Result<bool, StoreError> {
    let position = last(tx, application_id, kind)? + 1;
    if position > MOST_CHANGES {
        return Ok(false);
    }
    tx.execute(
        "INSERT INTO paper_own_text (id, application_id, kind, block, change, author, at_ms, position)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        &[
            (&own.id).into(),
            application_id.into(),
            kind.into(),
            own.block.clone().into(),
            own.change.to_string().into(),
            (&own.author).into(),
            ms(own.at).into(),
            position.into(),
        ],
    )?;
    Ok(true)
}

/// How many changes a paper may still take in.
pub fn room(tx: &mut Tx, application_id: &str, kind: &str) -> Result<usize, StoreError> {
    let left = MOST_CHANGES - last(tx, application_id, kind)?;
    Ok(usize::try_from(left).unwrap_or(0))
}

fn last(tx: &mut Tx, application_id: &str, kind: &str) -> Result<i64, StoreError> {
    let row = tx.query_one(
        "SELECT COALESCE(MAX(position), 0) FROM paper_own_text WHERE application_id = $1 AND kind = $2",
        &[application_id.into(), kind.into()],
    )?;
    Ok(row.int(0))
}

/// The changes of a paper that stand, in the order in which they were taken in.
pub fn of_paper(tx: &mut Tx, application_id: &str, kind: &str) -> Result<Vec<OwnText>, StoreError> {
    let rows = tx.query(
        "SELECT id, block, change, author, at_ms FROM paper_own_text
         WHERE application_id = $1 AND kind = $2 AND removed_at_ms IS NULL ORDER BY position",
        &[application_id.into(), kind.into()],
    )?;
    rows.iter()
        .map(|row| {
            Ok(OwnText {
                id: row.text(0).to_owned(),
                block: row.opt_text(1).map(str::to_owned),
                change: serde_json::from_str(row.text(2))?,
                author: row.text(3).to_owned(),
                at: instant(row.int(4))?,
            })
        })
        .collect()
}

/// Takes a change out again; it stays on record. `false` when there is none of this paper that stands.
pub fn remove(
    tx: &mut Tx,
    (application_id, kind): (&str, &str),
    id: &str,
    by: &str,
    at: Timestamp,
) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE paper_own_text SET removed_by = $4, removed_at_ms = $5
         WHERE id = $3 AND application_id = $1 AND kind = $2 AND removed_at_ms IS NULL",
        &[
            application_id.into(),
            kind.into(),
            id.into(),
            by.into(),
            ms(at).into(),
        ],
    )?;
    Ok(changed > 0)
}
