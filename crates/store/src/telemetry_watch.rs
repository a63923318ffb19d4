//! When devices were last heard, and what they sent that was not taken.

use jiff::Timestamp;
use sonae_db::{Row, Tx};

use crate::{StoreError, instant, ms};

/// Days and reasons of one device that are told at once.
const MOST_REFUSED: u32 = 500;

/// What is known of how a device is heard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Watch {
    pub heard_at: Option<Timestamp>,
    /// Hours of quiet after which somebody is told; the rule's own when none is set.
    pub silent_after_hours: Option<u32>,
}

/// Lines of one day that were sent and not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Days since 1970, in Tokyo.
    pub day: i64,
    /// A word of who refused, such as `peer`.
    pub why: String,
    pub lines: i64,
    pub last_at: Timestamp,
    /// The address that sent the last of them; empty when it is not known.
    pub last_peer: String,
}

/// Notes that a device was heard; a younger note stays.
pub fn heard(tx: &mut Tx, source_id: &str, at: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO telemetry_watch (source_id, heard_at_ms) VALUES ($1, $2)
         ON CONFLICT (source_id) DO UPDATE SET heard_at_ms = excluded.heard_at_ms
         WHERE telemetry_watch.heard_at_ms IS NULL OR telemetry_watch.heard_at_ms < excluded.heard_at_ms",
        &[source_id.into(), ms(at).into()],
    )?;
    Ok(())
}

/// Sets after how many quiet hours somebody is told.
pub fn set_silent_after(tx: &mut Tx, source_id: &str, hours: u32) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO telemetry_watch (source_id, silent_after_h) VALUES ($1, $2)
         ON CONFLICT (source_id) DO UPDATE SET silent_after_h = excluded.silent_after_h",
        &[source_id.into(), hours.into()],
    )?;
    Ok(())
}

/// What is known of how a device is heard; nothing of one that never was.
pub fn of_source(tx: &mut Tx, source_id: &str) -> Result<Watch, StoreError> {
    let row = tx.query_opt(
        "SELECT heard_at_ms, silent_after_h FROM telemetry_watch WHERE source_id = $1",
        &[source_id.into()],
    )?;
    let Some(row) = row else {
        return Ok(Watch::default());
    };
    Ok(Watch {
        heard_at: row.opt_int(0).map(instant).transpose()?,
        silent_after_hours: (row.opt_int(1)).map(|hours| u32::try_from(hours).unwrap_or(u32::MAX)),
    })
}

/// Adds lines that were sent and not taken to those of their day.
pub fn add_refused(tx: &mut Tx, source_id: &str, refused: &Refused) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO telemetry_refused (source_id, day, why, lines, last_at_ms, last_peer) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (source_id, day, why) DO UPDATE SET lines = telemetry_refused.lines + excluded.lines,
         last_at_ms = excluded.last_at_ms, last_peer = excluded.last_peer",
        &[
            source_id.into(),
            refused.day.into(),
            (&refused.why).into(),
            refused.lines.into(),
            ms(refused.last_at).into(),
            (&refused.last_peer).into(),
        ],
    )?;
    Ok(())
}

/// What a device sent that was not taken, from a day on, the newest day first.
pub fn refused_since(tx: &mut Tx, source_id: &str, day: i64) -> Result<Vec<Refused>, StoreError> {
    let rows = tx.query(
        "SELECT day, why, lines, last_at_ms, last_peer FROM telemetry_refused WHERE source_id = $1 AND day >= $2
         ORDER BY day DESC, why LIMIT $3",
        &[source_id.into(), day.into(), MOST_REFUSED.into()],
    )?;
    rows.iter().map(refused).collect()
}

fn refused(row: &Row) -> Result<Refused, StoreError> {
    Ok(Refused {
        day: row.int(0),
        why: row.text(1).to_owned(),
        lines: row.int(2),
        last_at: instant(row.int(3))?,
        last_peer: row.text(4).to_owned(),
    })
}
