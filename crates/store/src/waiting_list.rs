//! Places of a course as people look at them: who waits, who was offered one until when, what moved last.

use std::collections::BTreeMap;

use jiff::Timestamp;
use sonae_core::capacity::PlaceState;
use sonae_db::{Row, Tx};

use crate::{StoreError, instant};

/// One application's place in a course.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    pub receipt_number: String,
    pub name: String,
    /// The case's version.
    pub version: i64,
    /// The case's status, such as `open`.
    pub status: String,
    /// The order of receipt in this course.
    pub position: i64,
    pub state: PlaceState,
    pub changed_at: Timestamp,
    /// End of the day until which an offer stands, exclusive.
    pub offer_due_at: Option<Timestamp>,
}

const COLUMNS: &str =
    "f.receipt_number, f.name, f.version, f.status, p.position, p.state, p.changed_at_ms";

/// Who waits, in the order in which places are offered; at most `most`.
pub fn waiting(
    tx: &mut Tx,
    program_id: &str,
    course: &str,
    most: u32,
) -> Result<Vec<Standing>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS}, NULL FROM place p JOIN case_file f ON f.application_id = p.application_id
         WHERE p.program_id = $1 AND p.course = $2 AND p.state = 'waiting' ORDER BY p.turn, p.position LIMIT $3"
    );
    let rows = tx.query(&sql, &[program_id.into(), course.into(), most.into()])?;
    rows.iter().map(read).collect()
}

/// Offers that were not answered yet, by the day on which they end; at most `most`.
pub fn offered(
    tx: &mut Tx,
    program_id: &str,
    course: &str,
    most: u32,
) -> Result<Vec<Standing>, StoreError> {
    let clock = format!("offer.{course}");
    let sql = format!(
        "SELECT {COLUMNS}, c.due_at_ms FROM place p JOIN case_file f ON f.application_id = p.application_id
         LEFT JOIN application_clock c ON c.application_id = p.application_id AND c.clock = $3
         WHERE p.program_id = $1 AND p.course = $2 AND p.state = 'offered' ORDER BY c.due_at_ms, p.position LIMIT $4"
    );
    let params = [program_id.into(), course.into(), clock.into(), most.into()];
    tx.query(&sql, &params)?.iter().map(read).collect()
}

/// Places that changed hands last, the newest first; at most `most`.
pub fn last_moves(
    tx: &mut Tx,
    program_id: &str,
    course: &str,
    most: u32,
) -> Result<Vec<Standing>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS}, NULL FROM place p JOIN case_file f ON f.application_id = p.application_id
         WHERE p.program_id = $1 AND p.course = $2 AND p.moved = 1
         ORDER BY p.changed_at_ms DESC, p.position DESC LIMIT $3"
    );
    let rows = tx.query(&sql, &[program_id.into(), course.into(), most.into()])?;
    rows.iter().map(read).collect()
}

/// How many places of a programme's courses are in each state.
pub fn counts(
    tx: &mut Tx,
    program_id: &str,
) -> Result<BTreeMap<(String, PlaceState), i64>, StoreError> {
    // Offers are few; the others follow from the tallies, so that no places are counted.
    let rows = tx.query(
        "SELECT t.course, t.last_position, t.held, t.waiting, (SELECT COUNT(*) FROM place p
            WHERE p.program_id = t.program_id AND p.course = t.course AND p.state = 'offered')
         FROM course_tally t WHERE t.program_id = $1",
        &[program_id.into()],
    )?;
    let mut counts = BTreeMap::new();
    for row in &rows {
        let (taken, waiting, offered) = (row.int(2), row.int(3), row.int(4));
        for (state, count) in [
            (PlaceState::Held, taken - offered),
            (PlaceState::Offered, offered),
            (PlaceState::Waiting, waiting),
            (PlaceState::Returned, row.int(1) - taken - waiting),
        ] {
            counts.insert((row.text(0).to_owned(), state), count);
        }
    }
    Ok(counts)
}

fn state(word: &str) -> Result<PlaceState, StoreError> {
    PlaceState::parse(word).ok_or_else(|| StoreError::Damaged("a place in an unknown state".into()))
}

fn read(row: &Row) -> Result<Standing, StoreError> {
    Ok(Standing {
        receipt_number: row.text(0).to_owned(),
        name: row.text(1).to_owned(),
        version: row.int(2),
        status: row.text(3).to_owned(),
        position: row.int(4),
        state: state(row.text(5))?,
        changed_at: instant(row.int(6))?,
        offer_due_at: row.opt_int(7).map(instant).transpose()?,
    })
}
