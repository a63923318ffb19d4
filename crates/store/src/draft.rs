//! Unfinished application forms, saved as they go and resumable by a private link.

use jiff::Timestamp;
use sonae_db::{Tx, Value};

use crate::{StoreError, instant, ms};

/// A saved form. `id` is the SHA-256 of the private link's token in hex.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    pub id: String,
    pub program_id: String,
    pub revision: String,
    /// What was typed, as it was typed: JSON in the shape of the interface's answers, texts unnormalised.
    pub typed: serde_json::Value,
    pub updated_at: Timestamp,
    pub expires_at: Timestamp,
    /// 1 after creation, one more with every save.
    pub version: i64,
    /// Set once it was sent: the application it became.
    pub application_id: Option<String>,
}

pub fn create(
    tx: &mut Tx,
    id: &str,
    program: &sonae_core::program::Program,
    typed: &serde_json::Value,
    at: Timestamp,
    expires_at: Timestamp,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO draft (id, program_id, revision, typed, created_at_ms, updated_at_ms, expires_at_ms, version)
         VALUES ($1, $2, $3, $4, $5, $5, $6, 1)",
        &[
            id.into(),
            program.id().into(),
            Value::from(&program.revision),
            typed.to_string().into(),
            ms(at).into(),
            ms(expires_at).into(),
        ],
    )?;
    Ok(())
}

/// The draft of a private link, unless it has expired at `at`.
pub fn find(tx: &mut Tx, id: &str, at: Timestamp) -> Result<Option<Draft>, StoreError> {
    let row = tx.query_opt(
        "SELECT program_id, revision, typed, updated_at_ms, expires_at_ms, version, application_id
         FROM draft WHERE id = $1 AND expires_at_ms > $2",
        &[id.into(), ms(at).into()],
    )?;
    row.map(|row| {
        Ok(Draft {
            id: id.to_owned(),
            program_id: row.text(0).to_owned(),
            revision: row.text(1).to_owned(),
            typed: serde_json::from_str(row.text(2))?,
            updated_at: instant(row.int(3))?,
            expires_at: instant(row.int(4))?,
            version: row.int(5),
            application_id: row.opt_text(6).map(str::to_owned),
        })
    })
    .transpose()
}

/// Saves what was typed and moves the expiry. A draft that was sent is no longer changed; then this gives `false`.
///
/// The last save wins: one person fills in a form, and losing what was typed last is worse than losing an older page.
pub fn save(
    tx: &mut Tx,
    id: &str,
    typed: &serde_json::Value,
    at: Timestamp,
    expires_at: Timestamp,
) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE draft SET typed = $2, updated_at_ms = $3, expires_at_ms = $4, version = version + 1
         WHERE id = $1 AND application_id IS NULL AND expires_at_ms > $3",
        &[
            id.into(),
            typed.to_string().into(),
            ms(at).into(),
            ms(expires_at).into(),
        ],
    )?;
    Ok(changed == 1)
}

/// Marks drafts as sent. What was typed is dropped: the application holds the answers now.
pub fn sent(tx: &mut Tx, id: &str, application_id: &str) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE draft SET application_id = $2, typed = '{}' WHERE id = $1",
        &[id.into(), application_id.into()],
    )?;
    Ok(())
}

/// Deletes what expired; gives the number. Unfinished forms are personal data nobody asked to keep.
pub fn delete_expired(tx: &mut Tx, at: Timestamp) -> Result<u64, StoreError> {
    Ok(tx.execute(
        "DELETE FROM draft WHERE expires_at_ms <= $1",
        &[ms(at).into()],
    )?)
}
