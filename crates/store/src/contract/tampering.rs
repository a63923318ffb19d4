//! Changes behind the program's back: each is found, and the first broken row is named.

use std::sync::Arc;

use sonae_core::program::Program;
use sonae_db::DbError;

use super::{Fresh, office, receive, submission};

/// What is done to the tables, and the row that `verify` must name.
const TAMPERINGS: &[(&str, &str)] = &[
    (
        "UPDATE audit_entry SET line = replace(line, 'visitor', 'Visitor') WHERE log_index = 1",
        "audit_entry 1",
    ),
    (
        "UPDATE audit_entry SET hash = (SELECT e.hash FROM audit_entry e WHERE e.log_index = 0) WHERE log_index = 2",
        "audit_entry 2",
    ),
    (
        "DELETE FROM audit_entry WHERE log_index = 1",
        "audit_entry 2",
    ),
    (
        "DELETE FROM audit_entry WHERE log_index = 4",
        "application ",
    ),
    (
        "UPDATE application SET answers = replace(answers, 'サンプル', '見本') WHERE sequence = 3",
        "application ",
    ),
    (
        "UPDATE application SET sequence = 9 WHERE sequence = 5",
        "application ",
    ),
    (
        "UPDATE application SET receipt_number = 'R7-333-XXX' WHERE sequence = 2",
        "application R7-333-XXX",
    ),
    ("UPDATE place SET position = 9 WHERE position = 5", "place "),
    ("DELETE FROM place WHERE position = 2", "place "),
    (
        "UPDATE place SET application_id = (SELECT p.application_id FROM place p WHERE p.position = 1) WHERE position = 4",
        "place ",
    ),
    (
        "UPDATE place SET state = 'held' WHERE position = 4",
        "course_tally ",
    ),
    ("UPDATE course_tally SET held = held + 1", "course_tally "),
    ("DELETE FROM course_tally", "course_tally "),
    (
        "UPDATE case_count SET cases = cases + 1 WHERE what = 'status'",
        "case_count ",
    ),
    (
        "DELETE FROM case_count WHERE what = 'received'",
        "case_count ",
    ),
    ("DELETE FROM case_count", "case_count "),
];

pub(super) fn tampering_is_found(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let (db, program) = office(fresh, program);
    let batch: Vec<_> = (1..=5).map(|n| submission(&program, n)).collect();
    receive(&db, &batch).expect("received");
    db.read(crate::verify::verify)
        .expect("readable")
        .expect("sound before");
    for (sql, row) in TAMPERINGS {
        let found = db.write(|tx| {
            tx.execute(sql, &[])?;
            // The change is looked at and then undone with the transaction.
            Err::<(), Found>(Found(crate::verify::verify(tx).expect("readable").err()))
        });
        let broken = found
            .expect_err("undone")
            .0
            .unwrap_or_else(|| panic!("not found: {sql}"));
        assert!(
            broken.row.starts_with(row),
            "{sql}: named {} instead of {row}",
            broken.row
        );
    }
    db.read(crate::verify::verify)
        .expect("readable")
        .expect("sound after");
}

struct Found(Option<crate::verify::Broken>);

impl std::fmt::Debug for Found {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl From<DbError> for Found {
    fn from(error: DbError) -> Self {
        panic!("the tampering itself failed: {error}")
    }
}
