//! What was generated is what is counted: lines of three vendors are read, stored and asked for, and every figure equals the truth that was written
//! down while the lines were made.

use std::collections::BTreeMap;

use sonae_telemetry::generate::{Plan, Truth};
use sonae_telemetry::questions::{findings, month};
use sonae_telemetry::{Day, Dictionary, MIGRATIONS, Month, ingest, verify};

use crate::engines::Engine;

const PLAN: Plan = Plan {
    seed: 11,
    companies: 6,
    first_day: 20_480,
    days: 12,
    lines: 60,
};

#[test]
fn figures_equal_the_generated_truth() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        check(engine);
    }
}

fn check(engine: Engine) {
    let database = engine.empty_database("truth");
    let db = database.open();
    db.migrate(MIGRATIONS).unwrap();
    let mut dictionary = Dictionary::default();
    let mut truth = Truth::default();
    for (batch, of_batch) in PLAN.batches() {
        truth.add(of_batch);
        // Everything comes twice.
        let group = [batch.prepared(), batch.prepared()];
        ingest::store(&db, &mut dictionary, &group).unwrap();
    }
    db.read(verify::verify).unwrap().unwrap();
    let mut expected: BTreeMap<_, i64> = BTreeMap::new();
    for (cell, sum) in &truth.detections {
        let key = (
            cell.company,
            cell.day,
            cell.device.clone(),
            cell.rule.clone(),
            cell.severity,
            cell.action,
        );
        *expected.entry(key).or_default() += sum.events as i64;
    }
    let mut found: BTreeMap<_, i64> = BTreeMap::new();
    for company in 0..PLAN.companies {
        for day in PLAN.first_day..PLAN.first_day + i64::from(PLAN.days) {
            let (of_day, count) = db
                .read(|tx| findings::of_day(tx, &company.to_string(), Day(day)))
                .unwrap();
            assert_eq!(of_day.len(), count, "nothing is cut off");
            for one in of_day {
                let key = (company, day, one.device, one.rule, one.severity, one.action);
                *found.entry(key).or_default() += one.events;
            }
        }
    }
    assert_eq!(found, expected);
    months(&db, &truth);
}

fn months(db: &sonae_db::Db, truth: &Truth) {
    let month: Month = Day(PLAN.first_day).month();
    let days = month.first_day().0..=month.last_day().0;
    for company in 0..PLAN.companies {
        let figures = db
            .read(|tx| {
                let within = (month.first_day(), month.last_day());
                month::figures(tx, &company.to_string(), month, within)
            })
            .unwrap();
        let mine = |of: u32, day: &i64| of == company && days.contains(day);
        let cells = truth.detections.iter();
        let cells: Vec<_> = cells
            .filter(|(cell, _)| mine(cell.company, &cell.day))
            .collect();
        let events: u64 = cells.iter().map(|(_, sum)| sum.events).sum();
        let lines: u64 = cells.iter().map(|(_, sum)| sum.lines).sum();
        assert_eq!(
            (figures.total.events as u64, figures.detections as u64),
            (events, lines)
        );
        let sources: std::collections::BTreeSet<&String> =
            cells.iter().flat_map(|(_, sum)| &sum.sources).collect();
        assert_eq!(figures.addresses.sources as usize, sources.len());
        let activities = truth
            .activities
            .iter()
            .filter(|((of, day, _), _)| mine(*of, day));
        let told: i64 = figures.activities.iter().map(|(_, lines)| lines).sum();
        assert_eq!(told as u64, activities.map(|(_, lines)| lines).sum::<u64>());
        let unknown = truth.unknown.iter().filter(|((of, day), _)| mine(*of, day));
        let told: i64 = figures.unknown.iter().map(|(_, lines)| lines).sum();
        assert_eq!(told as u64, unknown.map(|(_, lines)| lines).sum::<u64>());
    }
}
