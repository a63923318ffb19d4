//! Days on which a company was watched and nobody signed.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::Date;

/// Days that are looked back.
pub const LOOKED_BACK: i32 = 400;

/// The days of one device of a company, both ends included.
#[derive(Clone, Debug)]
pub struct Watch<'a> {
    pub company: &'a str,
    pub first: Date,
    pub last: Date,
}

/// Companies without a signature by day, the oldest day first. Today is not over and not missed.
pub fn missed<'a>(
    watches: &[Watch<'a>],
    signed: &BTreeSet<(&str, Date)>,
    today: Date,
) -> BTreeMap<Date, BTreeSet<&'a str>> {
    let earliest = today.saturating_sub(LOOKED_BACK.days());
    let mut missed: BTreeMap<Date, BTreeSet<&str>> = BTreeMap::new();
    for watch in watches {
        let mut day = watch.first.max(earliest);
        while day <= watch.last && day < today {
            if !signed.contains(&(watch.company, day)) {
                missed.entry(day).or_default().insert(watch.company);
            }
            let Ok(next) = day.tomorrow() else {
                break;
            };
            day = next;
        }
    }
    missed
}
