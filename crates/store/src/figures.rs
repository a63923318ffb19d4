//! What figures are made of: how many cases have each mark, kept beside the cases in the same transaction, and the clauses by which
//! cases were closed.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Deserialize;
use sonae_core::figures::mark::{Counted, Counts, Mark, What, marks};
use sonae_db::{Db, Tx};

use crate::case::Stored;
use crate::{StoreError, instant};

/// Changes of counts in the making, by programme.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Changes(BTreeMap<(String, Mark), i64>);

impl Changes {
    /// Cases that were received.
    pub(crate) fn of_arrivals<'a>(arrivals: impl Iterator<Item = &'a Stored>) -> Changes {
        let mut changes = Changes::default();
        for stored in arrivals {
            let marks = marks(stored.received_at, &stored.case);
            changes.count(&stored.program_id, marks, 1);
        }
        changes
    }

    fn count(&mut self, program_id: &str, marks: impl IntoIterator<Item = Mark>, by: i64) {
        for mark in marks {
            *self.0.entry((program_id.to_owned(), mark)).or_default() += by;
        }
    }

    /// Writes them, always in the same order, so that two writers do not wait for each other.
    pub(crate) fn store(&self, tx: &mut Tx) -> Result<(), StoreError> {
        for ((program_id, mark), by) in &self.0 {
            let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
            tx.execute(
                "INSERT INTO case_count (program_id, what, item, from_day, until_day, cases) VALUES ($1, $2, $3, $4, $5, $6)
                 ON CONFLICT (program_id, what, item, from_day, until_day)
                 DO UPDATE SET cases = case_count.cases + excluded.cases",
                &[
                    program_id.into(),
                    mark.what.as_str().into(),
                    (&mark.item).into(),
                    day(mark.from).into(),
                    day(mark.until).into(),
                    (*by).into(),
                ],
            )?;
        }
        Ok(())
    }
}

/// Follows a case that changed.
pub(crate) fn save(tx: &mut Tx, before: &Stored, after: &Stored) -> Result<(), StoreError> {
    let was = marks(before.received_at, &before.case);
    let is = marks(after.received_at, &after.case);
    let mut changes = Changes::default();
    changes.count(&before.program_id, was.difference(&is).cloned(), -1);
    changes.count(&after.program_id, is.difference(&was).cloned(), 1);
    changes.store(tx)
}

/// How many cases of a programme have each mark.
pub fn counts(tx: &mut Tx, program_id: &str) -> Result<Counts, StoreError> {
    let rows = tx.query(
        "SELECT what, item, from_day, until_day, cases FROM case_count WHERE program_id = $1",
        &[program_id.into()],
    )?;
    let read = |row: &sonae_db::Row| {
        let mark = mark(row.text(0), row.text(1), [row.text(2), row.text(3)])?;
        Ok((mark, row.int(4)))
    };
    rows.iter().map(read).collect()
}

fn mark(what: &str, item: &str, days: [&str; 2]) -> Result<Mark, StoreError> {
    let unreadable = || StoreError::Damaged("an unknown mark of a case".into());
    let day = |text: &str| match text.is_empty() {
        true => Ok(None),
        false => text.parse().map(Some).map_err(|_| unreadable()),
    };
    Ok(Mark {
        what: What::parse(what).ok_or_else(unreadable)?,
        item: item.to_owned(),
        from: day(days[0])?,
        until: day(days[1])?,
    })
}

/// Counts what is stored when nothing was counted yet: in an office that is older than the counts.
pub(crate) fn begin(db: &Db) -> Result<(), StoreError> {
    if db.read(is_counted)? {
        return Ok(());
    }
    db.write(|tx| match is_counted(tx)? {
        // Another node was faster.
        true => Ok(()),
        false => from_cases(tx)?.store(tx),
    })
}

fn is_counted(tx: &mut Tx) -> Result<bool, StoreError> {
    let case = tx.query_opt("SELECT application_id FROM case_file LIMIT 1", &[])?;
    let count = tx.query_opt("SELECT what FROM case_count LIMIT 1", &[])?;
    Ok(case.is_none() || count.is_some())
}

/// The counts as they follow from every case.
fn from_cases(tx: &mut Tx) -> Result<Changes, StoreError> {
    let mut changes = Changes::default();
    tx.for_each(
        "SELECT f.program_id, f.received_at_ms, r.state FROM case_file f
         JOIN case_record r ON r.application_id = f.application_id",
        &[],
        |row| -> Result<(), StoreError> {
            let case: Counted = serde_json::from_str(row.text(2))?;
            let marks = case.marks(instant(row.int(1))?);
            changes.count(row.text(0), marks, 1);
            Ok(())
        },
    )?;
    Ok(changes)
}

/// The first count that does not equal the cases, for `sonae verify`: the programme and what is counted.
pub(crate) fn differing(tx: &mut Tx) -> Result<Option<String>, StoreError> {
    let mut expected = from_cases(tx)?.0;
    let programs = tx.query("SELECT DISTINCT program_id FROM case_count", &[])?;
    for program in &programs {
        let program_id = program.text(0);
        for (mark, count) in counts(tx, program_id)? {
            let key = (program_id.to_owned(), mark);
            if expected.remove(&key).unwrap_or_default() != count {
                return Ok(Some(name(&key)));
            }
        }
    }
    Ok(expected.keys().next().map(name))
}

fn name((program_id, mark): &(String, Mark)) -> String {
    format!("{program_id} {} {}", mark.what.as_str(), mark.item)
}

/// The part of a refusal that is counted. Its reason is passed over: it may name people.
#[derive(Deserialize)]
struct Refused {
    #[serde(default)]
    clause: String,
}

/// How many cases are declined or excluded now, by status and clause. Reads the cases that are, and no others.
pub fn closed_by_clause(
    tx: &mut Tx,
    program_id: &str,
) -> Result<BTreeMap<(String, String), u32>, StoreError> {
    let mut counts = BTreeMap::new();
    tx.for_each(
        "SELECT e.event, e.data FROM case_file f JOIN case_event e ON e.application_id = f.application_id
         WHERE f.program_id = $1 AND f.status IN ('declined', 'excluded') AND e.version =
            (SELECT MAX(l.version) FROM case_event l WHERE l.application_id = f.application_id AND l.event = f.status
             AND l.undone_at_ms IS NULL)",
        &[program_id.into()],
        |row| -> Result<(), StoreError> {
            let refused: Refused = serde_json::from_str(row.text(1))?;
            let key = (row.text(0).to_owned(), refused.clause);
            *counts.entry(key).or_default() += 1;
            Ok(())
        },
    )?;
    Ok(counts)
}
