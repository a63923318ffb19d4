//! Detections stored and asked for: `cargo xtask bench detections [--lines N] [--companies N] [--days N] [--database URL]`.
//!
//! Lines are generated in portions outside of the measured time. Measured is everything from a line's bytes to its durable commit: two threads read and
//! prepare batches (one company's day each), one stores what is ready, as a program would. Then every question is asked many times, cold caches of the
//! reader included in its first answer, and everything is proved.

use std::sync::Mutex;
use std::sync::mpsc::sync_channel;
use std::time::{Duration, Instant};

use sonae_db::{Db, Tx};
use sonae_telemetry::batch::{Batch, MOST_LINES, Origin, Prepared, Source};
use sonae_telemetry::block::Packer;
use sonae_telemetry::detection::{Record, Severity};
use sonae_telemetry::device_clock::Arrival;
use sonae_telemetry::formats::{self, Format};
use sonae_telemetry::generate::{Dice, Plan};
use sonae_telemetry::questions::search::{self, Wanted};
use sonae_telemetry::questions::{cohort, findings, month, needle};
use sonae_telemetry::time::Receipt;
use sonae_telemetry::{Day, Dictionary, TelemetryError, ingest, retention, verify};

/// Lines of a portion that is generated before it is measured: about 60 MB.
const PORTION: usize = 60_000;
/// 2026-01-01 in Tokyo.
const FIRST_DAY: i64 = 20_454;
const THREADS: usize = 2;
/// Prepared batches that may wait for the writer.
const WAITING: usize = 32;
const ROUNDS: usize = 60;

type Work = (u32, i64, Vec<String>);

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
    let url = given("--database").unwrap_or_else(|| file.display().to_string());
    let db = sonae_telemetry::open(&url).expect("an empty database");
    println!(
        "{} · {companies} companies · {days} days · {THREADS} threads read, 1 writes",
        db.engine()
    );
    let plan = Plan {
        seed: 1,
        companies: companies as u32,
        first_day: FIRST_DAY,
        days: days as u32,
        lines: (lines / companies / days).max(2) as u32,
    };
    fill(&db, plan);
    // What stands in the log is in the file afterwards.
    drop(db.erase_deleted(&[]));
    if let Ok(bytes) = std::fs::metadata(&file) {
        println!("file {} MB", bytes.len() / 1_000_000);
    }
    ask(&db, companies as usize, FIRST_DAY + days as i64 - 1);
    let started = Instant::now();
    let report = db.read(verify::verify).expect("the database answers");
    println!(
        "verify {:?}: {:?}",
        started.elapsed(),
        report.expect("figures equal what is stored")
    );
    drop(db);
    drop(std::fs::remove_dir_all(&folder));
}

/// Fills the database with detections of Suricata, which are the longest lines.
fn fill(db: &Db, plan: Plan) {
    let mut dictionary = Dictionary::default();
    let (mut spent, mut lines, mut bytes) = (Duration::ZERO, 0, 0);
    let mut portion: Vec<Work> = Vec::new();
    for day in FIRST_DAY..FIRST_DAY + i64::from(plan.days) {
        for company in 0..plan.companies {
            let (batch, _) = plan.batch(company, day, Format::Suricata);
            let alerts = batch.lines.into_iter().filter(|line| is_detection(line));
            portion.push((company, day, alerts.collect()));
            let size: usize = portion.iter().map(|(_, _, lines)| lines.len()).sum();
            let last = company + 1 == plan.companies && day + 1 == FIRST_DAY + i64::from(plan.days);
            if size >= PORTION || last {
                lines += size;
                bytes += portion
                    .iter()
                    .flat_map(|work| &work.2)
                    .map(String::len)
                    .sum::<usize>();
                let started = Instant::now();
                store(db, &mut dictionary, std::mem::take(&mut portion));
                spent += started.elapsed();
            }
        }
    }
    let stored = retention::stored(db).expect("a size");
    println!(
        "stored {lines} detections of {} bytes: {:.0} lines/s durable, {} bytes of blocks per line, peak memory {} MB",
        bytes / lines.max(1),
        lines as f64 / spent.as_secs_f64(),
        stored / lines.max(1) as i64,
        peak_memory() / 1_000_000,
    );
}

fn is_detection(line: &str) -> bool {
    let reading = formats::read(line, Some(Format::Suricata), Receipt::in_japan(0));
    matches!(reading.record, Record::Detection(_))
}

