//! When a device was watched: the periods of its registrations, put together. A device that is registered anew goes on as the same one.

use jiff::Timestamp;

/// Periods that neither touch nor overlap, the earliest first; the second instant of each is no longer in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Periods(Vec<(Timestamp, Timestamp)>);

impl Periods {
    /// Put together from periods in any order.
    pub fn of(periods: impl IntoIterator<Item = (Timestamp, Timestamp)>) -> Periods {
        let mut sorted: Vec<_> = periods.into_iter().filter(|(a, b)| a < b).collect();
        sorted.sort();
        let mut merged: Vec<(Timestamp, Timestamp)> = Vec::new();
        for (from, until) in sorted {
            match merged.last_mut().filter(|last| from <= last.1) {
                Some(last) => last.1 = last.1.max(until),
                None => merged.push((from, until)),
            }
        }
        Periods(merged)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = (Timestamp, Timestamp)> {
        self.0.iter().copied()
    }

    /// The parts that lie between two instants.
    pub fn within(&self, from: Timestamp, until: Timestamp) -> Periods {
        let parts = self.0.iter();
        Periods::of(parts.map(|(low, high)| (from.max(*low), until.min(*high))))
    }

    /// Hours of the clock of which some part lies in a period, each once.
    pub fn hours(&self) -> i64 {
        let mut next = i64::MIN;
        let mut hours = 0;
        for (from, until) in &self.0 {
            let first = from.as_second().div_euclid(3600).max(next);
            next = hour_up(*until).max(next);
            hours += (next - first).max(0);
        }
        hours
    }
}

/// The first hour that begins at an instant or after it.
fn hour_up(at: Timestamp) -> i64 {
    (at.as_second() + 3599).div_euclid(3600)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Minutes after an instant, such as `0-60 90-120`.
    fn read(text: &str) -> Vec<(Timestamp, Timestamp)> {
        let at = |minutes: &str| {
            let minutes: i64 = minutes.parse().expect("a number");
            Timestamp::from_second(minutes * 60).expect("an instant")
        };
        (text.split_whitespace())
            .map(|period| period.split_once('-').expect("two instants"))
            .map(|(from, until)| (at(from), at(until)))
            .collect()
    }

    #[test]
    fn periods_are_put_together() {
        // Periods, put together, hours, what lies between minute 100 and 400.
        let table = [
            ("", "", 0, ""),
            ("60-60", "", 0, ""),
            ("0-600", "0-600", 10, "100-400"),
            // Lengthened by a second registration, also with a day of both.
            ("300-600 0-300", "0-600", 10, "100-400"),
            ("0-360 300-600", "0-600", 10, "100-400"),
            ("0-600 120-180", "0-600", 10, "100-400"),
            // Given back and lent again.
            ("0-120 300-600", "0-120 300-600", 7, "100-120 300-400"),
            // Two parts of the same hour are one hour.
            ("0-70 100-180", "0-70 100-180", 3, "100-180"),
            ("0-61 62-63 64-120", "0-61 62-63 64-120", 2, "100-120"),
        ];
        for (given, merged, hours, within) in table {
            let periods = Periods::of(read(given));
            assert_eq!(periods, Periods(read(merged)), "{given}");
            assert_eq!(periods.hours(), hours, "{given}");
            let bounds = read("100-400")[0];
            let found = periods.within(bounds.0, bounds.1);
            assert_eq!(found, Periods(read(within)), "{given}");
            assert_eq!(periods.is_empty(), merged.is_empty());
        }
    }
}
