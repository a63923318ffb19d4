//! Lists of earlier participants on their way in: a file becomes a draft that can be looked at, and only then an import. Page, interface and
//! command line hand their files over here.

use axum::body::Bytes;
use jiff::SignedDuration;
use sha2::{Digest, Sha256};
use sonae_core::audit::hex;
use sonae_core::earlier_support::list::{self, Defaults};
use sonae_store::StoreError;
use sonae_store::earlier_import::{self, Draft};

use crate::app::App;
use crate::chance;
use crate::sheet::{self, Column, ReadError};

/// How long a list that was only tried out is kept, with the companies in it.
pub const DRAFT_LIVES: SignedDuration = SignedDuration::from_hours(24);
/// The longest name of a file that is kept, in characters.
const LONGEST_NAME: usize = 100;

/// A file as somebody hands it in.
#[derive(Clone, Debug)]
pub struct Handed {
    /// The sender's word; shown, and told as the source of its records.
    pub file_name: String,
    pub content: Bytes,
    /// For lists without these columns.
    pub defaults: Defaults,
    /// Whether it names every participant of the kinds and years in it.
    pub complete: bool,
    /// The id of the person, or of the token, that hands it in.
    pub by: String,
}

/// Reads a file and keeps it as a draft; gives the draft's id.
///
/// # Errors
/// The outer error is the database's; the inner one says why this is no table.
pub async fn try_out(app: &App, handed: Handed) -> Result<Result<String, ReadError>, StoreError> {
    let now = app.clock.now();
    let id = chance::id(now);
    let read = {
        let (content, defaults) = (handed.content.clone(), handed.defaults);
        tokio::task::spawn_blocking(move || read(&content, defaults)).await
    };
    let read = read.map_err(|_| StoreError::Damaged("a list that could not be read".into()))?;
    let reading = match read {
        Ok(reading) => reading,
        Err(error) => return Ok(Err(error)),
    };
    let file_name: String = handed
        .file_name
        .chars()
        .filter(|c| !c.is_control())
        .take(LONGEST_NAME)
        .collect();
    let file_hash = hex(&Sha256::digest(&handed.content));
    let draft_id = id.clone();
    app.write(move |tx| {
        let draft = Draft {
            id: &draft_id,
            file_name: &file_name,
            file_hash: &file_hash,
            reading: &reading,
            complete: handed.complete,
            staff_id: &handed.by,
        };
        earlier_import::draft(tx, &draft, now, now + DRAFT_LIVES)
    })
    .await?;
    Ok(Ok(id))
}

/// Reads a file as a list.
///
/// # Errors
/// It is no table, or beyond the bounds.
pub fn read(content: &[u8], defaults: Defaults) -> Result<list::Reading, ReadError> {
    let table = sheet::read(content)?;
    let rows: Vec<list::Row<'_>> = (table.rows.iter())
        .map(|row| (row.number, row.cells.as_slice()))
        .collect();
    Ok(list::read(&rows, defaults))
}

/// The columns of the empty list that offices fill in.
pub fn template() -> Vec<Column> {
    use list::Field as F;
    let columns = [
        (F::Name, 30),
        (F::NameKana, 30),
        (F::CorporateNumber, 16),
        (F::Postcode, 10),
        (F::Address, 40),
        (F::Phone, 16),
        (F::Kind, 20),
        (F::Year, 12),
    ];
    let column = |(field, width): (F, u16)| Column::new(field.title(), width);
    columns.into_iter().map(column).collect()
}
