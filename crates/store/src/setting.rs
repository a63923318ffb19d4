//! Secrets and settings of the installation, by name.

use sonae_db::{Tx, Value};

use crate::StoreError;

pub fn get(tx: &mut Tx, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
    let row = tx.query_opt("SELECT value FROM setting WHERE name = $1", &[name.into()])?;
    Ok(row.map(|row| row.bytes(0).to_vec()))
}

/// Sets `name` to `value` unless it is set, and gives what stands: several nodes may start at once and agree.
pub fn get_or_set(tx: &mut Tx, name: &str, value: &[u8]) -> Result<Vec<u8>, StoreError> {
    tx.execute(
        "INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING",
        &[name.into(), Value::from(value)],
    )?;
    Ok(get(tx, name)?.unwrap_or_else(|| value.to_vec()))
}

/// Sets `name` to `value`, whatever it was.
pub fn set(tx: &mut Tx, name: &str, value: &[u8]) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        &[name.into(), Value::from(value)],
    )?;
    Ok(())
}
