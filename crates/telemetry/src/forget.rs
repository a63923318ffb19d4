//! Deletion of one company that leaves nothing behind: its rows, rules that only it met, and the bytes of both in the file.
//!
//! Blocks hold one company each and need no dictionary, names are a company's own, and only rules of vendors are shared; so nothing has to be taken
//! apart. Backups and a server's own logs are outside of what a program can reach; the office's manual says so.

use std::collections::BTreeMap;

use sonae_db::{Db, Tx};

use crate::TelemetryError;
use crate::dictionary::{company, next_epoch};

/// Rows of a company by table, before and after.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proof {
    pub before: BTreeMap<&'static str, i64>,
    pub after: BTreeMap<&'static str, i64>,
    /// Rules that nobody else met.
    pub rules: i64,
}

/// Which rows of each table are a company's, `$1`; what depends on others first.
const OWN: &[(&str, &str)] = &[
    (
        "block_line",
        "block_id IN (SELECT block_id FROM block WHERE company = $1)",
    ),
    ("block", "company = $1"),
    (
        "batch",
        "source IN (SELECT source FROM source WHERE company = $1)",
    ),
    (
        "file_position",
        "source IN (SELECT source FROM source WHERE company = $1)",
    ),
    ("source", "company = $1"),
    ("day_total", "company = $1"),
    ("month_total", "company = $1"),
    ("day_summary", "company = $1"),
    ("month_summary", "company = $1"),
    ("day_address", "company = $1"),
    ("month_address", "company = $1"),
    ("day_activity", "company = $1"),
    ("day_unknown", "company = $1"),
    ("unknown_word", "company = $1"),
    ("heard", "company = $1"),
    ("word", "company = $1"),
    ("company", "company = $1"),
];

/// Tables that hold nothing of a company.
#[cfg(test)]
const SHARED: &[&str] = &["rule", "state", "schema_migration"];

/// Deletes a company and rewrites the tables, so that nothing of it stays in the file. Takes the time and the room of a copy of the file; when
/// that fails the rows are gone all the same, and calling again finishes.
///
/// # Errors
/// Those of the database, `Kind::Full` when there is no room for the copy.
pub fn forget(db: &Db, office_id: &str) -> Result<Proof, TelemetryError> {
    let mut proof = Proof::default();
    let company = db.read(|tx| company(tx, office_id))?;
    if let Some(company) = company {
        (proof.before, proof.rules) = db.write(|tx| {
            let before = counts(tx, company)?;
            for (table, own) in OWN {
                tx.execute(
                    &format!("DELETE FROM {table} WHERE {own}"),
                    &[company.into()],
                )?;
            }
            let rules = unused_rules(tx)?;
            next_epoch(tx)?;
            Ok::<_, TelemetryError>((before, rules))
        })?;
        proof.after = db.read(|tx| counts(tx, company))?;
    }
    let tables: Vec<&str> = OWN
        .iter()
        .map(|(table, _)| *table)
        .chain(["rule"])
        .collect();
    db.erase_deleted(&tables)?;
    Ok(proof)
}

fn counts(tx: &mut Tx, company: i64) -> Result<BTreeMap<&'static str, i64>, TelemetryError> {
    let mut counts = BTreeMap::new();
    for (table, own) in OWN {
        let sql = format!("SELECT COUNT(*) FROM {table} WHERE {own}");
        counts.insert(*table, tx.query_one(&sql, &[company.into()])?.int(0));
    }
    Ok(counts)
}

/// Removes rules that no figure names any more.
pub(crate) fn unused_rules(tx: &mut Tx) -> Result<i64, TelemetryError> {
    let gone = tx.execute(
        "DELETE FROM rule WHERE NOT EXISTS (SELECT 1 FROM month_summary s WHERE s.rule_id = rule.rule_id)",
        &[],
    )?;
    Ok(gone as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_is_known_to_be_somebody_s() {
        let text: String = crate::MIGRATIONS
            .iter()
            .map(|migration| migration.sql)
            .collect();
        let made = text.split("CREATE TABLE ").skip(1);
        for table in made.filter_map(|rest| rest.split(' ').next()) {
            let own = OWN.iter().any(|(name, _)| *name == table);
            assert!(own || SHARED.contains(&table), "{table} is not forgotten");
        }
    }
}
