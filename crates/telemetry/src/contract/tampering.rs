//! Whatever is changed behind the program's back is found.

use super::sample::{NOON, Said, detection, sent, stored_in};
use super::{FreshDatabase, open, read, sound};
use crate::TelemetryError;
use crate::verify::verify;

/// Statements, each of which breaks one thing.
const CHANGES: &[&str] = &[
    "UPDATE day_summary SET events = events + 1 WHERE company = 1",
    "UPDATE day_summary SET first_us = first_us - 1 WHERE company = 1",
    "DELETE FROM day_summary WHERE severity = 2",
    "UPDATE month_summary SET lines = lines + 1 WHERE company = 1",
    "UPDATE day_address SET events = events + 1 WHERE company = 1",
    "DELETE FROM day_address WHERE company = 1 AND sides = 5",
    "UPDATE month_address SET events = events + 1 WHERE company = 1",
    "UPDATE month_address SET days = days | 2147483648 | 1 WHERE company = 1",
    "INSERT INTO month_address (company, month, address, sides) VALUES (1, 24314, 99, 1)",
    "UPDATE day_total SET detections = detections + 1 WHERE company = 1",
    "UPDATE month_total SET unknown = unknown + 1 WHERE company = 1",
    "DELETE FROM month_total WHERE company = 1",
    "UPDATE day_unknown SET lines = lines + 1 WHERE company = 1",
    "UPDATE day_activity SET lines = lines + 1 WHERE company = 1",
    "UPDATE heard SET lines = lines + 1 WHERE company = 1",
    "UPDATE source SET detections = detections + 1, lines = lines + 1 WHERE company = 1",
    "UPDATE source SET lines = lines + 1 WHERE company = 1",
    "DELETE FROM batch WHERE batch_id = 'never'; DELETE FROM source WHERE company = 1",
    "UPDATE block SET content = block_line.content FROM block_line WHERE block_line.block_id = block.block_id",
    "UPDATE block_line SET content = block.content FROM block WHERE block_line.block_id = block.block_id",
    "UPDATE block SET last_us = last_us + 1",
    "DELETE FROM block WHERE kind = 1",
    "DELETE FROM word WHERE kind = 1",
    "UPDATE rule SET title = 'x' WHERE rule_id = 1",
    "DELETE FROM company WHERE company = 1",
];

pub(super) fn found(fresh: &FreshDatabase<'_>) {
    let db = open(fresh);
    let mut lines: Vec<Said> = (0..9).map(|n| detection(NOON, n, n)).collect();
    lines.push(Said {
        kind: 1,
        ..lines[0].clone()
    });
    lines.push(Said {
        kind: 2,
        ..lines[0].clone()
    });
    stored_in(&db, &[sent("a", "1", &lines)]);
    sound(&db);
    for change in CHANGES {
        let mut broken = None;
        let undone: Result<(), TelemetryError> = db.write(|tx| {
            let mut changed = 0;
            for sql in change.split("; ") {
                changed = tx.execute(sql, &[])?;
            }
            assert!(changed > 0, "{change} changes nothing");
            broken = verify(tx)?.err();
            Err(TelemetryError::Damaged("to be undone".into()))
        });
        assert!(undone.is_err());
        assert!(broken.is_some(), "{change} is not found");
    }
    assert!(read(&db, verify).is_ok());
}
