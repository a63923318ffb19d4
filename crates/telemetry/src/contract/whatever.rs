//! Any sequence of batches, repeated, reordered, with crashes between: the figures are those of a plain recount in memory.

use std::collections::{BTreeMap, BTreeSet};

use super::sample::{HOUR, NOON, Said, detection, sent};
use super::{FreshDatabase, open, read, sound};
use crate::dictionary::Learning;
use crate::ingest::{store, within};
use crate::questions::month;
use crate::{Day, Dictionary, Month, TelemetryError, gather};

/// A small generator of our own (xorshift64*): the case runs in installations too, where no library for chance is at hand.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % bound
    }
}

const COMPANIES: [&str; 3] = ["a", "b", "c"];

pub(super) fn happens(fresh: &FreshDatabase<'_>) {
    let db = open(fresh);
    let mut chance = Chance(20_260_310);
    let batches: Vec<(&str, String, Vec<Said>)> = (0..60)
        .map(|number| {
            let lines = (0..chance.below(30)).map(|_| line(&mut chance)).collect();
            (
                COMPANIES[chance.below(3) as usize],
                number.to_string(),
                lines,
            )
        })
        .collect();
    let mut dictionaries = [Dictionary::default(), Dictionary::default()];
    let mut left: BTreeSet<usize> = (0..batches.len()).collect();
    while !left.is_empty() {
        let group: Vec<usize> = (0..1 + chance.below(4))
            .map(|_| chance.below(batches.len() as u64) as usize)
            .collect();
        let prepared: Vec<_> = (group.iter())
            .map(|at| sent(batches[*at].0, &batches[*at].1, &batches[*at].2))
            .collect();
        let node = chance.below(2) as usize;
        match chance.below(4) {
            0 => {
                let died: Result<(), TelemetryError> = db.write(|tx| {
                    let mut learning = Learning::begin(&dictionaries[node], tx)?;
                    within(tx, &mut learning, &prepared)?;
                    Err(TelemetryError::Damaged("the plug is pulled".into()))
                });
                assert!(died.is_err());
            }
            1 => {
                let day = Day::of(NOON - chance.below(40) as i64 * 24 * HOUR);
                gather::day(&db, day, &mut crate::block::Packer::new()).expect("gathered");
            }
            _ => {
                store(&db, &mut dictionaries[node], &prepared).expect("stored");
                left.retain(|at| !group.contains(at));
            }
        }
    }
    sound(&db);
    for company in COMPANIES {
        let lines: Vec<&Said> = (batches.iter())
            .filter(|batch| batch.0 == company)
            .flat_map(|batch| &batch.2)
            .collect();
        for month in ["2026-01", "2026-02", "2026-03"] {
            check(&db, company, Month::parse(month).expect("a month"), &lines);
        }
    }
}

fn line(chance: &mut Chance) -> Said {
    let time = NOON - chance.below(40 * 24 * 3600) as i64 * 1_000_000;
    Said {
        kind: [0, 0, 0, 1, 2][chance.below(5) as usize],
        device: chance.below(3) as u8,
        destination: chance.below(5) as u8,
        count: 1 + chance.below(3) as u32,
        ..detection(time, chance.below(14) as u8, chance.below(40) as u8)
    }
}

/// The plain recount. What is unknown counts on the day it was received, since it tells no time.
fn check(db: &sonae_db::Db, company: &str, month: Month, lines: &[&Said]) {
    let days = (month.first_day(), month.last_day());
    let found = read(db, |tx| month::figures(tx, company, month, days));
    let of_month = |line: &&&Said| match line.kind {
        2 => Day::of(NOON).month() == month,
        _ => Day::of(line.time_us).month() == month,
    };
    let mine: Vec<&&Said> = lines.iter().filter(of_month).collect();
    let detections = || mine.iter().filter(|line| line.kind == 0);
    let events: i64 = detections().map(|line| i64::from(line.count)).sum();
    assert_eq!(
        (found.total.events, found.detections),
        (events, detections().count() as i64)
    );
    let mut by_day: BTreeMap<Day, i64> = BTreeMap::new();
    let mut by_rule: BTreeMap<String, i64> = BTreeMap::new();
    let (mut all, mut sources) = (BTreeSet::new(), BTreeSet::new());
    for line in detections() {
        *by_day.entry(Day::of(line.time_us)).or_default() += i64::from(line.count);
        *by_rule.entry(line.title()).or_default() += i64::from(line.count);
        all.extend([line.source_address(), line.destination_address()]);
        sources.insert(line.source_address());
    }
    let days: BTreeMap<Day, i64> = found
        .days
        .iter()
        .map(|(day, split)| (*day, split.events))
        .collect();
    assert_eq!(days, by_day);
    let rules: BTreeMap<String, i64> = (found.rules.iter())
        .map(|rule| (rule.title.clone(), rule.split.events))
        .collect();
    assert_eq!(rules, by_rule);
    assert_eq!(
        (found.addresses.all, found.addresses.sources),
        (all.len() as i64, sources.len() as i64)
    );
    let unknown: i64 = found.unknown.iter().map(|(_, lines)| lines).sum();
    assert_eq!(
        unknown,
        mine.iter().filter(|line| line.kind == 2).count() as i64
    );
    let activities: i64 = found.activities.iter().map(|(_, lines)| lines).sum();
    assert_eq!(
        activities,
        mine.iter().filter(|line| line.kind == 1).count() as i64
    );
    let heard: i64 = found.coverage.iter().map(|device| device.lines).sum();
    assert_eq!(heard, mine.len() as i64);
}
