//! Who opened which case: reading personal data leaves an entry in the audit log, at most one for a person, a case and an hour.

use jiff::{SignedDuration, Timestamp};
use sonae_db::Tx;

use crate::audit::{self, Act};
use crate::{StoreError, instant, ms};

/// How old a row may be before the same reading is written again.
pub const PRECISION: SignedDuration = SignedDuration::from_mins(1);
const HOUR_MS: i64 = 3_600_000;
/// The most rows of one list.
const MOST_LISTED: i64 = 100;

/// Somebody opens a case.
#[derive(Clone, Debug)]
pub struct Reading {
    pub application_id: String,
    pub receipt_number: String,
    pub staff_id: String,
    /// The word of the person's role.
    pub role: &'static str,
    pub at: Timestamp,
}

/// One row: a person in a case within one hour.
#[derive(Clone, Debug, PartialEq)]
pub struct Read {
    pub staff_id: String,
    pub first_at: Timestamp,
    pub seen_at: Timestamp,
    pub log_index: i64,
}

/// Records that somebody opened a case. `true` when it is the person's first time within this hour, which the audit log keeps.
pub fn record(tx: &mut Tx, reading: &Reading) -> Result<bool, StoreError> {
    let hour = ms(reading.at).div_euclid(HOUR_MS);
    let key = [
        (&reading.application_id).into(),
        (&reading.staff_id).into(),
        hour.into(),
    ];
    let known = tx.execute(
        "UPDATE case_read SET seen_at_ms = CASE WHEN seen_at_ms > $4 THEN seen_at_ms ELSE $4 END
         WHERE application_id = $1 AND staff_id = $2 AND hour = $3",
        &[key.to_vec(), vec![ms(reading.at).into()]].concat(),
    )?;
    if known > 0 {
        return Ok(false);
    }
    let act = Act {
        at: reading.at,
        actor: &format!("staff:{}", reading.staff_id),
        action: "case.read",
        subject: &reading.application_id,
    };
    let data = serde_json::json!({
        "receipt_number": reading.receipt_number,
        "role": reading.role,
    });
    let bound = audit::append(tx, act, data)?;
    tx.execute(
        "INSERT INTO case_read (application_id, staff_id, hour, first_at_ms, seen_at_ms, log_index)
         VALUES ($1, $2, $3, $4, $4, $5)",
        &[
            key.to_vec(),
            vec![ms(reading.at).into(), bound.index.into()],
        ]
        .concat(),
    )?;
    Ok(true)
}

/// Who opened a case since an instant, the last first.
pub fn since(tx: &mut Tx, application_id: &str, since: Timestamp) -> Result<Vec<Read>, StoreError> {
    let rows = tx.query(
        "SELECT staff_id, first_at_ms, seen_at_ms, log_index FROM case_read
         WHERE application_id = $1 AND seen_at_ms >= $2 ORDER BY seen_at_ms DESC, staff_id LIMIT $3",
        &[application_id.into(), ms(since).into(), MOST_LISTED.into()],
    )?;
    rows.iter()
        .map(|row| {
            Ok(Read {
                staff_id: row.text(0).to_owned(),
                first_at: instant(row.int(1))?,
                seen_at: instant(row.int(2))?,
                log_index: row.int(3),
            })
        })
        .collect()
}

/// Whether a reading has to be written: nothing was yet in this hour, or not within [`PRECISION`].
pub fn is_due(reads: &[Read], staff_id: &str, at: Timestamp) -> bool {
    let hour = |at: Timestamp| ms(at).div_euclid(HOUR_MS);
    let fresh = |read: &&Read| {
        read.staff_id == staff_id
            && hour(read.first_at) == hour(at)
            && at.duration_since(read.seen_at) < PRECISION
    };
    !reads.iter().any(|read| fresh(&read))
}
