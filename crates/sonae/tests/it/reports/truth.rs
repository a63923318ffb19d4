//! The figures of reports are those of lines whose truth is known, on both engines.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use sonae::office::reports::gather::{self, Known, bounds};
use sonae_core::report::figures::{Counts, Figures};
use sonae_core::report::month::Month;
use sonae_db::Db;
use sonae_store::telemetry_source::Source;
use sonae_telemetry::batch::Prepared;
use sonae_telemetry::detections::Detections;
use sonae_telemetry::generate::{self, Plan};
use sonae_telemetry::{Day, MIGRATIONS};

use super::source;

/// From 2026-06-01, a month of thirty days.
const PLAN: Plan = Plan {
    seed: 31,
    companies: 6,
    first_day: 20_605,
    days: 30,
    lines: 40,
};
/// From 2026-04-01, two whole months and almost all of a third.
const LARGE: Plan = Plan {
    companies: 200,
    first_day: 20_544,
    days: 90,
    lines: 30,
    ..PLAN
};
/// Batches that are stored at once.
const GROUP: usize = 32;

/// The small plan, or the large one for who asks for it by hand (CONTRIBUTING.md).
fn plan() -> Plan {
    match std::env::var("SONAE_TEST_LARGE").is_ok() {
        true => LARGE,
        false => PLAN,
    }
}

#[test]
fn a_reports_figures_are_the_truth_on_sqlite() {
    let folder = tempfile::tempdir().expect("a folder");
    on_sqlite(folder.path(), plan());
}

#[test]
fn a_reports_figures_are_the_truth_on_postgres() {
    on_postgres(plan());
}

fn on_sqlite(folder: &std::path::Path, plan: Plan) {
    check(&format!("sqlite:{}", folder.join("d").display()), plan);
}

fn on_postgres(plan: Plan) {
    let base = std::env::var("SONAE_TEST_POSTGRES").unwrap_or_else(|_| {
        panic!("SONAE_TEST_POSTGRES is not set; run the tests with `cargo xtask test`, which starts PostgreSQL")
    });
    let name = format!("reports_{}_{}", std::process::id(), plan.companies);
    let url = sonae_telemetry::contract::empty_schema(&base, &name).expect("the server answers");
    check(&url, plan);
}

/// What a report says of a company's month, as far as the generator knows it.
#[derive(Debug, Default, PartialEq)]
struct Said {
    total: Counts,
    days: BTreeMap<Date, Counts>,
    /// By rule and severity.
    rules: BTreeMap<(String, usize), Counts>,
    /// Detections by device.
    devices: BTreeMap<String, i64>,
    /// Of detections, of other records, and unreadable ones.
    lines: [i64; 3],
}

type Truths = BTreeMap<(u32, Month), Said>;

fn check(url: &str, plan: Plan) {
    let db = Db::open(url).expect("opened");
    db.migrate(MIGRATIONS).expect("migrated");
    let detections = Detections::new(db);
    let mut truths = Truths::new();
    let mut group = Vec::new();
    for (batch, truth) in plan.batches() {
        add(&mut truths, &batch, truth);
        group.push(batch.prepared());
        if group.len() == GROUP {
            store(&detections, &mut group);
        }
    }
    store(&detections, &mut group);
    let end = Day(plan.first_day + i64::from(plan.days)).start_us();
    let now = jiff::Timestamp::from_microsecond(end).expect("an instant");
    let mut lines = 0;
    for ((company, month), truth) in &truths {
        let known = known(*company, *month);
        let id = company.to_string();
        let figures = gather::figures(&detections, &id, *month, &known, now).expect("computed");
        assert_eq!(said(&figures), *truth, "company {company}, {month}");
        let before = truths.get(&(*company, month.before()));
        let counted = figures.before.map(|before| before.counts);
        assert_eq!(
            counted,
            Some(before.map_or_else(Counts::default, |said| said.total))
        );
        lines += truth.lines.iter().sum::<i64>();
    }
    let whole = plan.truth().lines();
    assert_eq!(
        u64::try_from(lines).ok(),
        Some(whole),
        "nothing is left out"
    );
}

/// One device that is watched in the month and in the one before.
fn known(company: u32, month: Month) -> Known {
    let id = company.to_string();
    let (from, until) = bounds(month);
    let watched = Source {
        from: bounds(month.before()).0.min(from),
        until,
        ..source(&id)
    };
    Known {
        now: vec![watched.clone()],
        before: vec![watched],
        ..Known::default()
    }
}

fn add(truths: &mut Truths, batch: &generate::Batch, truth: generate::Truth) {
    let date = Day(batch.day).date();
    let said = truths.entry((batch.company, Month::of(date))).or_default();
    said.devices.entry(batch.device.clone()).or_default();
    for (cell, sum) in truth.detections {
        let events = i64::try_from(sum.events).expect("few");
        let mut counts = Counts {
            events,
            ..Counts::default()
        };
        counts.severity[cell.severity as usize] = events;
        counts.action[cell.action as usize] = events;
        said.total.add(&counts);
        said.days.entry(date).or_default().add(&counts);
        let rule = (cell.rule, cell.severity as usize);
        said.rules.entry(rule).or_default().add(&counts);
        *said.devices.entry(cell.device).or_default() += events;
        said.lines[0] += i64::try_from(sum.lines).expect("few");
    }
    let sum = |lines: Vec<u64>| i64::try_from(lines.iter().sum::<u64>()).expect("few");
    said.lines[1] += sum(truth.activities.into_values().collect());
    said.lines[2] += sum(truth.unknown.into_values().collect());
}

fn said(figures: &Figures) -> Said {
    let mut rules: BTreeMap<(String, usize), Counts> = BTreeMap::new();
    for rule in &figures.rules {
        let key = (rule.rule.clone(), rule.severity);
        rules.entry(key).or_default().add(&rule.counts);
    }
    let named: BTreeSet<&str> = figures.devices.iter().map(|one| &*one.name).collect();
    assert_eq!(named.len(), figures.devices.len(), "each device once");
    Said {
        total: figures.total,
        days: figures.days.clone(),
        rules,
        devices: (figures.devices.iter())
            .map(|one| (one.name.clone(), one.detections))
            .collect(),
        lines: [
            figures.lines.detections,
            figures.lines.activities,
            figures.lines.unread(),
        ],
    }
}

fn store(detections: &Detections, group: &mut Vec<Prepared>) {
    let stored = detections.store(group);
    assert!(stored.iter().all(Result::is_ok));
    group.clear();
}
