//! What goes from a cluster: a company that is forgotten, and what is older than it is kept.
//!
//! The ledger lets go first, in one transaction; from then on nothing of it counts. Then rows are removed on every server and looked for again, and only
//! what was not found any more is said to be gone. Whatever is interrupted, the next one who removes something ends it.

use std::collections::BTreeMap;
use std::time::Duration;

use sonae_db::clickhouse::ClickHouse;
use sonae_db::{DbError, Kind};

use super::Cluster;
use super::ledger;
use super::months;
use super::store::pause;
use crate::TelemetryError;
use crate::day::Month;
use crate::forget::Proof;
use crate::retention::{Keep, Removed, Until};

/// Tables of a server that hold rows of companies.
const TABLES: [&str; 3] = ["figure", "block", "line"];
/// Tables of the ledger, and which of their rows are a company's, `$1`.
const LEDGER: [&str; 7] = [
    "part",
    "source",
    "attempt",
    "given_up",
    "batch",
    "file_position",
    "company",
];

/// How often it is looked whether a server removed what it was told to.
const LOOK: Duration = Duration::from_millis(100);
const LOOKS: usize = 6_000;

impl Cluster {
    /// As `forget::forget`. All servers of the company's shard must be there.
    pub(crate) fn forget(&self, office_id: &str) -> Result<Proof, TelemetryError> {
        let mut proof = Proof::default();
        let company = self.ledger.read(|tx| ledger::company(tx, office_id))?;
        if let Some(company) = &company {
            proof.before = self.rows(company.company, company.shard)?;
            self.ledger.write(|tx| {
                tx.execute(
                    "INSERT INTO forgotten (company, shard) VALUES ($1, $2)",
                    &[company.company.into(), (company.shard as i64).into()],
                )?;
                for table in LEDGER {
                    let sql = format!("DELETE FROM {table} WHERE company = $1");
                    tx.execute(&sql, &[company.company.into()])?;
                }
                ledger::next_epoch(tx)
            })?;
        }
        self.remove_forgotten()?;
        if let Some(company) = &company {
            proof.after = self.rows(company.company, company.shard)?;
        }
        self.ledger.erase_deleted(&LEDGER)?;
        Ok(proof)
    }

