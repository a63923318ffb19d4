//! The questions that figures answer, on a cluster. Only what is read differs from the other engines; what is made of it is shared with them.

use std::collections::{BTreeMap, HashMap};

use sonae_db::Row;

use super::Cluster;
use super::rows::{Figured, text_hash};
use crate::TelemetryError;
use crate::address::Address;
use crate::block;
use crate::day::{Day, Month};
use crate::detection::{Action, Severity};
use crate::questions::cohort::{self, Cohort};
use crate::questions::coverage::{self, Heard};
use crate::questions::findings::{DayTotal, Finding, MOST_FINDINGS};
use crate::questions::month::{self, MOST_NAMED, Summary, Sums};
use crate::questions::needle::{self, Needle};
use crate::questions::words::{self, MOST_WORDS_NAMED, UnknownWord};

const ALL: (Month, Month) = (Month(0), Month(u32::MAX as i64));

/// Everything that a company's month says but its addresses, grouped as far as it is told.
const MONTH: &str =
    "SELECT kind, day, device, rule, title, category, text, severity, action, why, hour, sum(lines), sum(events), min(first_us), max(last_us),
     max(packets), max(drops), sum(clock_doubtful) FROM figure WHERE kind IN (1, 2, 4, 5, 6) AND {rows}
     GROUP BY kind, day, device, rule, title, category, text, severity, action, why, hour ORDER BY kind, hour";
const ADDRESSES: &str = "SELECT count(), countIf(bitAnd(met, 1) != 0), countIf(bitAnd(met, 2) != 0), countIf(bitAnd(met, 4) != 0)
     FROM (SELECT text, groupBitOr(sides) AS met FROM figure WHERE kind = 3 AND {rows} GROUP BY text)";

/// Field, word and lines of what no table knows.
const WORDS: &str =
    "SELECT rule, text, sum(lines) AS all_lines FROM figure WHERE kind = 7 AND {rows}
     GROUP BY rule, text ORDER BY all_lines DESC, rule, text LIMIT $1";

impl Cluster {
    pub(crate) fn unknown_words(&self, company: &str) -> Result<Vec<UnknownWord>, TelemetryError> {
        let most = MOST_WORDS_NAMED as i64;
        let found = self.of_company(company, ALL, |asked| {
            Ok(words::told(&asked.query(WORDS, &[most.into()])?))
        })?;
        Ok(found.unwrap_or_default())
    }

    pub(crate) fn month(
        &self,
        company: &str,
        month: Month,
        watched: (Day, Day),
    ) -> Result<month::Figures, TelemetryError> {
        let found = self.of_company(company, (month, month), |asked| {
            let rows = asked.query(MONTH, &[])?;
            let mut figures = told(&rows, month, watched)?;
            let addresses = &asked.query(ADDRESSES, &[])?[0];
            figures.addresses = month::Addresses {
                all: addresses.int(0),
                sources: addresses.int(1),
                destinations: addresses.int(2),
                outside: addresses.int(3),
            };
            Ok(figures)
        })?;
        Ok(found.unwrap_or_default())
    }

    pub(crate) fn cohort(
        &self,
        cohort: &Cohort,
        month: Month,
    ) -> Result<cohort::Figures, TelemetryError> {
        let shards = self.of_all((month, month), |asked, names| {
            let mine: Vec<String> = (names.iter())
                .filter(|(_, office_id)| cohort.holds(office_id))
                .map(|(number, _)| number.to_string())
                .collect();
            if mine.is_empty() {
                return Ok(Vec::new());
            }
            let of = format!("company IN ({})", mine.join(", "));
            Ok(asked.query(&COHORT.replace("{members}", &of), &[])?)
        })?;
        // All rows of a company are on one shard, so what two shards tell is not of the same one.
        let mut members: HashMap<i64, (i64, i64)> = HashMap::new();
        let mut met: HashMap<[&str; 3], usize> = HashMap::new();
        for row in shards.iter().flatten() {
            let sums = members.entry(row.int(0)).or_default();
            sums.0 += row.int(4);
            sums.1 += row.int(5);
            *met.entry([row.text(1), row.text(2), row.text(3)])
                .or_default() += 1;
        }
        let sums = members.into_values().collect();
        cohort::told(cohort, sums, met.into_iter().collect(), |names| {
            Ok(names.map(str::to_owned))
        })
    }

