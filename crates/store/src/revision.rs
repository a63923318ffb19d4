//! Published revisions of programmes: immutable, addressed by content hash.

use jiff::Timestamp;
use sonae_core::program::Program;
use sonae_db::{Tx, Value};

use crate::{StoreError, instant, ms};

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

/// A revision that was published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    pub revision: String,
    pub published_at: Timestamp,
    /// Open cases that are judged by it now.
    pub open_cases: i64,
}

/// The most revisions of one programme that are listed; a programme has a handful.
const MOST_LISTED: u32 = 500;

/// The revisions of a programme, the newest first.
pub fn of_program(tx: &mut Tx, program_id: &str) -> Result<Vec<Published>, StoreError> {
    let sql = format!(
        "SELECT v.revision, v.published_at_ms,
                (SELECT COUNT(*) FROM case_file f WHERE f.revision = v.revision AND f.status = 'open')
         FROM program_revision v WHERE v.program_id = $1
         ORDER BY v.published_at_ms DESC, v.revision LIMIT {MOST_LISTED}"
    );
    let rows = tx.query(&sql, &[program_id.into()])?;
    rows.iter()
        .map(|row| {
            Ok(Published {
                revision: row.text(0).to_owned(),
                published_at: instant(row.int(1))?,
                open_cases: row.int(2),
            })
        })
        .collect()
}
