//! What figures are counted from: every case of a programme, read one by one, and the clauses by which cases were closed.

use std::collections::BTreeMap;

use jiff::Timestamp;
use sonae_core::figures::Counted;
use sonae_core::flow::Event;
use sonae_db::Tx;

use crate::{StoreError, instant};

/// Hands every case of a programme over, in memory bounded by one.
pub fn each_case(
    tx: &mut Tx,
    program_id: &str,
    mut each: impl FnMut(Timestamp, Counted),
) -> Result<(), StoreError> {
    tx.for_each(
        "SELECT f.received_at_ms, r.state FROM case_file f JOIN case_record r ON r.application_id = f.application_id
         WHERE f.program_id = $1",
        &[program_id.into()],
        |row| -> Result<(), StoreError> {
            each(instant(row.int(0))?, serde_json::from_str(row.text(1))?);
            Ok(())
        },
    )
}

/// How many cases are declined or excluded now, by status and clause. The reasons themselves are not read: they may name people.
pub fn closed_by_clause(
    tx: &mut Tx,
    program_id: &str,
) -> Result<BTreeMap<(String, String), u32>, StoreError> {
    let mut last: BTreeMap<String, (String, String)> = BTreeMap::new();
    tx.for_each(
        "SELECT e.application_id, e.event, e.data FROM case_event e JOIN case_file f ON f.application_id = e.application_id
         WHERE f.program_id = $1 AND f.status IN ('declined', 'excluded') AND e.event = f.status AND e.undone_at_ms IS NULL
         ORDER BY e.application_id, e.version",
        &[program_id.into()],
        |row| -> Result<(), StoreError> {
            if let Event::Declined { clause, .. } | Event::Excluded { clause, .. } =
                serde_json::from_str(row.text(2))?
            {
                last.insert(row.text(0).to_owned(), (row.text(1).to_owned(), clause));
            }
            Ok(())
        },
    )?;
    let mut counts = BTreeMap::new();
    for key in last.into_values() {
        *counts.entry(key).or_default() += 1;
    }
    Ok(counts)
}
