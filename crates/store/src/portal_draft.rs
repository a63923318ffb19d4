//! What a company has typed into a page of its portal and not sent yet, one for each page.

use jiff::Timestamp;
use sonae_db::Tx;

use crate::{StoreError, ms};

/// What was typed into a page; none when nothing is kept.
pub fn find(
    tx: &mut Tx,
    application_id: &str,
    page: &str,
) -> Result<Option<serde_json::Value>, StoreError> {
    let row = tx.query_opt(
        "SELECT typed FROM portal_draft WHERE application_id = $1 AND page = $2",
        &[application_id.into(), page.into()],
    )?;
    row.map(|row| Ok(serde_json::from_str(row.text(0))?))
        .transpose()
}

/// Keeps what was typed. The last save wins: one person fills in a page, and losing what was typed last is worse than losing an older
/// page.
pub fn save(
    tx: &mut Tx,
    application_id: &str,
    page: &str,
    typed: &serde_json::Value,
    at: Timestamp,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO portal_draft (application_id, page, typed, updated_at_ms) VALUES ($1, $2, $3, $4)
         ON CONFLICT (application_id, page) DO UPDATE SET typed = excluded.typed, updated_at_ms = excluded.updated_at_ms",
        &[
            application_id.into(),
            page.into(),
            typed.to_string().into(),
            ms(at).into(),
        ],
    )?;
    Ok(())
}

/// Forgets what was typed, because it was sent or nobody needs it any more. What is not there is no mistake.
pub fn delete(tx: &mut Tx, application_id: &str, page: &str) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM portal_draft WHERE application_id = $1 AND page = $2",
        &[application_id.into(), page.into()],
    )?;
    Ok(())
}

/// Forgets every page of an application whose case has closed.
pub fn delete_all(tx: &mut Tx, application_id: &str) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM portal_draft WHERE application_id = $1",
        &[application_id.into()],
    )?;
    Ok(())
}
