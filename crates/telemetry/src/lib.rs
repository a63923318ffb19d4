//! Detections: what devices of companies report, in their vendors' words, normalised, stored and counted.
//!
//! Architecture invariants: a line is read in one place ([`formats`]) and stored in one place; it is never dropped: what nobody knows is kept as it
//! came, shown and counted. This crate never sees the office's tables; what passes between them is plain structs of core.

pub mod address;
pub mod batch;
pub mod block;
pub mod cluster;
pub mod contract;
pub mod copy;
mod day;
pub mod detection;
pub mod detections;
pub mod device_clock;
mod dictionary;
mod error;
pub mod export;
pub mod forget;
pub mod formats;
pub mod gather;
pub mod generate;
mod hash;
pub mod ingest;
mod json;
pub mod lines;
mod met;
pub mod ocsf;
mod pairs;
pub mod place;
pub mod pulled;
pub mod questions;
pub mod retention;
pub mod time;
pub mod verify;
mod words;

pub use day::{Day, Month};
pub use dictionary::Dictionary;
pub use error::TelemetryError;
use sonae_db::{Db, DbError, Migration};

/// All migrations of the detections' database in their order. An applied one never changes.
pub const MIGRATIONS: &[Migration] = &[
    Migration {
        name: "0001_detections",
        sql: include_str!("../migrations/0001_detections.sql"),
    },
    Migration {
        name: "0002_months_of_addresses",
        sql: include_str!("../migrations/0002_months_of_addresses.sql"),
    },
];

/// Opens the detections' database and brings its schema up to date. See `Db::open` for `url`.
pub fn open(url: &str) -> Result<Db, DbError> {
    let db = Db::open(url)?;
    db.migrate(MIGRATIONS)?;
    Ok(db)
}
