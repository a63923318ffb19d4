//! Files that belong to a paper, kept as they were uploaded.

use jiff::Timestamp;
use sonae_db::{Row, Tx};

use crate::{StoreError, instant, ms};

/// Most files of one paper of a case.
pub const MOST_FILES: i64 = 20;
/// Largest file, in bytes.
pub const LARGEST_FILE: usize = 5 * 1024 * 1024;

/// A kept file, without its content.
#[derive(Clone, Debug, PartialEq)]
pub struct Attachment {
    pub id: String,
    /// As its owner named it.
    pub name: String,
    pub media_type: String,
    /// Hex.
    pub sha256: String,
    /// In bytes.
    pub size: i64,
    pub author: String,
    pub at: Timestamp,
}

/// What became of a file.
#[derive(Clone, Debug, PartialEq)]
pub enum Added {
    Kept,
    /// The very same content is kept already, under this id.
    Known(String),
    /// There are [`MOST_FILES`].
    TooMany,
}

const COLUMNS: &str =
    "SELECT id, name, media_type, sha256, size, author, at_ms FROM paper_attachment";

/// Keeps a file.
pub fn add(
    tx: &mut Tx,
    (application_id, kind): (&str, &str),
    attachment: &Attachment,
    content: &[u8],
) -> Result<Added, StoreError> {
    let kept = of_paper(tx, application_id, kind)?;
    if let Some(known) = kept.iter().find(|one| one.sha256 == attachment.sha256) {
        return Ok(Added::Known(known.id.clone()));
    }
    if kept.len() as i64 >= MOST_FILES {
        return Ok(Added::TooMany);
    }
    tx.execute(
        "INSERT INTO paper_attachment (id, application_id, kind, name, media_type, sha256, size, content, author, at_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        &[
            (&attachment.id).into(),
            application_id.into(),
            kind.into(),
            (&attachment.name).into(),
            (&attachment.media_type).into(),
            (&attachment.sha256).into(),
            attachment.size.into(),
            content.to_vec().into(),
            (&attachment.author).into(),
            ms(attachment.at).into(),
        ],
    )?;
    Ok(Added::Kept)
}

/// The files of a paper, the oldest first.
pub fn of_paper(
    tx: &mut Tx,
    application_id: &str,
    kind: &str,
) -> Result<Vec<Attachment>, StoreError> {
    let sql = format!("{COLUMNS} WHERE application_id = $1 AND kind = $2 ORDER BY at_ms, id");
    let rows = tx.query(&sql, &[application_id.into(), kind.into()])?;
    rows.iter().map(read).collect()
}

/// A file with its content; none when it does not belong to this paper.
pub fn find(
    tx: &mut Tx,
    (application_id, kind): (&str, &str),
    id: &str,
) -> Result<Option<(Attachment, Vec<u8>)>, StoreError> {
    let columns = COLUMNS.replace(" FROM", ", content FROM");
    let sql = format!("{columns} WHERE id = $3 AND application_id = $1 AND kind = $2");
    let row = tx.query_opt(&sql, &[application_id.into(), kind.into(), id.into()])?;
    row.map(|row| Ok((read(&row)?, row.bytes(7).to_vec())))
        .transpose()
}

fn read(row: &Row) -> Result<Attachment, StoreError> {
    Ok(Attachment {
        id: row.text(0).to_owned(),
        name: row.text(1).to_owned(),
        media_type: row.text(2).to_owned(),
        sha256: row.text(3).to_owned(),
        size: row.int(4),
        author: row.text(5).to_owned(),
        at: instant(row.int(6))?,
    })
}
