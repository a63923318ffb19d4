//! The figures of one company and one month, from summaries alone.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};

use sonae_db::Tx;

use super::coverage::{self, Coverage};
use super::{Split, action, named, severity};
use crate::day::{Day, Month};
use crate::detection::{Action, Severity, Why};
use crate::dictionary::company;
use crate::{TelemetryError, block};

/// Rules, kinds of activity and unknown words that are named.
pub const MOST_NAMED: usize = 100;

/// What a company's month says. A month without anything is all zeros, and that is a report too.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    pub total: Split,
    /// Lines that were detections; `total.events` counts what they stand for.
    pub detections: i64,
    pub days: BTreeMap<Day, Split>,
    /// Those with the most events, and the gravest that were not stopped (`named`); most events first, then by name.
    pub rules: Vec<RuleFigure>,
    /// How many rules there were in all.
    pub distinct_rules: usize,
    /// By device: what it reported.
    pub devices: BTreeMap<String, Split>,
    pub addresses: Addresses,
    pub activities: Vec<(String, i64)>,
    pub unknown: Vec<(Why, i64)>,
    /// Lines whose device's clock was not believed.
    pub clock_doubtful: i64,
    pub coverage: Vec<Coverage>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleFigure {
    pub rule: String,
    pub title: String,
    pub category: String,
    pub severity: Severity,
    pub split: Split,
}

/// Distinct addresses of findings, exactly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Addresses {
    pub all: i64,
    pub sources: i64,
    pub destinations: i64,
    /// On the Internet's side.
    pub outside: i64,
}

/// The figures of a month; `watched` is the part of it in which the devices were lent, for the statement of coverage.
pub fn figures(
    tx: &mut Tx,
    office_id: &str,
    month: Month,
    watched: (Day, Day),
) -> Result<Figures, TelemetryError> {
    let mut figures = Figures::default();
    let Some(company) = company(tx, office_id)? else {
        return Ok(figures);
    };
    summaries(tx, company, month, &mut figures)?;
    figures.addresses = addresses(tx, company, month)?;
    let (first, last) = (month.first_day(), month.last_day());
    let days = [company.into(), first.0.into(), last.0.into()];
    let rows = tx.query(
        "SELECT w.text, CAST(SUM(a.lines) AS BIGINT) FROM day_activity a
         JOIN word w ON w.company = a.company AND w.word_id = a.kind
         WHERE a.company = $1 AND a.day BETWEEN $2 AND $3 GROUP BY w.text ORDER BY 2 DESC, 1 LIMIT 100",
        &days,
    )?;
    figures.activities = (rows.iter())
        .map(|row| (row.text(0).to_owned(), row.int(1)))
        .collect();
    let rows = tx.query(
        "SELECT why, CAST(SUM(lines) AS BIGINT) FROM day_unknown WHERE company = $1 AND day BETWEEN $2 AND $3 GROUP BY why ORDER BY why",
        &days,
    )?;
    figures.unknown = (rows.iter())
        .filter_map(|row| Some((block::why(row.int(0) as u64)?, row.int(1))))
        .collect();
    let row = tx.query_one(
        "SELECT CAST(COALESCE(SUM(clock_doubtful), 0) AS BIGINT) FROM day_total WHERE company = $1 AND day BETWEEN $2 AND $3",
        &days,
    )?;
    figures.clock_doubtful = row.int(0);
    let within = (first.max(watched.0), last.min(watched.1));
    figures.coverage = coverage::devices(tx, company, within)?;
    Ok(figures)
}