    pub(crate) fn findings(
        &self,
        company: &str,
        day: Day,
    ) -> Result<(Vec<Finding>, usize), TelemetryError> {
        let found = self.of_company(company, (day.month(), day.month()), |asked| {
            // Whoever looks at a day sees some hundreds of rows; a day of more groups than that is counted.
            let rows = asked.query(FINDINGS, &[day.0.into()])?;
            Ok((
                rows.iter().take(MOST_FINDINGS).map(finding).collect(),
                rows.len(),
            ))
        })?;
        Ok(found.unwrap_or_default())
    }

    pub(crate) fn sheet(&self, day: Day) -> Result<BTreeMap<String, DayTotal>, TelemetryError> {
        let shards = self.of_all((day.month(), day.month()), |asked, names| {
            let mut sheet: BTreeMap<String, DayTotal> = BTreeMap::new();
            for row in asked.query(TOTALS, &[day.0.into()])? {
                let total = DayTotal {
                    detections: row.int(1),
                    activities: row.int(2),
                    unknown: row.int(3),
                    clock_doubtful: row.int(4),
                    ..DayTotal::default()
                };
                sheet.insert(names[&row.int(0)].clone(), total);
            }
            for row in asked.query(SPLITS, &[day.0.into()])? {
                let total = sheet.entry(names[&row.int(0)].clone()).or_default();
                total
                    .split
                    .add(severity(&row, 1), action(&row, 2), row.int(3));
            }
            for row in asked.query(DISTINCT, &[day.0.into()])? {
                let total = sheet.entry(names[&row.int(0)].clone()).or_default();
                total.addresses = row.int(1);
            }
            Ok(sheet)
        })?;
        Ok(shards.into_iter().flatten().collect())
    }

    pub(crate) fn needle(&self, text: &str) -> Result<Needle, TelemetryError> {
        let Some(address) = Address::read(text) else {
            return Ok(Needle::default());
        };
        let text = address.to_string();
        // The column holds an unsigned number, the statement a literal of it.
        let hash = text_hash(&text);
        let sql = format!(
            "SELECT company, day, sum(events), groupBitOr(sides) FROM figure WHERE text_hash = {hash} AND kind = 3 AND text = $1 AND {{rows}}
             GROUP BY company, day"
        );
        let met = self.of_all(ALL, |asked, names| {
            let rows = asked.query(&sql, &[(&text).into()])?;
            let met = rows.iter().map(|row| {
                needle::Met::of(
                    names[&row.int(0)].clone(),
                    Day(row.int(1)),
                    row.int(2),
                    row.int(3),
                )
            });
            Ok(met.collect::<Vec<needle::Met>>())
        })?;
        Ok(needle::told(met.concat()))
    }
}

/// Each member's rules of a month: events, and how many of them were blocked.
const COHORT: &str =
    "SELECT company, rule, title, category, sum(events), sumIf(events, action = 1) FROM figure WHERE kind = 2 AND {members} AND {rows}
     GROUP BY company, rule, title, category";

const FINDINGS: &str =
    "SELECT device, rule, title, category, severity, action, sum(lines) AS all_lines, sum(events) AS all_events, min(first_us), max(last_us)
     FROM figure WHERE kind = 2 AND day = $1 AND {rows} GROUP BY device, rule, title, category, severity, action
     ORDER BY if(severity = 0, 7, severity * 2) DESC, all_events DESC, title, rule, device, action, category";
const TOTALS: &str = "SELECT company, sum(detections), sum(activities), sum(unknown), sum(clock_doubtful) FROM figure
     WHERE kind = 1 AND day = $1 AND {rows} GROUP BY company";
