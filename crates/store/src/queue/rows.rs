//! Reading the list.

use jiff::Timestamp;
use sonae_core::clock::Clock;
use sonae_db::{Row, Tx, Value};

use super::condition::Condition;
use super::known::Known;
use super::{After, Asker, Sort, Wanted};
use crate::{StoreError, clock, instant};

/// A case as a list shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    pub application_id: String,
    pub program_id: String,
    pub receipt_number: String,
    pub received_at: Timestamp,
    pub version: i64,
    pub status: String,
    /// A step's id; empty when there is none.
    pub step: String,
    /// A role of the programme; empty when nobody has to act.
    pub owner: String,
    /// Staff ids.
    pub assignee: Option<String>,
    pub expert: Option<String>,
    pub correcting: bool,
    pub approval: String,
    pub outcome: String,
    /// Course ids.
    pub courses: Vec<String>,
    pub name: String,
    pub corporate_number: Option<String>,
    pub updated_at: Timestamp,
    pub waiting: bool,
    /// What pages by key go on from, for the order that was asked for.
    pub key: i64,
    /// Running and paused, by id, the first due first.
    pub clocks: Vec<(String, Clock)>,
}

/// Cases whose clocks are read in one statement.
const AT_ONCE: usize = 500;

const COLUMNS: &str = "f.application_id, f.program_id, f.receipt_number, f.received_at_ms, f.version, f.status, f.step, \
                       f.owner, f.assignee, f.expert, f.correcting, f.approval, f.outcome, f.courses, f.name, \
                       f.corporate_number, f.updated_at_ms, f.waiting, f.due_order, f.name_key";

/// One page: up to `limit` cases behind `after`.
pub fn page(
    tx: &mut Tx,
    wanted: &Wanted,
    asker: &Asker,
    sort: Sort,
    after: Option<&After>,
    limit: u32,
) -> Result<Vec<Listed>, StoreError> {
    let (sql, values) = page_statement(tx, wanted, asker, sort, after, limit)?;
    let mut listed = read_all(tx, &sql, &values, sort)?;
    with_clocks(tx, &mut listed)?;
    Ok(listed)
}

/// Every case that is wanted, up to `limit`: for files.
pub fn export(
    tx: &mut Tx,
    wanted: &Wanted,
    asker: &Asker,
    sort: Sort,
    limit: u32,
) -> Result<Vec<Listed>, StoreError> {
    let mut condition = Condition::default();
    condition.want(wanted, asker, Some(sort), &Known::of(tx, wanted)?);
    let mut listed = select(tx, condition, sort, limit)?;
    with_clocks(tx, &mut listed)?;
    Ok(listed)
}

/// These cases as far as they are in the scope, in the order of their receipt.
pub fn by_receipts(
    tx: &mut Tx,
    wanted: &Wanted,
    asker: &Asker,
    receipt_numbers: &[String],
) -> Result<Vec<Listed>, StoreError> {
    let mut condition = Condition::default();
    condition.want(wanted, asker, None, &Known::of(tx, wanted)?);
    let places: Vec<String> = (receipt_numbers.iter())
        .map(|number| condition.value(number))
        .collect();
    if places.is_empty() {
        return Ok(Vec::new());
    }
    condition.term(format!("f.receipt_number IN ({})", places.join(", ")));
    let limit = u32::try_from(receipt_numbers.len()).unwrap_or(u32::MAX);
    select(tx, condition, Sort::Oldest, limit)
}

pub(super) fn page_statement(
    tx: &mut Tx,
    wanted: &Wanted,
    asker: &Asker,
    sort: Sort,
    after: Option<&After>,
    limit: u32,
) -> Result<(String, Vec<Value>), StoreError> {
    let mut condition = Condition::default();
    condition.want(wanted, asker, Some(sort), &Known::of(tx, wanted)?);
    if let Some(after) = after {
        behind(tx, &mut condition, sort, after)?;
    }
    Ok(statement(condition, sort, limit))
}

