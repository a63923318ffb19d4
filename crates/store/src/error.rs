//! What can go wrong in the store besides the database itself.

use sonae_db::DbError;

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("database: {0}")]
    Db(#[from] DbError),
    /// A stored value does not say what the program wrote there.
    #[error("damaged data: {0}")]
    Damaged(String),
}

impl From<serde_json::Error> for StoreError {
    fn from(error: serde_json::Error) -> Self {
        // The category and place alone: the value may be personal data.
        StoreError::Damaged(format!(
            "JSON, {:?} at column {}",
            error.classify(),
            error.column()
        ))
    }
}
