//! Moves the detections from one database to another, engine to engine, and proves that nothing changed on the way.

use sonae_db::copy::{Copied, Table};
use sonae_db::{Db, DbError};

/// Every table with its columns and its key.
pub(crate) const TABLES: &[Table] = &[
    ("state", "name, value", "name"),
    (
        "company",
        "company, office_id, next_number, removed_detections, removed_activities, removed_unknown",
        "company",
    ),
    (
        "source",
        "source, company, lines, detections, activities, unknown, heard_us",
        "source",
    ),
    (
        "batch",
        "source, batch_id, hash, received_us, lines, detections, activities, unknown",
        "source, batch_id",
    ),
    (
        "file_position",
        "source, file, read_to, received_us",
        "source, file",
    ),
    ("rule", "rule_id, rule, title, category", "rule_id"),
    ("word", "company, word_id, kind, text", "company, word_id"),
    (
        "block",
        "block_id, company, kind, day, entries, first_us, last_us, first_number, content",
        "block_id",
    ),
    ("block_line", "block_id, stored, content", "block_id"),
    (
        "day_total",
        "company, day, detections, activities, unknown, clock_doubtful",
        "company, day",
    ),
    (
        "month_total",
        "company, month, detections, activities, unknown",
        "company, month",
    ),
    (
        "day_summary",
        "company, day, device, rule_id, severity, action, lines, events, first_us, last_us",
        "company, day, device, rule_id, severity, action",
    ),
    (
        "month_summary",
        "month, company, rule_id, severity, action, lines, events",
        "month, company, rule_id, severity, action",
    ),
    (
        "day_address",
        "company, day, address, sides, events",
        "company, day, address",
    ),
    (
        "month_address",
        "company, month, address, sides, days, events",
        "company, month, address",
    ),
    (
        "day_activity",
        "company, day, device, kind, lines",
        "company, day, device, kind",
    ),
    (
        "day_unknown",
        "company, day, why, lines",
        "company, day, why",
    ),
    (
        "unknown_word",
        "company, field, text, lines",
        "company, field, text",
    ),
    (
        "heard",
        "company, device, hour, lines, first_us, last_us, packets, drops",
        "company, device, hour",
    ),
];

/// Copies everything from a snapshot of `from` into `to`, which holds no detections yet, in one transaction of `to`.
///
/// # Errors
/// `Kind::Unique` when `to` is not empty, `Kind::Corrupt` when a checksum differs; `to` is unchanged then.
pub fn copy(from: &Db, to: &Db) -> Result<Vec<Copied>, DbError> {
    sonae_db::copy::tables(from, to, TABLES, |_| "")
}

/// Whether nothing was ever stored.
///
/// # Errors
/// Those of the database.
pub fn is_empty(db: &Db) -> Result<bool, DbError> {
    db.read(|tx| {
        Ok(tx
            .query_opt("SELECT 1 FROM company LIMIT 1", &[])?
            .is_none())
    })
}