/// Alternatives are read each in the order and merged, so that none has to be sorted.
fn statement(mut condition: Condition, sort: Sort, limit: u32) -> (String, Vec<Value>) {
    let limit = condition.value(limit);
    let part = |text| {
        let from = &condition.from;
        format!("SELECT {COLUMNS} FROM {from}case_file f WHERE {text}")
    };
    let parts: Vec<String> = condition.parts().into_iter().map(part).collect();
    let sql = format!(
        "{} ORDER BY {} LIMIT {limit}",
        parts.join(" UNION ALL "),
        order(sort)
    );
    (sql, condition.values)
}

fn select(
    tx: &mut Tx,
    condition: Condition,
    sort: Sort,
    limit: u32,
) -> Result<Vec<Listed>, StoreError> {
    let (sql, values) = statement(condition, sort, limit);
    read_all(tx, &sql, &values, sort)
}

fn read_all(
    tx: &mut Tx,
    sql: &str,
    values: &[Value],
    sort: Sort,
) -> Result<Vec<Listed>, StoreError> {
    let rows = tx.query(sql, values)?;
    rows.iter().map(|row| read(row, sort)).collect()
}

/// By the names of the columns that come out, because parts are merged by them.
fn order(sort: Sort) -> &'static str {
    match sort {
        Sort::Due => "due_order, receipt_number",
        Sort::Newest => "received_at_ms DESC, receipt_number DESC",
        Sort::Oldest => "received_at_ms, receipt_number",
        Sort::Name => "name_key, receipt_number",
        Sort::Updated => "updated_at_ms DESC, receipt_number DESC",
    }
}

/// Behind a case in this order. Its name is read again, so that no name stands in an address.
fn behind(
    tx: &mut Tx,
    condition: &mut Condition,
    sort: Sort,
    after: &After,
) -> Result<(), StoreError> {
    let (column, sign) = match sort {
        Sort::Due => ("due_order", '>'),
        Sort::Newest => ("received_at_ms", '<'),
        Sort::Oldest => ("received_at_ms", '>'),
        Sort::Name => ("name_key", '>'),
        Sort::Updated => ("updated_at_ms", '<'),
    };
    let key: Value = match sort {
        Sort::Name => {
            let row = tx.query_opt(
                "SELECT name_key FROM case_file WHERE receipt_number = $1",
                &[(&after.receipt_number).into()],
            )?;
            row.map_or_else(|| "".into(), |row| row.text(0).into())
        }
        _ => after.key.into(),
    };
    let (key, number) = (condition.value(key), condition.value(&after.receipt_number));
    condition.term(format!(
        "(f.{column}, f.receipt_number) {sign} ({key}, {number})"
    ));
    Ok(())
}

/// Adds the clocks that run or stand still.
fn with_clocks(tx: &mut Tx, listed: &mut [Listed]) -> Result<(), StoreError> {
    for cases in listed.chunks_mut(AT_ONCE) {
        let ids: Vec<Value> = (cases.iter())
            .map(|case| Value::from(&case.application_id))
            .collect();
        let mut clocks = clock::unstopped(tx, &ids)?;
        for case in cases {
            case.clocks = clocks.remove(&case.application_id).unwrap_or_default();
        }
    }
    Ok(())
}

fn read(row: &Row, sort: Sort) -> Result<Listed, StoreError> {
    let (received, updated, due) = (row.int(3), row.int(16), row.int(18));
    Ok(Listed {
        application_id: row.text(0).to_owned(),
        program_id: row.text(1).to_owned(),
        receipt_number: row.text(2).to_owned(),
        received_at: instant(received)?,
        version: row.int(4),
        status: row.text(5).to_owned(),
        step: row.text(6).to_owned(),
        owner: row.text(7).to_owned(),
        assignee: row.opt_text(8).map(str::to_owned),
        expert: row.opt_text(9).map(str::to_owned),
        correcting: row.int(10) == 1,
        approval: row.text(11).to_owned(),
        outcome: row.text(12).to_owned(),
        courses: row.text(13).split_whitespace().map(str::to_owned).collect(),
        name: row.text(14).to_owned(),
        corporate_number: row.opt_text(15).map(str::to_owned),
        updated_at: instant(updated)?,
        waiting: row.int(17) == 1,
        key: match sort {
            Sort::Due => due,
            Sort::Newest | Sort::Oldest => received,
            Sort::Updated => updated,
            Sort::Name => 0,
        },
        clocks: Vec::new(),
    })
}
