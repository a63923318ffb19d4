//! What can go wrong besides the database itself.

use sonae_db::DbError;

#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    #[error("database: {0}")]
    Db(#[from] DbError),
    /// A stored value does not say what the program wrote there.
    #[error("damaged data: {0}")]
    Damaged(String),
}

pub(crate) fn damaged<T>(what: impl Into<String>) -> Result<T, TelemetryError> {
    Err(TelemetryError::Damaged(what.into()))
}
