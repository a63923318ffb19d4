//! Measures how long the monthly reports of a month take, from stored detections to the PDF. `cargo xtask bench reports` runs it.
//!
//! Each report is computed, composed and laid out as the office does it; the office's own row, log entry and mail are left out.

#[path = "../../../papers/examples/papers/process.rs"]
#[expect(dead_code, reason = "the papers' measurements need more of it")]
mod process;
mod stored;

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use clap::Parser;
use sonae::office::reports::gather::{self, Known, bounds};
use sonae::papers;
use sonae_core::report::compose::{Of, compose};
use sonae_core::report::figures::Kind;
use sonae_core::report::month::Month;
use sonae_db::Db;
use sonae_store::telemetry_source::{self, Source};
use sonae_telemetry::detections::Detections;
use sonae_telemetry::{Day, MIGRATIONS};

#[derive(Parser)]
struct Args {
    /// Companies with a UTM, and as many with EDR.
    #[arg(long, default_value_t = 50)]
    companies: u32,
    /// Lines of a UTM on a usual day; EDR tells a fiftieth of it.
    #[arg(long, default_value_t = 1_000)]
    lines: u32,
    /// Reports that are made side by side.
    #[arg(long, default_value_t = 2)]
    threads: usize,
    /// Where the detections are stored; an SQLite file of its own otherwise.
    #[arg(long)]
    database: Option<String>,
}

fn main() -> Result<(), String> {
    let args = Args::parse();
    let folder = std::env::temp_dir().join(format!("sonae-reports-{}", std::process::id()));
    std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    let file = format!("sqlite:{}", folder.join("detections.sqlite").display());
    let measured = measure(&args, args.database.as_deref().unwrap_or(&file));
    drop(std::fs::remove_dir_all(&folder));
    measured
}

fn measure(args: &Args, url: &str) -> Result<(), String> {
    let db = Db::open(url).map_err(|error| error.to_string())?;
    db.migrate(MIGRATIONS).map_err(|error| error.to_string())?;
    let detections = Detections::new(db);
    let began = Instant::now();
    let lines = stored::store(&detections, args.companies, args.lines)?;
    println!(
        "{lines} lines of {} UTM and {} EDR stored in {:.1} s",
        args.companies,
        args.companies,
        began.elapsed().as_secs_f64()
    );
    // Linux forgets the peak of the storing.
    drop(std::fs::write("/proc/self/clear_refs", "5"));
    let (began, before) = (Instant::now(), process::all_cpu());
    let mut times = all(args, &detections)?;
    let (time, cpu) = (began.elapsed(), process::all_cpu().saturating_sub(before));
    times.sort_unstable();
    let count = times.len();
    let at = |place: usize| {
        let time = times.get(place.min(count.saturating_sub(1)));
        time.copied().unwrap_or_default().as_secs_f64() * 1000.0
    };
    println!(
        "{count} reports with PDF on {} threads: {:.2} s, {:.1} s CPU; each: median {:.0} ms, slowest {:.0} ms; at most {} MB of memory",
        args.threads,
        time.as_secs_f64(),
        cpu.as_secs_f64(),
        at(count / 2),
        at(count),
        process::peak_memory() / 1_000_000
    );
    Ok(())
}

/// Makes every company's report; gives how long each took.
fn all(args: &Args, detections: &Detections) -> Result<Vec<Duration>, String> {
    let members = members(args.companies);
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..args.threads)
            .map(|thread| {
                let members = &members;
                scope.spawn(move || {
                    let mut times = Vec::new();
                    for company in (thread..2 * args.companies as usize).step_by(args.threads) {
                        let kind = stored::kind(company as u32, args.companies);
                        let began = Instant::now();
                        one(detections, &company.to_string(), kind, members)?;
                        times.push(began.elapsed());
                    }
                    Ok::<_, String>(times)
                })
            })
            .collect();
        let mut times = Vec::new();
        for thread in threads {
            times.extend(thread.join().map_err(|_| "a thread stopped")??);
        }
        Ok(times)
    })
}

type Members = BTreeMap<Kind, BTreeSet<String>>;

fn members(companies: u32) -> Members {
    let mut members = Members::new();
    for company in 0..2 * companies {
        let of_kind = members.entry(stored::kind(company, companies)).or_default();
        of_kind.insert(company.to_string());
    }
    members
}

/// One report, from the detections to the bytes of its PDF.
fn one(detections: &Detections, id: &str, kind: Kind, members: &Members) -> Result<(), String> {
    let month = Month::of(Day(stored::FIRST_DAY).date());
    let (from, until) = bounds(month);
    let source = Source {
        id: id.to_owned(),
        application_id: id.to_owned(),
        kind: match kind {
            Kind::Utm => telemetry_source::Kind::Utm,
            Kind::Edr => telemetry_source::Kind::Edr,
        },
        product: "見本の機器".to_owned(),
        serial: format!("SN-{id}"),
        from,
        until,
        created_by: "bench".to_owned(),
        created_at: from,
        ended_at: None,
    };
    let known = Known {
        now: vec![source],
        members: members.clone(),
        ..Known::default()
    };
    let figures =
        gather::figures(detections, id, month, &known, until).map_err(|error| error.to_string())?;
    let document = compose(
        &figures,
        &Of {
            company: &format!("株式会社見本{id}"),
            receipt_number: id,
            office: "事務局",
            phone: "",
            made: month.after().first_day(),
            revision: 1,
            word: "",
        },
    );
    papers::pdf_now(&document).map_err(|error| error.to_string())?;
    Ok(())
}
