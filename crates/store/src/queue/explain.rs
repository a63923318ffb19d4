//! How an engine goes about a list: for the benchmark and for the test that no list walks all cases.

use sonae_db::Tx;

use super::count::count_statement;
use super::known::Known;
use super::rows::page_statement;
use super::{After, Asker, Sort, Wanted};
use crate::StoreError;

/// The engine's plan for a page, line by line.
pub fn page_plan(
    tx: &mut Tx,
    wanted: &Wanted,
    asker: &Asker,
    sort: Sort,
    after: Option<&After>,
) -> Result<Vec<String>, StoreError> {
    let (sql, values) = page_statement(tx, wanted, asker, sort, after, 51)?;
    plan(tx, &sql, &values)
}

/// The engine's plan for counting a list.
pub fn count_plan(tx: &mut Tx, wanted: &Wanted, asker: &Asker) -> Result<Vec<String>, StoreError> {
    let known = Known::of(tx, wanted)?;
    let (sql, values) = count_statement(std::slice::from_ref(wanted), asker, &known);
    plan(tx, &sql, &values)
}

fn plan(tx: &mut Tx, sql: &str, values: &[sonae_db::Value]) -> Result<Vec<String>, StoreError> {
    let (word, column) = match tx {
        Tx::Sqlite(_) => ("EXPLAIN QUERY PLAN", 3),
        Tx::Postgres(_) => ("EXPLAIN", 0),
    };
    let rows = tx.query(&format!("{word} {sql}"), values)?;
    Ok(rows.iter().map(|row| row.text(column).to_owned()).collect())
}
