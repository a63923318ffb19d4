//! Days and months as the office counts them: in Tokyo, which has been nine hours ahead of UTC without exception since 1952.

use std::fmt;
use std::ops::RangeInclusive;

use jiff::civil::Date;
use jiff::{SignedDuration, Span};

const HOUR_US: i64 = 3_600_000_000;
const DAY_US: i64 = 24 * HOUR_US;
const TOKYO_US: i64 = 9 * HOUR_US;
/// The calendar's beginning.
const FIRST: Date = jiff::civil::date(1970, 1, 1);

/// Days since 1970-01-01 in Tokyo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i64);

/// 12 × year + month - 1, in Tokyo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(pub i64);

impl Day {
    /// The day of an instant in microseconds since 1970 UTC.
    pub fn of(us: i64) -> Day {
        Day(us.saturating_add(TOKYO_US).div_euclid(DAY_US))
    }

    pub fn of_date(date: Date) -> Day {
        Day(date.duration_since(FIRST).as_secs() / 86_400)
    }

    /// Its first microsecond.
    pub fn start_us(self) -> i64 {
        self.0 * DAY_US - TOKYO_US
    }

    /// Its last microsecond.
    pub fn end_us(self) -> i64 {
        self.start_us() + DAY_US - 1
    }

    /// The civil date; days beyond the calendar become its nearest end.
    pub fn date(self) -> Date {
        let days = SignedDuration::from_hours(self.0.clamp(-700_000, 2_900_000) * 24);
        FIRST.saturating_add(days)
    }

    pub fn month(self) -> Month {
        Month::of_date(self.date())
    }
}

impl Month {
    pub fn of_date(date: Date) -> Month {
        Month(i64::from(date.year()) * 12 + i64::from(date.month()) - 1)
    }

    /// Reads `2026-03`.
    pub fn parse(text: &str) -> Option<Month> {
        let date: Date = format!("{text}-01").parse().ok()?;
        (text.len() == 7).then(|| Month::of_date(date))
    }

    pub fn first_day(self) -> Day {
        let year = self.0.div_euclid(12).clamp(-9_999, 9_999) as i16;
        let month = self.0.rem_euclid(12) as i8 + 1;
        Day::of_date(Date::new(year, month, 1).unwrap_or(FIRST))
    }

    pub fn last_day(self) -> Day {
        let first = self.first_day().date();
        Day::of_date(first.saturating_add(Span::new().months(1))).before()
    }

    pub fn days(self) -> RangeInclusive<Day> {
        self.first_day()..=self.last_day()
    }
}

impl Day {
    fn before(self) -> Day {
        Day(self.0 - 1)
    }
}

/// Hours since 1970 in UTC; Tokyo's hours begin with them.
pub(crate) fn hour(us: i64) -> i64 {
    us.div_euclid(HOUR_US)
}

/// The first hour of a day.
pub(crate) fn first_hour(day: Day) -> i64 {
    day.start_us().div_euclid(HOUR_US)
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.date().fmt(f)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:04}-{:02}",
            self.0.div_euclid(12),
            self.0.rem_euclid(12) + 1
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_in_tokyo() {
        for (instant, day) in [
            ("2026-02-28T14:59:59.999999Z", "2026-02-28"),
            ("2026-02-28T15:00:00Z", "2026-03-01"),
            ("1969-12-31T14:59:59Z", "1969-12-31"),
            ("1969-12-31T15:00:00Z", "1970-01-01"),
        ] {
            let us = instant.parse::<jiff::Timestamp>().unwrap().as_microsecond();
            assert_eq!(Day::of(us).to_string(), day, "{instant}");
            let days = Day::of(us);
            assert!((days.start_us()..=days.end_us()).contains(&us));
            assert_eq!(Day::of_date(days.date()), days);
        }
    }

    #[test]
    fn months_have_their_days() {
        for (month, first, last) in [
            ("2028-02", "2028-02-01", "2028-02-29"),
            ("2026-12", "2026-12-01", "2026-12-31"),
        ] {
            let month = Month::parse(month).unwrap();
            let days = (month.first_day().to_string(), month.last_day().to_string());
            assert_eq!(days, (first.to_owned(), last.to_owned()));
            assert_eq!(month.last_day().month(), month);
        }
        assert_eq!(Month::parse("2026-13"), None);
        assert_eq!(Month::parse("2026-1"), None);
    }
}
