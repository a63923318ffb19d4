//! Addresses that were met: on a day, and in a month.

use crate::address::Address;
use crate::day::Day;

/// Where an address stood.
pub(crate) const SOURCE: i64 = 1;
pub(crate) const DESTINATION: i64 = 2;
pub(crate) const OUTSIDE: i64 = 4;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Met {
    pub(crate) sides: i64,
    pub(crate) events: i64,
}

/// An address in a company's month.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct MetInMonth {
    pub(crate) sides: i64,
    /// A bit for each day, see [`MetInMonth::bit`].
    pub(crate) days: i64,
    pub(crate) events: i64,
}

impl MetInMonth {
    /// The bit of a day, which no other day of its month has.
    pub(crate) fn bit(day: Day) -> i64 {
        1 << day.0.rem_euclid(32)
    }

    pub(crate) fn add(&mut self, day: Day, sides: i64, events: i64) {
        self.sides |= sides;
        self.days |= Self::bit(day);
        self.events += events;
    }
}

/// The addresses of a finding and where they stand; one that is both is met once.
pub(crate) fn ends<'a>(
    source: Option<&'a Address>,
    destination: Option<&'a Address>,
) -> impl Iterator<Item = (&'a Address, i64)> {
    let outside = |address: &Address| if address.is_outside() { OUTSIDE } else { 0 };
    let same = source.is_some() && source == destination;
    let first = source.map(|one| (one, if same { SOURCE | DESTINATION } else { SOURCE }));
    let second = destination.filter(|_| !same).map(|one| (one, DESTINATION));
    (first.into_iter().chain(second)).map(move |(one, sides)| (one, sides | outside(one)))
}
