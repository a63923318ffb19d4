//! The servers of a cluster: each prepared when it is first met, and never taken for another.

use std::sync::{Mutex, PoisonError};

use sonae_db::clickhouse::{ClickHouse, Setting, Url};
use sonae_db::{DbError, Kind};

use super::{Cluster, SHARD};
use crate::hash::stable;

pub(super) struct Servers {
    shards: Vec<Vec<Server>>,
    copies: usize,
}

struct Server {
    client: ClickHouse,
    /// The same server, to make the database.
    system: ClickHouse,
    /// Whether it was found to be ours and up to date.
    ready: Mutex<bool>,
}

/// Milliseconds that a row waits for its copies.
const COPIES_MS: u64 = 20_000;

impl Servers {
    pub(super) fn of(url: Url) -> Servers {
        let shards = url.shards.into_iter().enumerate().map(|(at, replicas)| {
            let servers = replicas.into_iter().map(|place| Server {
                system: ClickHouse::new(place.in_database("system"), at + 1),
                client: ClickHouse::new(place, at + 1),
                ready: Mutex::new(false),
            });
            servers.collect()
        });
        Servers {
            shards: shards.collect(),
            copies: url.copies,
        }
    }

    pub(super) fn shards(&self) -> usize {
        self.shards.len()
    }

    pub(super) fn replicas(&self, shard: usize) -> usize {
        self.shards[shard].len()
    }

    /// A server, brought up to date the first time.
    ///
    /// # Errors
    /// It cannot be reached, or belongs to another ledger or place in the URL.
    pub(super) fn get(
        &self,
        cluster: &Cluster,
        shard: usize,
        replica: usize,
    ) -> Result<&ClickHouse, DbError> {
        let server = &self.shards[shard][replica];
        let mut ready = server.ready.lock().unwrap_or_else(PoisonError::into_inner);
        if !*ready {
            let replicated = self.replicas(shard) > 1;
            prepare(server, &cluster.ledger_id, (shard, replica), replicated)?;
            cluster.catch_up(&server.client)?;
            *ready = true;
        }
        Ok(&server.client)
    }

    /// What is asked of a server that writes.
    pub(super) fn settings(&self) -> Vec<Setting<'static>> {
        match self.copies {
            0 | 1 => Vec::new(),
            copies => vec![
                ("insert_quorum", copies as u64),
                ("insert_quorum_timeout", COPIES_MS),
            ],
        }
    }
}

/// The shard of a company that is new: stable for ever, whatever the program's version.
pub(super) fn shard_of(office_id: &str, shards: usize) -> usize {
    (stable(office_id.as_bytes()) % shards as u64) as usize
}

fn prepare(
    server: &Server,
    ledger_id: &str,
    at: (usize, usize),
    replicated: bool,
) -> Result<(), DbError> {
    let client = &server.client;
    let database = client.database();
    let there = "SELECT count() FROM databases WHERE name = $1";
    if server.system.query(there, &[database.into()])?[0].int(0) == 0 {
        (server.system).execute(&format!("CREATE DATABASE IF NOT EXISTS {database}"), &[])?;
    }
    let engine = |table: &str| engine(database, table, at, replicated);
    let noted = "CREATE TABLE IF NOT EXISTS schema_migration (name String, checksum String) ENGINE = {engine:schema_migration} ORDER BY name";
    for statement in statements(noted, &engine) {
        client.execute(&statement, &[])?;
    }
    for applied in client.query("SELECT DISTINCT name, checksum FROM schema_migration", &[])? {
        match SHARD.iter().find(|one| one.name == applied.text(0)) {
            None => return Err(client.error(Kind::Newer, "a migration that is unknown here")),
            Some(one) if one.checksum() != applied.text(1) => {
                return Err(client.error(Kind::Changed, "a migration that was changed"));
            }
            Some(_) => {}
        }
    }
    // Statements may run again, and a replica may know that they ran elsewhere before it ran them itself.
    for migration in SHARD {
        for statement in statements(migration.sql, &engine) {
            client.execute(&statement, &[])?;
        }
        let noted = "INSERT INTO schema_migration SELECT $1, $2 FROM (SELECT count() AS rows FROM schema_migration WHERE name = $1) WHERE rows = 0";
        client.execute(noted, &[migration.name.into(), migration.checksum().into()])?;
    }
    identify(client, ledger_id, at.0)
}

/// A server belongs to one ledger and stands at one place in the URL, so that rows of a company are looked for where they were written.
fn identify(client: &ClickHouse, ledger_id: &str, shard: usize) -> Result<(), DbError> {
    let found = client.query("SELECT DISTINCT ledger_id, shard FROM origin", &[])?;
    if found.is_empty() {
        let values = [ledger_id.into(), (shard as i64).into()];
        return client.execute(
            "INSERT INTO origin (ledger_id, shard) SELECT $1, $2",
            &values,
        );
    }
    match found
        .iter()
        .all(|row| row.text(0) == ledger_id && row.int(1) == shard as i64)
    {
        true => Ok(()),
        false => Err(client.error(
            Kind::Changed,
            "the server belongs to another ledger or to another place in the URL",
        )),
    }
}

fn engine(
    database: &str,
    table: &str,
    (shard, replica): (usize, usize),
    replicated: bool,
) -> String {
    match replicated {
        true => format!("ReplicatedMergeTree('/sonae/{database}/{shard}/{table}', '{replica}')"),
        false => "MergeTree()".to_owned(),
    }
}

/// The statements of a migration for one server.
fn statements(sql: &str, engine: &dyn Fn(&str) -> String) -> Vec<String> {
    let plain: String = sql
        .lines()
        .filter(|line| !line.trim_start().starts_with("--"))
        .collect::<Vec<_>>()
        .join("\n");
    let mut text = String::new();
    let mut rest = plain.as_str();
    while let Some((before, after)) = rest.split_once("{engine:") {
        let (table, behind) = after
            .split_once('}')
            .expect("a migration of ours closes its braces");
        text += before;
        text += &engine(table);
        rest = behind;
    }
    text += rest;
    let all = text.split(';').map(str::trim).filter(|one| !one.is_empty());
    all.map(comes_up_after_a_kill).collect()
}

/// A replica that was killed may hold a part that the others were not told of. ClickHouse refuses to start when such parts are more than half of a table,
/// as in the first days of a programme. Here it puts them aside as it does otherwise: what counts, and whether all of it is there, says the ledger.
fn comes_up_after_a_kill(statement: &str) -> String {
    if !statement.contains("ReplicatedMergeTree(") {
        return statement.to_owned();
    }
    let joint = match statement.contains(" SETTINGS ") {
        true => ", ",
        false => " SETTINGS ",
    };
    format!("{statement}{joint}replicated_max_ratio_of_wrong_parts = 1")
}
