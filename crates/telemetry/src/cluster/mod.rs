//! Detections on a cluster of ClickHouse servers, sharded by company: the bulk lies there, and a *ledger* in a database with transactions says what of it
//! counts.
//!
//! Every row carries the number of the *attempt* that wrote it. An attempt begins in the ledger, writes its rows, and ends in the ledger; only then it
//! counts, with its batch's id or its file's position, in one transaction. A question takes a snapshot of the ledger (all attempts below a number but
//! those that did not end) and asks for these rows only, so it sees every batch wholly or not at all, on all shards at once. The ledger also says how
//! much must be found; a server that holds less is not believed.

mod asked;
mod erase;
mod figures;
mod ledger;
mod months;
mod rows;
mod search;
mod servers;
mod store;
mod verify;

use sonae_db::clickhouse::{ClickHouse, Url};
use sonae_db::{Db, DbError, Migration};

use servers::Servers;

/// All migrations of the ledger in their order.
pub const LEDGER: &[Migration] = &[Migration {
    name: "0001_ledger",
    sql: include_str!("../../ledger/0001_ledger.sql"),
}];

/// All migrations of a server. Each of their statements may run again, since ClickHouse cannot run them together.
pub const SHARD: &[Migration] = &[Migration {
    name: "0001_shard",
    sql: include_str!("../../shard/0001_shard.sql"),
}];

/// A cluster and its ledger.
pub struct Cluster {
    ledger: Db,
    ledger_id: String,
    servers: Servers,
}

impl Cluster {
    /// Opens the ledger; servers are met when they are first asked, so that one that is down stops nobody else.
    ///
    /// # Errors
    /// Those of the ledger's database; `Kind::Url` when the URL names fewer shards than companies lie on.
    pub fn open(url: &str, ledger: Db) -> Result<Cluster, DbError> {
        let url = Url::read(url)?;
        ledger.migrate(LEDGER)?;
        let ledger_id = ledger::identity(&ledger, url.shards.len())?;
        Ok(Cluster {
            ledger,
            ledger_id,
            servers: Servers::of(url),
        })
    }

    /// A ledger that was brought back from a backup knows less than the servers: attempts of the time between never count, and their numbers are
    /// not given again. Their senders send again, or their files are read again.
    fn catch_up(&self, server: &ClickHouse) -> Result<(), DbError> {
        // First the server, then the ledger: a number stands in the ledger before it stands on a server.
        let sql = "SELECT DISTINCT attempt FROM (SELECT attempt FROM figure UNION ALL SELECT attempt FROM block UNION ALL SELECT attempt FROM line)
             WHERE attempt >= $1 ORDER BY attempt";
        let newest = server.query("SELECT max(attempt) FROM line", &[])?[0].int(0);
        let newest = newest.max(server.query("SELECT max(attempt) FROM figure", &[])?[0].int(0));
        let known = "SELECT next_attempt FROM ledger";
        let next = self.ledger.read(|tx| tx.query_one(known, &[]))?.int(0);
        if newest < next {
            return Ok(());
        }
        let lost = server.query(sql, &[next.into()])?;
        self.ledger.write(|tx| {
            for row in &lost {
                tx.execute(
                    "INSERT INTO given_up (attempt, company) VALUES ($1, 0) ON CONFLICT (attempt) DO NOTHING",
                    &[row.int(0).into()],
                )?;
            }
            let above = "UPDATE ledger SET next_attempt = $1 WHERE next_attempt < $1";
            tx.execute(above, &[(newest + 1).into()]).map(drop)
        })
    }

    pub(crate) fn ledger(&self) -> &Db {
        &self.ledger
    }
}
