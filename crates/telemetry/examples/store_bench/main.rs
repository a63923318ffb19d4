//! Detections stored and asked for: `cargo xtask bench detections [--lines N] [--companies N] [--days N] [--database URL] [--shards N] [--events FILE] [--ask]`.
//!
//! Lines are generated in portions outside of the measured time. Measured is everything from a line's bytes to its durable commit: two threads read and
//! prepare batches (one company's day each), one stores what is ready, as a program would. Then every question is asked many times, cold caches of the
//! reader included in its first answer, and everything is proved. `--events` writes what is stored as a table too, for `rivals.py`; `--ask` asks a
//! database that an earlier run filled. The URL may be a cluster's (`clickhouse://…`, its ledger is then made in the temporary folder); `--shards` starts
//! that many ClickHouse servers on this machine, as the tests do.

mod events;
mod load;
mod questions;
#[path = "../../tests/cluster/servers.rs"]
#[expect(dead_code, reason = "nothing is killed or replicated here")]
mod servers;

use std::path::Path;
use std::time::Instant;

use servers::Server;
use sonae_db::Db;
use sonae_db::clickhouse::Url;
use sonae_telemetry::cluster::Cluster;
use sonae_telemetry::detections::Detections;
use sonae_telemetry::generate::Plan;

/// 2026-01-01 in Tokyo.
const FIRST_DAY: i64 = 20_454;

fn main() {
    let given = |name: &str| {
        let mut arguments = std::env::args().skip_while(|argument| argument != name);
        arguments.nth(1)
    };
    let number = |name, usual| {
        given(name)
            .and_then(|text| text.parse().ok())
            .unwrap_or(usual)
    };
    let (lines, companies, days) = (
        number("--lines", 1_000_000u64),
        number("--companies", 200),
        number("--days", 90),
    );
    let folder = std::env::temp_dir().join(format!("sonae-detections-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a temporary folder");
    let file = folder.join("detections.sqlite");
    let shards: Vec<Server> = (0..number("--shards", 0))
        .map(|_| Server::start(None))
        .collect();
    let url = match shards.is_empty() {
        true => given("--database").unwrap_or_else(|| file.display().to_string()),
        false => {
            let places: Vec<Vec<String>> = shards.iter().map(|one| vec![one.address()]).collect();
            servers::url(&places, "detections", "")
        }
    };
    let (engine, detections) = opened(&url, &folder);
    println!(
        "{engine} · {companies} companies · {days} days · {} threads read, 1 writes",
        load::THREADS
    );
    if !std::env::args().any(|argument| argument == "--ask") {
        let plan = Plan {
            seed: 1,
            companies: companies as u32,
            first_day: FIRST_DAY,
            days: days as u32,
            lines: (lines / companies / days).max(2) as u32,
        };
        load::fill(&detections, plan);
        // What stands in the log is in the file afterwards.
        drop(detections.db().erase_deleted(&[]));
    }
    let stored = detections.stored().expect("a size");
    println!("blocks {} MB", stored / 1_000_000);
    if let Ok(bytes) = std::fs::metadata(&file) {
        println!("file {} MB", bytes.len() / 1_000_000);
    }
    let (companies, days) = (companies as usize, (FIRST_DAY, FIRST_DAY + days as i64 - 1));
    questions::ask(&detections, companies, days);
    println!("peak memory {} MB", peak_memory() / 1_000_000);
    if let Some(file) = given("--events") {
        events::write(&detections, companies, days, &file);
    }
    let started = Instant::now();
    let report = detections.verify().expect("the database answers");
    println!(
        "verify {:?}: {:?}",
        started.elapsed(),
        report.expect("figures equal what is stored")
    );
    drop((detections, shards));
    drop(std::fs::remove_dir_all(&folder));
}

/// The engine's name, and the detections at a URL.
fn opened(url: &str, folder: &Path) -> (String, Detections) {
    if !Url::is_one(url) {
        let db = sonae_telemetry::open(url).expect("a database");
        return (db.engine().to_string(), Detections::new(db));
    }
    let shards = Url::read(url).expect("a cluster").shards.len();
    let ledger = folder.join("ledger.sqlite").display().to_string();
    let ledger = Db::open(&ledger).expect("a ledger");
    let cluster = Cluster::open(url, ledger).expect("a cluster");
    (
        format!("ClickHouse, shards {shards}"),
        Detections::on_cluster(cluster),
    )
}

/// The most memory this process ever had, in bytes; 0 where the system does not tell.
pub(crate) fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| {
        line.trim()
            .trim_end_matches("kB")
            .trim()
            .parse::<u64>()
            .ok()
    });
    kib.unwrap_or(0) * 1024
}
