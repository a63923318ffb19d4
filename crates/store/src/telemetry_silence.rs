//! Times in which a device should have been heard and was not. They stay on record after they ended.

use jiff::Timestamp;
use sonae_db::{Row, Tx};

use crate::{StoreError, instant, ms};

/// Open silences that are listed at once.
pub const MOST_OPEN: u32 = 1_000;
/// Silences of one device that are listed.
const MOST_OF_SOURCE: u32 = 100;

/// How a silence ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// The device spoke again.
    Heard,
    /// It is no longer watched: its period is over or it was ended.
    Over,
}

impl How {
    /// The word in the database and in the log.
    pub const fn as_str(self) -> &'static str {
        match self {
            How::Heard => "heard",
            How::Over => "over",
        }
    }
}

/// One time in which a device was silent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Silence {
    pub source_id: String,
    /// Its last line before, or the beginning of its period.
    pub since: Timestamp,
    pub raised_at: Timestamp,
    /// When it ended and how; none while it lasts.
    pub ended: Option<(Timestamp, How)>,
}

const COLUMNS: &str = "source_id, since_ms, raised_at_ms, ended_at_ms, how";

/// Records that a device is silent. `false` when that is on record already, by this node or another.
pub fn raise(
    tx: &mut Tx,
    source_id: &str,
    since: Timestamp,
    at: Timestamp,
) -> Result<bool, StoreError> {
    let raised = tx.execute(
        "INSERT INTO telemetry_silence (source_id, since_ms, raised_at_ms) VALUES ($1, $2, $3)
         ON CONFLICT (source_id, since_ms) DO NOTHING",
        &[source_id.into(), ms(since).into(), ms(at).into()],
    )?;
    Ok(raised == 1)
}

/// Ends the silence of a device. `false` when it was not silent.
pub fn end(tx: &mut Tx, source_id: &str, how: How, at: Timestamp) -> Result<bool, StoreError> {
    let ended = tx.execute(
        "UPDATE telemetry_silence SET ended_at_ms = $2, how = $3 WHERE source_id = $1 AND ended_at_ms IS NULL",
        &[source_id.into(), ms(at).into(), how.as_str().into()],
    )?;
    Ok(ended > 0)
}

/// Devices that are silent now, the longest known first.
pub fn open(tx: &mut Tx) -> Result<Vec<Silence>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM telemetry_silence WHERE ended_at_ms IS NULL ORDER BY raised_at_ms, source_id LIMIT $1"
    );
    let rows = tx.query(&sql, &[MOST_OPEN.into()])?;
    rows.iter().map(read).collect()
}

/// A device that is silent now, with what lists say of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    pub silence: Silence,
    pub product: String,
    pub serial: String,
    /// In its written form.
    pub receipt_number: String,
    /// The staff id of who works on the case.
    pub assignee: Option<String>,
}

/// Devices that are silent now, the longest known first, at most [`MOST_OPEN`]; only those of one person's cases when one is given.
pub fn named(tx: &mut Tx, assignee: Option<&str>) -> Result<Vec<Named>, StoreError> {
    let columns = COLUMNS.replace(", ", ", z.");
    let sql = format!(
        "SELECT z.{columns}, s.product, s.serial, f.receipt_number, f.assignee
         FROM telemetry_silence z JOIN telemetry_source s ON s.id = z.source_id
         JOIN case_file f ON f.application_id = s.application_id
         WHERE z.ended_at_ms IS NULL AND ($1 = '' OR f.assignee = $1) ORDER BY z.raised_at_ms, z.source_id LIMIT $2"
    );
    let assignee = assignee.unwrap_or_default();
    let rows = tx.query(&sql, &[assignee.into(), MOST_OPEN.into()])?;
    let named = rows.iter().map(|row| {
        Ok(Named {
            silence: read(row)?,
            product: row.text(5).to_owned(),
            serial: row.text(6).to_owned(),
            receipt_number: row.text(7).to_owned(),
            assignee: row.opt_text(8).map(str::to_owned),
        })
    });
    named.collect()
}

/// All silences of a device, the newest first.
pub fn of_source(tx: &mut Tx, source_id: &str) -> Result<Vec<Silence>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM telemetry_silence WHERE source_id = $1 ORDER BY since_ms DESC LIMIT $2"
    );
    let rows = tx.query(&sql, &[source_id.into(), MOST_OF_SOURCE.into()])?;
    rows.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Silence, StoreError> {
    let how = match row.opt_text(4) {
        None | Some("over") => How::Over,
        Some("heard") => How::Heard,
        Some(_) => {
            return Err(StoreError::Damaged(
                "an end of a silence that does not exist".into(),
            ));
        }
    };
    Ok(Silence {
        source_id: row.text(0).to_owned(),
        since: instant(row.int(1))?,
        raised_at: instant(row.int(2))?,
        ended: (row.opt_int(3).map(instant).transpose()?).map(|at| (at, how)),
    })
}
