//! Every question, asked many times.

use std::time::{Duration, Instant};

use sonae_telemetry::detection::Severity;
use sonae_telemetry::detections::Detections;
use sonae_telemetry::generate::Dice;
use sonae_telemetry::questions::cohort;
use sonae_telemetry::questions::search::Wanted;
use sonae_telemetry::{Day, TelemetryError};

const ROUNDS: usize = 60;

/// `days` are the first and the last one.
pub(crate) fn ask(detections: &Detections, companies: usize, days: (i64, i64)) {
    let whole = (Day(days.0), Day(days.1));
    let last = whole.1;
    let mut dice = Dice::new(7);
    let mut company = move || format!("company {}", dice.index(companies));
    let month = last.month();
    let days = (month.first_day(), month.last_day());
    measure("a company's month", || {
        let id = company();
        detections
            .month(&id, month, days)
            .map(|found| found.detections as usize)
    });
    if companies >= cohort::FLOOR {
        let members = (0..companies).map(|n| format!("company {n}")).collect();
        let all = cohort::declare(vec![("all".into(), members)]).expect("enough members");
        measure("cohort's month", || {
            detections
                .cohort(&all[0], month)
                .map(|found| found.rules.len())
        });
    }
    measure("sheet of a day", || {
        detections.sheet(last).map(|sheet| sheet.len())
    });
    let mut dice = Dice::new(8);
    let mut company = move || format!("company {}", dice.index(companies));
    let mut page = |name: &str, change: fn(&mut Wanted)| {
        measure(name, || {
            let mut wanted = Wanted::all(&company(), whole);
            change(&mut wanted);
            detections
                .search(&wanted, None, 50, Duration::MAX)
                .map(|page| page.hits.len())
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
    measure("needle", || {
        detections.needle("203.0.113.77").map(|found| found.days)
    });
    measure("needle, nowhere", || {
        detections.needle("192.0.2.254").map(|found| found.days)
    });
}

fn measure(name: &str, mut question: impl FnMut() -> Result<usize, TelemetryError>) {
    let mut times: Vec<Duration> = Vec::new();
    let mut size = 0;
    for _ in 0..ROUNDS {
        let started = Instant::now();
        size = question().expect("an answer");
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
