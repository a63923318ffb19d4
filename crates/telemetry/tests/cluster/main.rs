//! Detections on a cluster of two shards: the same contract as in databases, and what only a cluster can suffer. ClickHouse comes from
//! `SONAE_TEST_CLICKHOUSE` (set by `cargo xtask test`); without it the tests fail, they do not pass silently.

mod failing;
mod load;
mod protected;
mod servers;

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use servers::{Server, folder, url};
use sonae_db::Db;
use sonae_db::clickhouse::{ClickHouse, Url};
use sonae_telemetry::cluster::Cluster;
use sonae_telemetry::contract::CASES;
use sonae_telemetry::detections::Detections;

static NUMBER: AtomicU32 = AtomicU32::new(0);

/// An empty database on every server, and its ledger.
pub(crate) struct Office {
    pub(crate) url: String,
    pub(crate) folder: PathBuf,
}

impl Office {
    pub(crate) fn on(shards: &[Vec<String>], options: &str) -> Office {
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        Office {
            url: url(shards, &format!("office_{number}"), options),
            folder: folder("ledger"),
        }
    }

    pub(crate) fn detections(&self) -> Detections {
        let ledger = Db::open(&format!(
            "sqlite:{}",
            self.folder.join("ledger.sqlite").display()
        ))
        .unwrap();
        Detections::on_cluster(Cluster::open(&self.url, ledger).unwrap())
    }
}

impl Office {
    /// Tells a server something behind the program's back.
    pub(crate) fn tell(&self, server: &Server, sql: &str) {
        let url = Url::read(&self.url).unwrap();
        let places = url.shards.into_iter().flatten();
        let place = places
            .into_iter()
            .find(|place| place.server == server.address());
        ClickHouse::new(place.unwrap(), 1)
            .execute(sql, &[])
            .unwrap();
    }
}

impl Drop for Office {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.folder));
    }
}

/// Servers as shards without replicas. `SONAE_TEST_CLUSTER` names running ones instead, for example of the newest engine.
fn shards() -> (Vec<Server>, Vec<Vec<String>>) {
    if let Ok(running) = std::env::var("SONAE_TEST_CLUSTER") {
        return (
            Vec::new(),
            running.split(',').map(|one| vec![one.to_owned()]).collect(),
        );
    }
    let servers = vec![Server::start(None), Server::start(None)];
    let addresses = servers.iter().map(|one| vec![one.address()]).collect();
    (servers, addresses)
}

#[test]
fn a_cluster_keeps_the_contract() {
    let (_servers, addresses) = shards();
    let mut failed = Vec::new();
    for (name, case) in CASES {
        let begun = std::time::Instant::now();
        let office = Office::on(&addresses, "");
        let run = || case(&|| office.detections());
        if std::panic::catch_unwind(std::panic::AssertUnwindSafe(run)).is_err() {
            failed.push(*name);
        }
        eprintln!("{name}: {:?}", begun.elapsed());
    }
    assert!(
        failed.is_empty(),
        "a cluster breaks the contract: {failed:?}"
    );
}