/// All that daily summaries tell, read once.
fn summaries(
    tx: &mut Tx,
    company: i64,
    month: Month,
    figures: &mut Figures,
) -> Result<(), TelemetryError> {
    let mut sums = Sums::default();
    tx.for_each(
        SUMMARIES,
        &[
            company.into(),
            month.first_day().0.into(),
            month.last_day().0.into(),
        ],
        |row| {
            sums.add(&Summary {
                day: Day(row.int(0)),
                device: row.int(1),
                rule: row.int(2),
                severity: severity(&row, 3),
                action: action(&row, 4),
                lines: row.int(5),
                events: row.int(6),
            });
            Ok::<(), TelemetryError>(())
        },
    )?;
    let names = RefCell::new(tx);
    sums.tell(
        figures,
        |device| coverage::name(&mut names.borrow_mut(), company, device),
        |rule| {
            let row = names.borrow_mut().query_one(
                "SELECT rule, title, category FROM rule WHERE rule_id = $1",
                &[rule.into()],
            )?;
            Ok([row.text(0), row.text(1), row.text(2)].map(str::to_owned))
        },
    )
}

/// One row of summaries; device and rule by any numbers that are the same for the same names.
pub(crate) struct Summary {
    pub(crate) day: Day,
    pub(crate) device: i64,
    pub(crate) rule: i64,
    pub(crate) severity: Severity,
    pub(crate) action: Action,
    pub(crate) lines: i64,
    pub(crate) events: i64,
}

/// Summaries of a month, added up by all that figures tell: the same whatever they were read from.
#[derive(Default)]
pub(crate) struct Sums {
    detections: i64,
    total: Split,
    days: BTreeMap<Day, Split>,
    devices: HashMap<i64, Split>,
    rules: HashMap<(i64, Severity), Split>,
}

impl Sums {
    pub(crate) fn add(&mut self, one: &Summary) {
        let (severity, action, events) = (one.severity, one.action, one.events);
        self.detections += one.lines;
        self.total.add(severity, action, events);
        let day = self.days.entry(one.day).or_default();
        day.add(severity, action, events);
        let device = self.devices.entry(one.device).or_default();
        device.add(severity, action, events);
        let rule = self.rules.entry((one.rule, severity)).or_default();
        rule.add(severity, action, events);
    }

    /// Tells them by name; a rule's names are its id, title and category.
    pub(crate) fn tell(
        self,
        figures: &mut Figures,
        device: impl Fn(i64) -> Result<String, TelemetryError>,
        rule: impl Fn(i64) -> Result<[String; 3], TelemetryError>,
    ) -> Result<(), TelemetryError> {
        figures.detections = self.detections;
        figures.total = self.total;
        figures.days = self.days;
        for (number, split) in self.devices {
            figures.devices.insert(device(number)?, split);
        }
        figures.distinct_rules = self.rules.len();
        // Numbers follow the order of arrival, which is not told; among equals names decide, so a few more are named than are shown.
        for ((number, severity), split) in named::may_be(self.rules) {
            let [rule, title, category] = rule(number)?;
            figures.rules.push(RuleFigure {
                rule,
                title,
                category,
                severity,
                split,
            });
        }
        named::keep(&mut figures.rules);
        Ok(())
    }
}

fn addresses(tx: &mut Tx, company: i64, month: Month) -> Result<Addresses, TelemetryError> {
    let row = tx.query_one(ADDRESSES, &[company.into(), month.0.into()])?;
    Ok(Addresses {
        all: row.int(0),
        sources: row.int(1),
        destinations: row.int(2),
        outside: row.int(3),
    })
}

/// All rows of a month.
pub(super) const SUMMARIES: &str =
    "SELECT day, device, rule_id, severity, action, lines, events FROM day_summary
         WHERE company = $1 AND day BETWEEN $2 AND $3";

/// Sides as in the table: 1 source, 2 destination, 4 outside.
pub(super) const ADDRESSES: &str = "SELECT COUNT(*), COUNT(CASE WHEN sides & 1 <> 0 THEN 1 END), COUNT(CASE WHEN sides & 2 <> 0 THEN 1 END),
     COUNT(CASE WHEN sides & 4 <> 0 THEN 1 END) FROM month_address WHERE company = $1 AND month = $2";
