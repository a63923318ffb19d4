//! Business days: weekdays less national holidays, less the office's own closed days.
//!
//! National holidays come from the published list for the years that it covers, and from the law for the others; the
//! calendar says which ([`Calendar::certainty`], [`Calendar::warnings`]). All days are days in Tokyo.

pub mod closings;
pub mod holiday_rule;
pub mod japanese;
pub mod office_hours;
pub mod published;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::RangeInclusive;

use jiff::Timestamp;
use jiff::civil::{Date, Weekday};
use jiff::tz::{Offset, TimeZone};

pub use closings::{ClosingProblem, Closings, MonthDay, YearlyClosing};
pub use office_hours::OfficeHours;
pub use published::{ListFinding, Published};

/// Tokyo's time. It has been nine hours ahead of UTC without exception since 1952, so no time-zone database is needed.
pub fn tokyo() -> TimeZone {
    const NINE_HOURS: Offset = Offset::constant(9);
    TimeZone::fixed(NINE_HOURS)
}

/// The date in Tokyo at an instant.
pub fn tokyo_date(at: Timestamp) -> Date {
    at.to_zoned(tokyo()).date()
}

/// The instant at which a date begins in Tokyo.
///
/// # Errors
/// [`OutOfReach`] for the very first and last dates there are, whose midnight is no instant.
pub fn tokyo_midnight(date: Date) -> Result<Timestamp, OutOfReach> {
    date.to_zoned(tokyo())
        .map(|start| start.timestamp())
        .map_err(|_| OutOfReach)
}

/// A date outside the years for which business days can be computed ([`holiday_rule::YEARS`]), or a closing that leaves
/// no business day at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "営業日を計算できる範囲（1955年から2150年まで）を超えています。日付と休業日の設定をご確認ください。"
)]
pub struct OutOfReach;

/// How sure the holidays of a year are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Certainty {
    /// The published list holds the year.
    Published,
    /// Computed from the law as it stands: 推定.
    Estimated,
}

/// Why no business is done on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Closed<'a> {
    /// A national holiday with its name; 振替休日 and 国民の休日 are called 「休日」.
    Holiday(&'a str),
    Saturday,
    Sunday,
    /// The office's own closed day, with the name that the programme gives it.
    Office(&'a str),
}

impl fmt::Display for Closed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Closed::Holiday(name) => f.write_str(name),
            Closed::Saturday => f.write_str("土曜日"),
            Closed::Sunday => f.write_str("日曜日"),
            Closed::Office(name) => write!(f, "閉局日（{name}）"),
        }
    }
}

/// The business days of one office.
#[derive(Debug, Clone)]
pub struct Calendar {
    holidays: BTreeMap<Date, String>,
    published_years: BTreeSet<i16>,
    closings: Closings,
}

impl Calendar {
    /// Takes the covered years from the list and all others from the law.
    pub fn new(published: &Published, closings: Closings) -> Calendar {
        let listed = published
            .holidays
            .iter()
            .filter(|(day, _)| published.years.contains(&day.year()));
        let mut holidays: BTreeMap<Date, String> =
            listed.map(|(day, name)| (*day, name.clone())).collect();
        for year in holiday_rule::YEARS.filter(|year| !published.years.contains(year)) {
            holidays.extend(
                holiday_rule::holidays(year)
                    .into_iter()
                    .map(|(day, name)| (day, name.to_owned())),
            );
        }
        Calendar {
            holidays,
            published_years: published.years.clone(),
            closings,
        }
    }

    /// With the published list that is built into the program.
    pub fn published_default(closings: Closings) -> Calendar {
        let (published, _none) = Published::parse(published::DEFAULT_TEXT);
        Calendar::new(&published, closings)
    }

    /// Why the office does no business on this date, or `None` on a business day. The name of a holiday comes before the
    /// weekday, which is seen from the date, and both before a closing of the office.
    pub fn why_closed(&self, date: Date) -> Option<Closed<'_>> {
        if let Some(name) = self.holidays.get(&date) {
            return Some(Closed::Holiday(name));
        }
        match date.weekday() {
            Weekday::Saturday => Some(Closed::Saturday),
            Weekday::Sunday => Some(Closed::Sunday),
            _ => self.closings.name_on(date).map(Closed::Office),
        }
    }

    /// Whether business is done on this date.
    pub fn is_business_day(&self, date: Date) -> bool {
        self.why_closed(date).is_none()
    }

    /// The `n`-th business day after a date, which itself is not counted (初日不算入). What is due in `n` business days is due
    /// at the end of the day returned. With `n = 0`: the date itself, or the next business day when it is closed.
    ///
    /// # Errors
    /// [`OutOfReach`] when the date or the result lies outside [`holiday_rule::YEARS`].
    pub fn add_business_days(&self, date: Date, n: u32) -> Result<Date, OutOfReach> {
        let mut day = within_reach(date)?;
        let mut left = n;
        loop {
            let open = self.is_business_day(day);
            if left == 0 && open {
                return Ok(day);
            }
            day = within_reach(day.tomorrow().map_err(|_| OutOfReach)?)?;
            if left > 0 && self.is_business_day(day) {
                left -= 1;
            }
        }
    }

    /// Business days after `from` up to and including `until`; negative when `until` is the earlier one.
    ///
    /// For `n > 0` it undoes [`Calendar::add_business_days`]: the count from a date to its `n`-th business day is `n`.
    pub fn business_days_between(&self, from: Date, until: Date) -> i64 {
        let (first, last, sign) = if from <= until {
            (from, until, 1)
        } else {
            (until, from, -1)
        };
        let days = first
            .series(jiff::Span::new().days(1))
            .skip(1)
            .take_while(|day| *day <= last);
        let count = days.filter(|day| self.is_business_day(*day)).count();
        sign * i64::try_from(count).expect("there are fewer than four million dates")
    }

    /// Whether the holidays of a year are published or estimated.
    pub fn certainty(&self, year: i16) -> Certainty {
        if self.published_years.contains(&year) {
            Certainty::Published
        } else {
            Certainty::Estimated
        }
    }

    /// Sentences to show beside anything computed over these days: one for each run of years whose holidays are not in the
    /// published list. Empty when all are.
    pub fn warnings(&self, days: RangeInclusive<Date>) -> Vec<String> {
        let mut runs: Vec<RangeInclusive<i16>> = Vec::new();
        for year in days.start().year()..=days.end().year() {
            if self.certainty(year) == Certainty::Published {
                continue;
            }
            match runs.last_mut() {
                Some(run) if *run.end() + 1 == year => *run = *run.start()..=year,
                _ => runs.push(year..=year),
            }
        }
        runs.iter().map(warning).collect()
    }
}

fn within_reach(date: Date) -> Result<Date, OutOfReach> {
    if holiday_rule::YEARS.contains(&date.year()) {
        Ok(date)
    } else {
        Err(OutOfReach)
    }
}

fn warning(run: &RangeInclusive<i16>) -> String {
    let years = match (run.start(), run.end()) {
        (first, last) if first == last => format!("{first}年"),
        (first, last) => format!("{first}年から{last}年まで"),
    };
    format!(
        "{years}の祝日は、公表された一覧にまだありません。法律にもとづく推定で計算しているため、期限が変わることがあります。\
         内閣府の一覧が公表されたら、祝日の一覧を更新してください。"
    )
}
