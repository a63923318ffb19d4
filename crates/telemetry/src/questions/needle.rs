//! One address over everything that is stored: which companies met it, on which days, how often.

use std::collections::BTreeSet;

use sonae_db::{Row, Tx, Value};

use crate::TelemetryError;
use crate::address::Address;
use crate::day::{Day, Month};
use crate::dictionary::{HOSTS, Word};
use crate::met::{DESTINATION, MetInMonth, SOURCE};

/// Days that are named; further ones are counted.
pub const MOST_MET: usize = 1_000;

/// A company's day with the address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Met {
    /// The office's id.
    pub company: String,
    pub day: Day,
    pub events: i64,
    pub as_source: bool,
    pub as_destination: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needle {
    /// Newest first, then by company.
    pub met: Vec<Met>,
    pub companies: usize,
    /// Days of companies, all of them.
    pub days: usize,
    pub events: i64,
}

/// Looks for an address everywhere: one step into a month's set for each company and month tells the sums, and days are read only where they are named.
pub fn address(tx: &mut Tx, text: &str) -> Result<Needle, TelemetryError> {
    let Some(address) = Address::read(text) else {
        return Ok(Needle::default());
    };
    let months = match &address {
        Address::V4(bits) => tx.query(MONTHS, &[i64::from(*bits).into()])?,
        other => tx.query(
            HOST_MONTHS,
            &[
                (Word::Host as i64).into(),
                Value::from(other.to_string()),
                HOSTS.into(),
            ],
        )?,
    };
    let months: Vec<InMonth> = months.iter().map(InMonth::of).collect();
    let mut days: Vec<Day> = months.iter().flat_map(InMonth::days).collect();
    let count = days.len();
    days.sort_unstable_by(|a, b| b.cmp(a));
    let oldest_named = days.get(MOST_MET - 1).or(days.last());
    let mut met = Vec::new();
    for month in &months {
        let newest = month.days().last();
        if newest >= oldest_named.copied() {
            month.read_days(tx, oldest_named.copied(), &mut met)?;
        }
    }
    let companies: BTreeSet<i64> = months.iter().map(|month| month.company).collect();
    Ok(Needle {
        companies: companies.len(),
        days: count,
        events: months.iter().map(|month| month.events).sum(),
        met: newest_first(met),
    })
}

/// A company's month with the address.
struct InMonth {
    company: i64,
    office_id: String,
    month: Month,
    address: i64,
    days: i64,
    events: i64,
}

impl InMonth {
    fn of(row: &Row) -> InMonth {
        InMonth {
            company: row.int(0),
            office_id: row.text(1).to_owned(),
            month: Month(row.int(2)),
            address: row.int(3),
            days: row.int(4),
            events: row.int(5),
        }
    }

    /// Oldest first.
    fn days(&self) -> impl Iterator<Item = Day> {
        let of_month = self.month.days();
        (of_month.start().0..=of_month.end().0)
            .map(Day)
            .filter(|day| self.days & MetInMonth::bit(*day) != 0)
    }

    /// Adds the days since `oldest`.
    fn read_days(
        &self,
        tx: &mut Tx,
        oldest: Option<Day>,
        met: &mut Vec<Met>,
    ) -> Result<(), TelemetryError> {
        let days = self.month.days();
        let first = oldest.map_or(*days.start(), |oldest| oldest.max(*days.start()));
        let values = [self.company, first.0, days.end().0, self.address].map(Value::Int);
        tx.for_each(DAYS, &values, |row| {
            let office_id = self.office_id.clone();
            met.push(Met::of(office_id, Day(row.int(0)), row.int(1), row.int(2)));
            Ok::<(), TelemetryError>(())
        })
    }
}

impl Met {
    pub(crate) fn of(company: String, day: Day, events: i64, sides: i64) -> Met {
        Met {
            company,
            day,
            events,
            as_source: sides & SOURCE != 0,
            as_destination: sides & DESTINATION != 0,
        }
    }
}

/// What is told of all days on which companies met an address.
pub(crate) fn told(met: Vec<Met>) -> Needle {
    let companies: BTreeSet<&String> = met.iter().map(|one| &one.company).collect();
    Needle {
        companies: companies.len(),
        days: met.len(),
        events: met.iter().map(|one| one.events).sum(),
        met: newest_first(met),
    }
}

fn newest_first(mut met: Vec<Met>) -> Vec<Met> {
    met.sort_by(|a, b| (b.day, &a.company).cmp(&(a.day, &b.company)));
    met.truncate(MOST_MET);
    met
}

pub(crate) const MONTHS: &str =
    "SELECT t.company, c.office_id, t.month, m.address, m.days, m.events FROM month_total t
     JOIN month_address m ON m.company = t.company AND m.month = t.month AND m.address = $1
     JOIN company c ON c.company = t.company";

/// A name or an IPv6 address has a number of its own in each company.
pub(crate) const HOST_MONTHS: &str = "SELECT t.company, c.office_id, t.month, m.address, m.days, m.events FROM word w
     JOIN month_total t ON t.company = w.company
     JOIN month_address m ON m.company = t.company AND m.month = t.month AND m.address = $3 + w.word_id
     JOIN company c ON c.company = t.company WHERE w.kind = $1 AND w.text = $2";

pub(crate) const DAYS: &str = "SELECT a.day, a.events, a.sides FROM day_total t
     JOIN day_address a ON a.company = t.company AND a.day = t.day AND a.address = $4
     WHERE t.company = $1 AND t.day BETWEEN $2 AND $3";
