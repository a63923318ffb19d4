//! What each course has handed out so far, kept beside the places in the same transaction.

use std::collections::BTreeMap;

use sonae_core::capacity::Tally;
use sonae_db::{Tx, Value};

use crate::StoreError;

/// The tallies of a programme by course; a course without arrivals is absent.
pub fn of_program(tx: &mut Tx, program_id: &str) -> Result<BTreeMap<String, Tally>, StoreError> {
    let rows = tx.query(
        "SELECT course, last_position, held, waiting FROM course_tally WHERE program_id = $1",
        &[program_id.into()],
    )?;
    Ok(rows
        .iter()
        .map(|row| {
            let tally = Tally {
                last_position: row.int(1),
                held: row.int(2),
                waiting: row.int(3),
            };
            (row.text(0).to_owned(), tally)
        })
        .collect())
}

pub fn set(tx: &mut Tx, program_id: &str, course: &str, tally: Tally) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO course_tally (program_id, course, last_position, held, waiting) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (program_id, course)
         DO UPDATE SET last_position = excluded.last_position, held = excluded.held, waiting = excluded.waiting",
        &[
            program_id.into(),
            course.into(),
            tally.last_position.into(),
            tally.held.into(),
            Value::from(tally.waiting),
        ],
    )?;
    Ok(())
}
