//! How SQLite goes about the questions: by the indexes that were made for them. It decides without looking at how full tables are, so what it says
//! about empty ones holds for a hundred million events.

use sonae_db::{Db, Tx, Value};

use super::{FreshDatabase, open, read};
use crate::TelemetryError;
use crate::questions::{PLANS, cohort};

pub(super) fn by_index(fresh: &FreshDatabase<'_>) {
    let db = open(fresh);
    let Db::Sqlite(_) = db else {
        return;
    };
    for (name, sql, values) in PLANS {
        let plan = plan(&db, sql, *values);
        let walks = |line: &&String| line.starts_with("SCAN") && !name.contains("every company");
        assert_eq!(plan.iter().find(walks), None, "{name}: {plan:#?}");
        let sorts = |line: &&String| line.contains("TEMP B-TREE") && *sql != cohort::MONTH;
        assert_eq!(plan.iter().find(sorts), None, "{name}: {plan:#?}");
    }
    let listed = plan(&db, PLANS[0].1, PLANS[0].2).join(" ");
    assert!(listed.contains("COVERING INDEX block_newest"), "{listed}");
}

fn plan(db: &Db, sql: &str, values: usize) -> Vec<String> {
    let values = vec![Value::Int(0); values];
    read(db, |tx: &mut Tx| {
        let rows = tx.query(&format!("EXPLAIN QUERY PLAN {sql}"), &values)?;
        Ok::<_, TelemetryError>(rows.iter().map(|row| row.text(3).to_owned()).collect())
    })
}