/// From bytes to the commit, as a program does it.
fn store(db: &Db, dictionary: &mut Dictionary, portion: Vec<Work>) {
    let queue = Mutex::new(portion.into_iter());
    let (sender, receiver) = sync_channel::<Prepared>(WAITING);
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            let sender = sender.clone();
            let queue = &queue;
            scope.spawn(move || {
                let mut packer = Packer::new();
                loop {
                    let work = queue.lock().expect("nobody panics").next();
                    let Some((company, day, lines)) = work else {
                        return;
                    };
                    for (part, lines) in lines.chunks(MOST_LINES).enumerate() {
                        let ready = prepare(company, (day, part), lines, &mut packer);
                        sender.send(ready).expect("the writer waits");
                    }
                }
            });
        }
        drop(sender);
        while let Ok(first) = receiver.recv() {
            let mut group = vec![first];
            group.extend(receiver.try_iter().take(ingest::MOST_BATCHES - 1));
            ingest::store(db, dictionary, &group).expect("stored");
        }
    });
}

fn prepare(
    company: u32,
    (day, part): (i64, usize),
    lines: &[String],
    packer: &mut Packer,
) -> Prepared {
    let received_us = Day(day + 1).start_us();
    let source = Source {
        id: format!("source {company}"),
        company: format!("company {company}"),
        device: format!("SN{company}"),
    };
    let origin = Origin::Sent {
        batch_id: format!("{day} {part}"),
        hash: [0; 32],
    };
    let arrival = Arrival {
        received_us,
        live: true,
    };
    let mut batch = Batch::begin(source, origin, arrival, packer);
    let receipt = Receipt::in_japan(received_us);
    let mut hint = None;
    for line in lines {
        let reading = formats::read(line, hint, receipt);
        hint = reading.format;
        batch.add(&reading.record, line.as_bytes());
    }
    batch.prepare()
}

fn ask(db: &Db, companies: usize, last_day: i64) {
    let last = Day(last_day);
    let mut dice = Dice::new(7);
    let mut company = move || format!("company {}", dice.index(companies));
    let month = last.month();
    let days = (month.first_day(), month.last_day());
    measure(db, "a company's month", |tx| {
        let id = company();
        month::figures(tx, &id, month, days).map(|found| found.detections as usize)
    });
    if companies >= cohort::FLOOR {
        let members = (0..companies).map(|n| format!("company {n}")).collect();
        let all = cohort::declare(vec![("all".into(), members)]).expect("enough members");
        measure(db, "cohort's month", |tx| {
            cohort::figures(tx, &all[0], month).map(|found| found.rules.len())
        });
    }
    measure(db, "sheet of a day", |tx| {
        findings::sheet(tx, last).map(|sheet| sheet.len())
    });
    let whole = (Day(FIRST_DAY), last);
    let mut dice = Dice::new(8);
    let mut company = move || format!("company {}", dice.index(companies));
    let mut page = |name: &str, change: fn(&mut Wanted)| {
        measure(db, name, |tx| {
            let mut wanted = Wanted::all(&company(), whole);
            change(&mut wanted);
            search::page(tx, &wanted, None, 50, Duration::MAX).map(|page| page.hits.len())
        });
    };
    page("search: newest", |_| {});
    page("search: grave ones", |wanted| {
        wanted.severity_from = Severity::High
    });
    page("search: an address", |wanted| {
        wanted.address = Some("203.0.113.77".into())
    });
    page("search: text nowhere", |wanted| {
        wanted.text = Some("no such words".into())
    });
    measure(db, "needle", |tx| {
        needle::address(tx, "203.0.113.77").map(|found| found.days)
    });
    measure(db, "needle, nowhere", |tx| {
        needle::address(tx, "192.0.2.254").map(|found| found.days)
    });
}

fn measure(
    db: &Db,
    name: &str,
    mut question: impl FnMut(&mut Tx) -> Result<usize, TelemetryError>,
) {
    let mut times: Vec<Duration> = Vec::new();
    let mut size = 0;
    for _ in 0..ROUNDS {
        let started = Instant::now();
        size = db.read(&mut question).expect("an answer");
        times.push(started.elapsed());
    }
    times.sort();
    let ms = |at: usize| times[at].as_secs_f64() * 1000.0;
    println!(
        "{name:<22} p50 {:>8.2} ms  p95 {:>8.2} ms  ({size})",
        ms(ROUNDS / 2),
        ms(ROUNDS * 95 / 100)
    );
}

/// The most memory this process ever had, in bytes; 0 where the system does not tell.
fn peak_memory() -> u64 {
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
