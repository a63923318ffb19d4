//! One address over everything that is stored: which companies met it, on which days, how often.

use std::collections::BTreeSet;

use sonae_db::{Tx, Value};

use crate::TelemetryError;
use crate::address::Address;
use crate::batch::{DESTINATION, SOURCE};
use crate::day::{Day, Month};
use crate::dictionary::{HOSTS, Word};

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

/// Looks for an address everywhere: one step into a month's set for each company and month, and days only where a month has it.
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
    let mut met = Vec::new();
    for month in &months {
        let (company, days) = (month.int(0), Month(month.int(2)).days());
        tx.for_each(
            DAYS,
            &[
                company.into(),
                days.start().0.into(),
                days.end().0.into(),
                month.int(3).into(),
            ],
            |row| {
                let office_id = month.text(1).to_owned();
                met.push(Met::of(office_id, Day(row.int(0)), row.int(1), row.int(2)));
                Ok::<(), TelemetryError>(())
            },
        )?;
    }
    Ok(told(met))
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
pub(crate) fn told(mut met: Vec<Met>) -> Needle {
    met.sort_by(|a, b| (b.day, &a.company).cmp(&(a.day, &b.company)));
    let companies: BTreeSet<&String> = met.iter().map(|one| &one.company).collect();
    let mut needle = Needle {
        companies: companies.len(),
        days: met.len(),
        events: met.iter().map(|one| one.events).sum(),
        met: Vec::new(),
    };
    met.truncate(MOST_MET);
    needle.met = met;
    needle
}

pub(crate) const MONTHS: &str =
    "SELECT t.company, c.office_id, t.month, m.address FROM month_total t
     JOIN month_address m ON m.company = t.company AND m.month = t.month AND m.address = $1
     JOIN company c ON c.company = t.company";

/// A name or an IPv6 address has a number of its own in each company.
pub(crate) const HOST_MONTHS: &str = "SELECT t.company, c.office_id, t.month, m.address FROM word w
     JOIN month_total t ON t.company = w.company
     JOIN month_address m ON m.company = t.company AND m.month = t.month AND m.address = $3 + w.word_id
     JOIN company c ON c.company = t.company WHERE w.kind = $1 AND w.text = $2";

pub(crate) const DAYS: &str = "SELECT a.day, a.events, a.sides FROM day_total t
     JOIN day_address a ON a.company = t.company AND a.day = t.day AND a.address = $4
     WHERE t.company = $1 AND t.day BETWEEN $2 AND $3";
