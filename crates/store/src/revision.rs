//! Published revisions of programmes: immutable, addressed by content hash.

use jiff::Timestamp;
use sonae_core::program::Program;
use sonae_db::{Tx, Value};

use crate::{StoreError, ms};

/// Records a revision with the files it consists of. The same revision again changes nothing. Gives whether it is new.
pub fn publish(tx: &mut Tx, program: &Program, at: Timestamp) -> Result<bool, StoreError> {
    let files: Vec<serde_json::Value> = program
        .files
        .iter()
        .map(|(name, text)| serde_json::json!({ "name": name, "text": text }))
        .collect();
    let new = tx.execute(
        "INSERT INTO program_revision (revision, program_id, files, published_at_ms) VALUES ($1, $2, $3, $4)
         ON CONFLICT (revision) DO NOTHING",
        &[
            Value::from(&program.revision),
            program.id().into(),
            serde_json::Value::from(files).to_string().into(),
            ms(at).into(),
        ],
    )?;
    Ok(new == 1)
}

/// The files of a revision, name and text.
pub fn files(tx: &mut Tx, revision: &str) -> Result<Option<Vec<(String, String)>>, StoreError> {
    #[derive(serde::Deserialize)]
    struct File {
        name: String,
        text: String,
    }
    let row = tx.query_opt(
        "SELECT files FROM program_revision WHERE revision = $1",
        &[revision.into()],
    )?;
    let Some(row) = row else { return Ok(None) };
    let files: Vec<File> = serde_json::from_str(row.text(0))?;
    Ok(Some(
        files
            .into_iter()
            .map(|file| (file.name, file.text))
            .collect(),
    ))
}
