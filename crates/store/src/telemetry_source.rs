//! Devices that may send their lines: whose they are, for how long, and by which token. The lines themselves are never here.

use jiff::Timestamp;
use sonae_db::{Row, Tx};

use crate::{StoreError, instant, ms};

/// Sources of a company that are listed; a company is lent a handful of devices.
const MOST_SOURCES: u32 = 200;
/// Sources that are watched at once; a programme lends a few hundred.
pub const MOST_WATCHED: u32 = 20_000;

/// What a company was lent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Utm,
    Edr,
}

impl Kind {
    /// The word in the database and on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Kind::Utm => "utm",
            Kind::Edr => "edr",
        }
    }

    pub fn parse(word: &str) -> Option<Kind> {
        [Kind::Utm, Kind::Edr]
            .into_iter()
            .find(|kind| kind.as_str() == word)
    }
}

/// A device of a company, as the office registered it.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// UUID version 7.
    pub id: String,
    pub application_id: String,
    pub kind: Kind,
    pub product: String,
    pub serial: String,
    /// Lines are taken from this instant on.
    pub from: Timestamp,
    /// And no longer from this one on.
    pub until: Timestamp,
    /// An id of staff, or `command`.
    pub created_by: String,
    pub created_at: Timestamp,
    pub ended_at: Option<Timestamp>,
}

impl Source {
    /// The first instant at which lines are no longer taken.
    pub fn end(&self) -> Timestamp {
        self.ended_at
            .map_or(self.until, |ended| ended.min(self.until))
    }

    /// Whether some part of its period lies between two instants, the second no longer in it. One that was ended before it began has no period.
    pub fn is_watched(&self, from: Timestamp, until: Timestamp) -> bool {
        self.from < until && self.end() > from.max(self.from)
    }

    /// Whether lines are taken at an instant.
    pub fn is_open(&self, at: Timestamp) -> bool {
        let ended = self.ended_at.is_some_and(|ended| ended <= at);
        (self.from..self.until).contains(&at) && !ended
    }
}

const COLUMNS: &str = "id, application_id, kind, product, serial, from_ms, until_ms, created_by, created_at_ms, ended_at_ms";

/// Registers a device; `token_hash` is the SHA-256 of its token in hex.
pub fn add(tx: &mut Tx, source: &Source, token_hash: &str) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO telemetry_source (id, application_id, kind, product, serial, from_ms, until_ms, token_hash, created_by, created_at_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        &[
            (&source.id).into(),
            (&source.application_id).into(),
            source.kind.as_str().into(),
            (&source.product).into(),
            (&source.serial).into(),
            ms(source.from).into(),
            ms(source.until).into(),
            token_hash.into(),
            (&source.created_by).into(),
            ms(source.created_at).into(),
        ],
    )?;
    Ok(())
}

/// The source of a token, whatever its period: who holds a token is told why nothing is taken.
pub fn by_token(tx: &mut Tx, token_hash: &str) -> Result<Option<Source>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM telemetry_source WHERE token_hash = $1");
    let row = tx.query_opt(&sql, &[token_hash.into()])?;
    row.as_ref().map(read).transpose()
}

/// The source with this id.
pub fn by_id(tx: &mut Tx, id: &str) -> Result<Option<Source>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM telemetry_source WHERE id = $1");
    let row = tx.query_opt(&sql, &[id.into()])?;
    row.as_ref().map(read).transpose()
}

/// All sources of a company, the newest first; those that ended too.
pub fn of_application(tx: &mut Tx, application_id: &str) -> Result<Vec<Source>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM telemetry_source WHERE application_id = $1 ORDER BY created_at_ms DESC, id DESC LIMIT $2"
    );
    let rows = tx.query(&sql, &[application_id.into(), MOST_SOURCES.into()])?;
    rows.iter().map(read).collect()
}

/// A source that is watched within some period, with what lists say of its company.
#[derive(Clone, Debug, PartialEq)]
pub struct Watched {
    pub source: Source,
    pub program_id: String,
    /// In its written form.
    pub receipt_number: String,
    /// The company.
    pub name: String,
    /// The case's status, such as `confirmed`.
    pub status: String,
    /// Staff ids.
    pub assignee: Option<String>,
    pub expert: Option<String>,
}

/// Every source whose period has a part between two instants (the second is no longer in it), by company; a company with several
/// devices has several. A device that was ended early is watched until then, and not at all when that was before its period.
pub fn watched(tx: &mut Tx, from: Timestamp, until: Timestamp) -> Result<Vec<Watched>, StoreError> {
    let sources = COLUMNS.replace(", ", ", s.");
    let sql = format!(
        "SELECT s.{sources}, f.program_id, f.receipt_number, f.name, f.status, f.assignee, f.expert
         FROM telemetry_source s JOIN case_file f ON f.application_id = s.application_id
         WHERE s.from_ms < $2 AND s.until_ms > $1 AND (s.ended_at_ms IS NULL OR (s.ended_at_ms > $1 AND s.ended_at_ms > s.from_ms))
         ORDER BY f.program_id, f.sequence, s.application_id, s.from_ms, s.id LIMIT $3"
    );
    let rows = tx.query(
        &sql,
        &[ms(from).into(), ms(until).into(), MOST_WATCHED.into()],
    )?;
    let watched = rows.iter().map(|row| {
        Ok(Watched {
            source: read(row)?,
            program_id: row.text(10).to_owned(),
            receipt_number: row.text(11).to_owned(),
            name: row.text(12).to_owned(),
            status: row.text(13).to_owned(),
            assignee: row.opt_text(14).map(str::to_owned),
            expert: row.opt_text(15).map(str::to_owned),
        })
    });
    watched.collect()
}

/// Gives a source another token; the old one opens nothing any more. `false` when there is none such or it was ended.
pub fn renew(tx: &mut Tx, id: &str, token_hash: &str) -> Result<bool, StoreError> {
    let renewed = tx.execute(
        "UPDATE telemetry_source SET token_hash = $2 WHERE id = $1 AND ended_at_ms IS NULL",
        &[id.into(), token_hash.into()],
    )?;
    Ok(renewed == 1)
}

/// Ends a source at once. `false` when there is none such or it was ended before.
pub fn end(tx: &mut Tx, id: &str, at: Timestamp) -> Result<bool, StoreError> {
    let ended = tx.execute(
        "UPDATE telemetry_source SET ended_at_ms = $2 WHERE id = $1 AND ended_at_ms IS NULL",
        &[id.into(), ms(at).into()],
    )?;
    Ok(ended == 1)
}

fn read(row: &Row) -> Result<Source, StoreError> {
    let kind = Kind::parse(row.text(2))
        .ok_or_else(|| StoreError::Damaged("a kind of source that does not exist".into()))?;
    Ok(Source {
        id: row.text(0).to_owned(),
        application_id: row.text(1).to_owned(),
        kind,
        product: row.text(3).to_owned(),
        serial: row.text(4).to_owned(),
        from: instant(row.int(5))?,
        until: instant(row.int(6))?,
        created_by: row.text(7).to_owned(),
        created_at: instant(row.int(8))?,
        ended_at: row.opt_int(9).map(instant).transpose()?,
    })
}
