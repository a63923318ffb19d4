//! Lists of proposals that the secretariat hands to the sponsor, to be decided on together.

use jiff::Timestamp;
use sonae_db::{Row, Tx, Value};

use crate::audit::{self, Act};
use crate::{StoreError, instant, ms};

/// The most cases of one list: what a person can compare on one screen.
pub const MOST_ON_A_LIST: usize = 100;
/// The most lists with something to decide that are shown.
const MOST_OPEN: i64 = 200;

/// A list that was handed over.
#[derive(Clone, Debug, PartialEq)]
pub struct List {
    pub id: String,
    pub program_id: String,
    /// Counts the programme's lists, from 1.
    pub number: i64,
    pub note: String,
    /// `staff:<id>`
    pub handed_over_by: String,
    pub handed_over_at: Timestamp,
    pub log_index: i64,
    pub counts: Counts,
}

/// What became of a list's proposals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub waiting: i64,
    pub approved: i64,
    pub sent_back: i64,
    /// The case changed or closed afterwards.
    pub invalid: i64,
}

impl Counts {
    pub fn total(self) -> i64 {
        self.waiting + self.approved + self.sent_back + self.invalid
    }
}

/// A list to be handed over.
#[derive(Clone, Debug)]
pub struct NewList<'a> {
    pub id: &'a str,
    pub program_id: &'a str,
    pub note: &'a str,
    /// `staff:<id>`
    pub by: &'a str,
    pub at: Timestamp,
    /// Ids of applications whose proposals wait and stand on no list yet; the others are passed over.
    pub applications: &'a [String],
}

/// Hands a list over. Gives how many proposals stand on it; with none nothing is written.
pub fn hand_over(tx: &mut Tx, new: &NewList<'_>) -> Result<usize, StoreError> {
    let mut found = Vec::new();
    for id in new.applications.iter().take(MOST_ON_A_LIST) {
        let row = tx.query_opt(
            "SELECT version FROM approval WHERE application_id = $1 AND program_id = $2
             AND decision IS NULL AND invalidated_by IS NULL AND list_id IS NULL",
            &[id.into(), new.program_id.into()],
        )?;
        found.extend(row.map(|row| (id, row.int(0))));
    }
    if found.is_empty() {
        return Ok(0);
    }
    let last = tx.query_one(
        "SELECT COALESCE(MAX(number), 0) FROM approval_list WHERE program_id = $1",
        &[new.program_id.into()],
    )?;
    let number = last.int(0) + 1;
    let act = Act {
        at: new.at,
        actor: new.by,
        action: "approval_list.handed_over",
        subject: new.id,
    };
    let ids: Vec<&String> = found.iter().map(|(id, _)| *id).collect();
    let data =
        serde_json::json!({ "program": new.program_id, "number": number, "applications": ids });
    let bound = audit::append(tx, act, data)?;
    tx.execute(
        "INSERT INTO approval_list (id, program_id, number, note, handed_over_by, handed_over_at_ms, log_index)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        &[
            new.id.into(),
            new.program_id.into(),
            number.into(),
            new.note.into(),
            new.by.into(),
            ms(new.at).into(),
            bound.index.into(),
        ],
    )?;
    for (id, version) in &found {
        tx.execute(
            "UPDATE approval SET list_id = $3 WHERE application_id = $1 AND version = $2",
            &[(*id).into(), (*version).into(), new.id.into()],
        )?;
    }
    Ok(found.len())
}

/// Puts the proposal that waits on the list on which the case stood before, so that an answered question comes back to where it was
/// asked. Gives the list.
pub fn put_back(tx: &mut Tx, application_id: &str) -> Result<Option<String>, StoreError> {
    let row = tx.query_opt(
        "SELECT list_id FROM approval WHERE application_id = $1 AND list_id IS NOT NULL ORDER BY version DESC LIMIT 1",
        &[application_id.into()],
    )?;
    let Some(list) = row.map(|row| row.text(0).to_owned()) else {
        return Ok(None);
    };
    tx.execute(
        "UPDATE approval SET list_id = $2 WHERE application_id = $1 AND list_id IS NULL
         AND decision IS NULL AND invalidated_by IS NULL",
        &[application_id.into(), (&list).into()],
    )?;
    Ok(Some(list))
}

const COLUMNS: &str = "l.id, l.program_id, l.number, l.note, l.handed_over_by, l.handed_over_at_ms, l.log_index, \
     SUM(CASE WHEN a.invalidated_by IS NULL AND a.decision IS NULL THEN 1 ELSE 0 END), \
     SUM(CASE WHEN a.invalidated_by IS NULL AND a.decision = 'approved' THEN 1 ELSE 0 END), \
     SUM(CASE WHEN a.invalidated_by IS NULL AND a.decision = 'sent_back' THEN 1 ELSE 0 END), \
     SUM(CASE WHEN a.invalidated_by IS NOT NULL THEN 1 ELSE 0 END)";

/// The lists on which something waits for a decision, the newest first.
pub fn open(tx: &mut Tx) -> Result<Vec<List>, StoreError> {
    let which = "l.id IN (SELECT w.list_id FROM approval w WHERE w.decision IS NULL AND w.invalidated_by IS NULL)";
    lists(tx, which, vec![MOST_OPEN.into()])
}

/// The lists on which nothing waits any more, the newest first; at most `most`, behind the list `after`.
pub fn past(tx: &mut Tx, after: Option<&str>, most: u32) -> Result<Vec<List>, StoreError> {
    let mut which =
        "NOT EXISTS (SELECT 1 FROM approval w WHERE w.list_id = l.id AND w.decision IS NULL
         AND w.invalidated_by IS NULL)"
            .to_owned();
    let mut params: Vec<Value> = vec![most.into()];
    if let Some(after) = after {
        // A list that does not exist has nothing behind it.
        which += " AND (l.handed_over_at_ms, l.id) < (SELECT b.handed_over_at_ms, b.id FROM approval_list b WHERE b.id = $2)";
        params.push(after.into());
    }
    lists(tx, &which, params)
}

pub fn by_id(tx: &mut Tx, id: &str) -> Result<Option<List>, StoreError> {
    Ok(lists(tx, "l.id = $2", vec![1_i64.into(), id.into()])?.pop())
}

/// The lists are chosen before their proposals are counted, so that only those of the lists that are shown are read.
fn lists(tx: &mut Tx, which: &str, params: Vec<Value>) -> Result<Vec<List>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM (SELECT l.* FROM approval_list l WHERE {which}
            ORDER BY l.handed_over_at_ms DESC, l.id DESC LIMIT $1) AS l
         JOIN approval a ON a.list_id = l.id
         GROUP BY l.id, l.program_id, l.number, l.note, l.handed_over_by, l.handed_over_at_ms, l.log_index
         ORDER BY l.handed_over_at_ms DESC, l.id DESC"
    );
    tx.query(&sql, &params)?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<List, StoreError> {
    Ok(List {
        id: row.text(0).to_owned(),
        program_id: row.text(1).to_owned(),
        number: row.int(2),
        note: row.text(3).to_owned(),
        handed_over_by: row.text(4).to_owned(),
        handed_over_at: instant(row.int(5))?,
        log_index: row.int(6),
        counts: Counts {
            waiting: row.int(7),
            approved: row.int(8),
            sent_back: row.int(9),
            invalid: row.int(10),
        },
    })
}
