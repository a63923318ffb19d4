//! How a question is asked: of a snapshot of the ledger, on servers that hold all of it.

use std::collections::HashMap;

use sonae_db::clickhouse::ClickHouse;
use sonae_db::{DbError, Kind, Row, Value};

use super::Cluster;
use super::ledger::{self, Expected, Snapshot};
use crate::TelemetryError;
use crate::day::Month;

/// How often a question is asked anew because something was removed while it was asked.
const TRIES: usize = 3;

/// The rows that a question may see on one server.
pub(super) struct Asked<'c> {
    pub(super) server: &'c ClickHouse,
    /// Company or companies, months and attempts.
    rows: String,
}

/// The companies of a shard by their numbers.
pub(super) type Names = HashMap<i64, String>;

impl Asked<'_> {
    /// `{rows}` stands for the condition on rows that count.
    pub(super) fn query(&self, sql: &str, values: &[Value]) -> Result<Vec<Row>, DbError> {
        // No value stands in the statement yet, so nothing else can look like this.
        self.server
            .query(&sql.replace("{rows}", &self.rows), values)
    }

    /// Whether what must be there is there.
    fn holds(&self, expected: &Expected) -> Result<bool, DbError> {
        let row = &self.query(
            "SELECT (SELECT count() FROM figure WHERE kind = 0 AND {rows}), (SELECT count() FROM block WHERE {rows})",
            &[],
        )?[0];
        Ok((row.int(0), row.int(1)) == (expected.attempts, expected.blocks))
    }
}

impl Cluster {
    /// Asks about one company; none when it was never heard of.
    pub(super) fn of_company<T>(
        &self,
        office_id: &str,
        months: (Month, Month),
        mut work: impl FnMut(&Asked<'_>) -> Result<T, TelemetryError>,
    ) -> Result<Option<T>, TelemetryError> {
        for _ in 0..TRIES {
            let (snapshot, company) = self.ledger.read(|tx| {
                let company = match ledger::company(tx, office_id)? {
                    Some(one) => {
                        let expected = ledger::expected(tx, one.company, months)?;
                        Some((one, expected))
                    }
                    None => None,
                };
                Ok::<_, TelemetryError>((ledger::snapshot(tx)?, company))
            })?;
            let Some((company, expected)) = company else {
                return Ok(None);
            };
            let rows = visible(&snapshot, &[company.company], months);
            let asked = self.believed(company.shard, rows, &expected)?;
            let found = work(&asked)?;
            if self.still(&snapshot)? {
                return Ok(Some(found));
            }
        }
        changing()
    }

    /// Asks every shard that holds a company about all of them, side by side.
    pub(super) fn of_all<T: Send>(
        &self,
        months: (Month, Month),
        work: impl Fn(&Asked<'_>, &Names) -> Result<T, TelemetryError> + Sync,
    ) -> Result<Vec<T>, TelemetryError> {
        for _ in 0..TRIES {
            let (snapshot, companies, expected) = self.ledger.read(|tx| {
                let expected: Result<Vec<Expected>, TelemetryError> = (0..self.servers.shards())
                    .map(|shard| ledger::expected_of_shard(tx, shard, months))
                    .collect();
                Ok::<_, TelemetryError>((ledger::snapshot(tx)?, ledger::companies(tx)?, expected?))
            })?;
            let mut shards: Vec<(usize, String, Names, &Expected)> = Vec::new();
            for (shard, expected) in expected.iter().enumerate() {
                let mine: Names = (companies.iter())
                    .filter(|one| one.shard == shard)
                    .map(|one| (one.company, one.office_id.clone()))
                    .collect();
                if expected.attempts > 0 && !mine.is_empty() {
                    let numbers: Vec<i64> = mine.keys().copied().collect();
                    shards.push((shard, visible(&snapshot, &numbers, months), mine, expected));
                }
            }
            let found: Result<Vec<T>, TelemetryError> = std::thread::scope(|scope| {
                let work = &work;
                let threads: Vec<_> = (shards.into_iter())
                    .map(|(shard, rows, names, expected)| {
                        let ask = move || work(&self.believed(shard, rows, expected)?, &names);
                        scope.spawn(ask)
                    })
                    .collect();
                let died = |_| Err(DbError::new(Kind::Other, "the asking thread died").into());
                (threads.into_iter())
                    .map(|thread| thread.join().unwrap_or_else(died))
                    .collect()
            });
            let found = found?;
            if self.still(&snapshot)? {
                return Ok(found);
            }
        }
        changing()
    }

    /// The first replica of a shard that holds everything. A shard that is down is an error, never a smaller figure.
    fn believed(
        &self,
        shard: usize,
        rows: String,
        expected: &Expected,
    ) -> Result<Asked<'_>, TelemetryError> {
        let mut worst = None;
        for replica in 0..self.servers.replicas(shard) {
            let asked = self.servers.get(self, shard, replica).map(|server| Asked {
                server,
                rows: rows.clone(),
            });
            let outcome = asked.and_then(|asked| match asked.holds(expected)? {
                true => Ok(asked),
                false => Err(asked
                    .server
                    .error(Kind::Corrupt, "rows that the ledger knows are not there")),
            });
            match outcome {
                Ok(asked) => return Ok(asked),
                Err(error) => worst = Some(error),
            }
        }
        Err(worst
            .unwrap_or_else(|| DbError::new(Kind::Other, "a shard without servers"))
            .into())
    }

    /// Whether nothing was removed since a snapshot.
    fn still(&self, snapshot: &Snapshot) -> Result<bool, TelemetryError> {
        Ok(self.ledger.read(ledger::epoch)? == snapshot.epoch)
    }
}

fn changing<T>() -> Result<T, TelemetryError> {
    let what = "something is being removed again and again";
    Err(DbError::new(Kind::Busy, what).into())
}

/// The condition on rows that count. Numbers only: nothing of it comes from outside.
fn visible(snapshot: &Snapshot, companies: &[i64], (first, last): (Month, Month)) -> String {
    let list = |numbers: &[i64]| {
        let texts: Vec<String> = numbers.iter().map(i64::to_string).collect();
        texts.join(", ")
    };
    let mut rows = format!(
        "company IN ({}) AND month >= {} AND month <= {} AND attempt < {}",
        list(companies),
        first.0.clamp(0, i64::from(u32::MAX)),
        last.0.clamp(0, i64::from(u32::MAX)),
        snapshot.next_attempt
    );
    for (column, not) in [("attempt", &snapshot.not), ("month", &snapshot.months_gone)] {
        if !not.is_empty() {
            rows += &format!(" AND {column} NOT IN ({})", list(not));
        }
    }
    rows
}