const SPLITS: &str = "SELECT company, severity, action, sum(events) FROM figure WHERE kind = 2 AND day = $1 AND {rows}
     GROUP BY company, severity, action";
const DISTINCT: &str = "SELECT company, uniqExact(text) FROM figure WHERE kind = 3 AND day = $1 AND {rows} GROUP BY company";

fn severity(row: &Row, column: usize) -> Severity {
    block::severity(row.int(column) as u64)
}

fn action(row: &Row, column: usize) -> Action {
    block::action(row.int(column) as u64)
}

fn finding(row: &Row) -> Finding {
    Finding {
        device: row.text(0).to_owned(),
        rule: row.text(1).to_owned(),
        title: row.text(2).to_owned(),
        category: row.text(3).to_owned(),
        severity: severity(row, 4),
        action: action(row, 5),
        lines: row.int(6),
        events: row.int(7),
        first_us: row.int(8),
        last_us: row.int(9),
    }
}

/// Numbers for texts, in the order in which they come.
#[derive(Default)]
struct Numbers<K>(HashMap<K, i64>, Vec<K>);

impl<K: Clone + Eq + std::hash::Hash> Numbers<K> {
    fn of(&mut self, key: K) -> i64 {
        if let Some(number) = self.0.get(&key) {
            return *number;
        }
        let number = self.1.len() as i64;
        self.1.push(key.clone());
        self.0.insert(key, number);
        number
    }
}

fn told(rows: &[Row], month: Month, watched: (Day, Day)) -> Result<month::Figures, TelemetryError> {
    let mut figures = month::Figures::default();
    let (mut devices, mut rules) = (Numbers::default(), Numbers::default());
    let (mut sums, mut hours) = (Sums::default(), Vec::new());
    let mut activities: HashMap<&str, i64> = HashMap::new();
    let mut unknown: BTreeMap<i64, i64> = BTreeMap::new();
    for row in rows {
        let kind = |kind: Figured| row.int(0) == kind as i64;
        if kind(Figured::Summary) {
            sums.add(&Summary {
                day: Day(row.int(1)),
                device: devices.of(row.text(2)),
                rule: rules.of([row.text(3), row.text(4), row.text(5)]),
                severity: severity(row, 7),
                action: action(row, 8),
                lines: row.int(11),
                events: row.int(12),
            });
        } else if kind(Figured::Heard) {
            hours.push(Heard {
                device: row.text(2).to_owned(),
                hour: row.int(10),
                lines: row.int(11),
                span_us: (row.int(13), row.int(14)),
                counters: (row.int(15) >= 0).then_some((row.int(15), row.int(16))),
            });
        } else if kind(Figured::Activity) {
            *activities.entry(row.text(6)).or_default() += row.int(11);
        } else if kind(Figured::Unknown) {
            *unknown.entry(row.int(9)).or_default() += row.int(11);
        } else {
            figures.clock_doubtful += row.int(17);
        }
    }
    let (devices, rules) = (devices.1, rules.1);
    sums.tell(
        &mut figures,
        |device| Ok(devices[device as usize].to_owned()),
        |rule| Ok(rules[rule as usize].map(str::to_owned)),
    )?;
    let mut activities: Vec<(String, i64)> = (activities.into_iter())
        .map(|(kind, lines)| (kind.to_owned(), lines))
        .collect();
    activities.sort_by(|a, b| (b.1, &a.0).cmp(&(a.1, &b.0)));
    activities.truncate(MOST_NAMED);
    figures.activities = activities;
    figures.unknown = (unknown.into_iter())
        .filter_map(|(why, lines)| Some((block::why(why as u64)?, lines)))
        .collect();
    let within = (
        month.first_day().max(watched.0),
        month.last_day().min(watched.1),
    );
    figures.coverage = coverage::of_hours(&hours, within);
    Ok(figures)
}