    /// Rows of a company by table, over all replicas of its shard and the ledger.
    fn rows(
        &self,
        company: i64,
        shard: usize,
    ) -> Result<BTreeMap<&'static str, i64>, TelemetryError> {
        let mut rows = self.ledger.read(|tx| {
            let mut rows = BTreeMap::new();
            for table in LEDGER {
                let sql = format!("SELECT COUNT(*) FROM {table} WHERE company = $1");
                rows.insert(table, tx.query_one(&sql, &[company.into()])?.int(0));
            }
            Ok::<_, TelemetryError>(rows)
        })?;
        for server in self.replicas(shard)? {
            for table in TABLES {
                *rows.entry(table).or_default() +=
                    count(server, table, &format!("company = {company}"))?;
            }
        }
        Ok(rows)
    }

    /// Removes what is still found of any company that was forgotten: what an attempt of then may have written late is found by the next one.
    fn remove_forgotten(&self) -> Result<(), TelemetryError> {
        let forgotten = self.ledger.read(|tx| {
            tx.query(
                "SELECT shard, company FROM forgotten ORDER BY shard, company",
                &[],
            )
        })?;
        let mut shards: BTreeMap<usize, Vec<String>> = BTreeMap::new();
        for row in &forgotten {
            shards
                .entry(row.int(0) as usize)
                .or_default()
                .push(row.int(1).to_string());
        }
        for (shard, companies) in shards {
            self.delete(
                shard,
                &TABLES,
                &format!("company IN ({})", companies.join(", ")),
            )?;
        }
        Ok(())
    }

    /// As `retention::by_age`; months go on all shards at once.
    pub(crate) fn by_age(&self, until: Until, keep: Keep) -> Result<Removed, TelemetryError> {
        let first = until.older_than(keep.days);
        let lines = until.older_than(keep.line_days.min(keep.days));
        let mut removed = Removed {
            months: self.let_go(first.month())?,
            ..Removed::default()
        };
        self.ledger.write(|tx| {
            // An answered batch is remembered as long as what it brought.
            let batches = tx.execute(
                "DELETE FROM batch WHERE received_us < $1",
                &[first.start_us().into()],
            )?;
            removed.batches = batches as i64;
            Ok::<_, TelemetryError>(())
        })?;
        self.drop_let_go()?;
        for shard in 0..self.servers.shards() {
            removed.lines += self.delete(shard, &["line"], &format!("day < {}", lines.0))?;
            self.remove_given_up(shard)?;
        }
        self.remove_forgotten()?;
        Ok(removed)
    }

    /// As `retention::by_size`, a month of all companies at once.
    pub(crate) fn by_size(&self, until: Until, most: i64) -> Result<Removed, TelemetryError> {
        // What somebody who was interrupted let go counts no more.
        self.drop_let_go()?;
        let mut removed = Removed::default();
        let months = self.ledger.read(|tx| {
            let sql = "SELECT DISTINCT month FROM part WHERE month < $1 ORDER BY month";
            let rows = tx.query(sql, &[until.first_month().0.into()])?;
            Ok::<_, TelemetryError>(rows.iter().map(|row| Month(row.int(0))).collect::<Vec<_>>())
        })?;
        for month in &months {
            if self.stored()? <= most {
                return Ok(removed);
            }
            for shard in 0..self.servers.shards() {
                removed.lines += self.drop_month(shard, "line", *month)?;
            }
        }
        for month in &months {
            if self.stored()? <= most {
                break;
            }
            removed.months += self.let_go(Month(month.0 + 1))?;
            self.drop_let_go()?;
        }
        Ok(removed)
    }

    /// Bytes of blocks and lines on the disks, one copy of each.
    pub(crate) fn stored(&self) -> Result<i64, TelemetryError> {
        let mut bytes = 0;
        for shard in 0..self.servers.shards() {
            let mut most = 0;
            for server in self.replicas(shard)? {
                let rows = server.query(
                    "SELECT sum(bytes_on_disk) FROM system.parts WHERE active AND database = $1 AND table IN ('block', 'line')",
                    &[server.database().into()],
                )?;
                most = most.max(rows[0].int(0));
            }
            bytes += most;
        }
        Ok(bytes)
    }

    /// As `months::let_go`.
    fn let_go(&self, first: Month) -> Result<i64, TelemetryError> {
        self.ledger.write(|tx| months::let_go(tx, first))
    }

    /// Removes the rows of months that do not count any more. A month that another node lets go meanwhile is left to it, or to the next one.
    fn drop_let_go(&self) -> Result<(), TelemetryError> {
        let months = self.ledger.read(months::let_go_of)?;
        for shard in 0..self.servers.shards() {
            for month in &months {
                for table in TABLES {
                    self.drop_month(shard, table, *month)?;
                }
            }
        }
        self.ledger.write(|tx| months::are_gone(tx, &months))
    }

    /// Removes a month of a table on every replica of a shard; how many rows there were.
    fn drop_month(&self, shard: usize, table: &str, month: Month) -> Result<i64, TelemetryError> {
        let of_month = format!("month = {}", month.0);
        let mut most = 0;
        for server in self.replicas(shard)? {
            let rows = count(server, table, &of_month)?;
            if rows > 0 {
                let sql = format!("ALTER TABLE {table} DROP PARTITION {}", month.0);
                server.execute(&sql, &[])?;
            }
            most = most.max(rows);
        }
        self.wait_gone(shard, table, &of_month)?;
        Ok(most)
    }

    /// Rows of attempts that never counted. They stay listed: what a connection still carries may be written later.
    fn remove_given_up(&self, shard: usize) -> Result<(), TelemetryError> {
        let rows = self
            .ledger
            .read(|tx| tx.query("SELECT attempt FROM given_up ORDER BY attempt", &[]))?;
        let attempts: Vec<String> = rows.iter().map(|row| row.int(0).to_string()).collect();
        if !attempts.is_empty() {
            self.delete(
                shard,
                &TABLES,
                &format!("attempt IN ({})", attempts.join(", ")),
            )?;
        }
        Ok(())
    }

    /// Deletes rows on every replica of a shard and waits until none is found; how many there were on the first. The condition holds numbers only.
    fn delete(&self, shard: usize, tables: &[&str], which: &str) -> Result<i64, TelemetryError> {
        let mut gone = 0;
        for table in tables {
            let replicas = self.replicas(shard)?;
            let mut found = 0;
            for server in &replicas {
                found = found.max(count(server, table, which)?);
            }
            if found > 0 {
                // Replicas tell each other.
                replicas[0].execute(&format!("ALTER TABLE {table} DELETE WHERE {which}"), &[])?;
                self.wait_gone(shard, table, which)?;
            }
            gone += found;
        }
        Ok(gone)
    }

    fn wait_gone(&self, shard: usize, table: &str, which: &str) -> Result<(), TelemetryError> {
        for server in self.replicas(shard)? {
            let mut looks = 0;
            while count(server, table, which)? > 0 {
                looks += 1;
                if looks > LOOKS {
                    return Err(server
                        .error(Kind::Busy, "rows that should go are still there")
                        .into());
                }
                pause(LOOK);
            }
        }
        Ok(())
    }

    /// All replicas of a shard: to remove something, each must be there.
    fn replicas(&self, shard: usize) -> Result<Vec<&ClickHouse>, DbError> {
        let all = 0..self.servers.replicas(shard);
        all.map(|replica| self.servers.get(self, shard, replica))
            .collect()
    }
}

fn count(server: &ClickHouse, table: &str, which: &str) -> Result<i64, DbError> {
    let rows = server.query(&format!("SELECT count() FROM {table} WHERE {which}"), &[])?;
    Ok(rows[0].int(0))
}
