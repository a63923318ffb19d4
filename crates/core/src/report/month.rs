//! A month of the calendar, as reports are named by it.

use std::fmt;

use jiff::civil::Date;
use jiff::{Span, ToSpan};
use serde::{Deserialize, Serialize};

/// The years of which there can be reports.
const YEARS: std::ops::RangeInclusive<i16> = 2000..=2999;

/// A month of the years 2000 to 2999; written `2026-06` in addresses, files and the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Month {
    first: Date,
}

impl Month {
    /// The month of a day; the nearest there is for a day outside of the years.
    pub fn of(date: Date) -> Month {
        let year = date.year().clamp(*YEARS.start(), *YEARS.end());
        let first = Date::new(year, date.month(), 1);
        Month {
            first: first.expect("every month has a first day"),
        }
    }

    /// Reads `2026-06`.
    pub fn parse(text: &str) -> Option<Month> {
        let first: Date = format!("{text}-01").parse().ok()?;
        (text.len() == 7 && YEARS.contains(&first.year())).then_some(Month { first })
    }

    pub fn first_day(self) -> Date {
        self.first
    }

    pub fn last_day(self) -> Date {
        self.first.last_of_month()
    }

    /// All its days in their order.
    pub fn days(self) -> impl Iterator<Item = Date> {
        self.first
            .series(1.day())
            .take_while(move |day| *day <= self.last_day())
    }

    /// The month before; the first one there is has none and gives itself.
    pub fn before(self) -> Month {
        Month::of(self.first.saturating_sub(Span::new().months(1)))
    }

    pub fn after(self) -> Month {
        Month::of(self.first.saturating_add(Span::new().months(1)))
    }

    /// `2026年6月`
    pub fn label(self) -> String {
        format!("{}年{}月", self.first.year(), self.first.month())
    }

    /// `6月`
    pub fn short(self) -> String {
        format!("{}月", self.first.month())
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.first.year(), self.first.month())
    }
}

impl From<Month> for String {
    fn from(month: Month) -> String {
        month.to_string()
    }
}

impl TryFrom<String> for Month {
    type Error = String;

    fn try_from(text: String) -> Result<Month, String> {
        Month::parse(&text).ok_or_else(|| format!("{text} is no month"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_written_and_read() {
        for (text, days, before, after) in [
            ("2026-02", 28, "2026-01", "2026-03"),
            ("2028-02", 29, "2028-01", "2028-03"),
            ("2026-12", 31, "2026-11", "2027-01"),
            ("2026-01", 31, "2025-12", "2026-02"),
        ] {
            let month = Month::parse(text).unwrap();
            assert_eq!(month.to_string(), text);
            assert_eq!(month.days().count(), days, "{text}");
            assert_eq!(month.before().to_string(), before);
            assert_eq!(month.after().to_string(), after);
        }
        for wrong in ["", "2026-13", "2026-6", "2026-06-01", "1999-12", "x"] {
            assert_eq!(Month::parse(wrong), None, "{wrong}");
        }
        assert_eq!(Month::parse("2026-06").unwrap().label(), "2026年6月");
    }
}
