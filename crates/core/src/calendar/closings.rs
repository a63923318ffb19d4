//! The office's own closed days (閉局日), beyond weekends and national holidays.

use std::str::FromStr;

use jiff::civil::Date;

/// A day of any year, such as December 29. February 29 is one, and simply does not occur in most years.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct MonthDay {
    month: i8,
    day: i8,
}

impl MonthDay {
    /// `None` when no year has such a day.
    pub fn new(month: i8, day: i8) -> Option<MonthDay> {
        const LEAP_YEAR: i16 = 2000;
        Date::new(LEAP_YEAR, month, day)
            .ok()
            .map(|_| MonthDay { month, day })
    }

    fn of(date: Date) -> MonthDay {
        MonthDay {
            month: date.month(),
            day: date.day(),
        }
    }
}

/// Reads `12-29` or `12/29`.
impl FromStr for MonthDay {
    type Err = MonthDayProblem;

    fn from_str(text: &str) -> Result<MonthDay, MonthDayProblem> {
        let parts = text.trim().split_once(['-', '/']);
        parts
            .and_then(|(month, day)| MonthDay::new(month.parse().ok()?, day.parse().ok()?))
            .ok_or_else(|| MonthDayProblem(text.to_owned()))
    }
}

/// A text that is no day of a year.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("「{0}」は月日として読めません。12-29 のように書いてください。")]
pub struct MonthDayProblem(String);

/// Days closed every year, both ends included. When `from` is later than `until` the days run over the new year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct YearlyClosing {
    pub from: MonthDay,
    pub until: MonthDay,
}

impl YearlyClosing {
    fn contains(&self, day: MonthDay) -> bool {
        if self.from <= self.until {
            (self.from..=self.until).contains(&day)
        } else {
            day >= self.from || day <= self.until
        }
    }
}

/// Everything on which an office is closed of its own accord.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Closings {
    pub yearly: Vec<YearlyClosing>,
    pub dates: Vec<Date>,
}

impl Closings {
    /// 12/29 to 1/3, as offices of the state and of Tokyo close (行政機関の休日に関する法律 article 1 clause 1 no. 3;
    /// 東京都の休日に関する条例).
    pub fn year_end() -> Closings {
        let from = MonthDay { month: 12, day: 29 };
        let until = MonthDay { month: 1, day: 3 };
        Closings {
            yearly: vec![YearlyClosing { from, until }],
            dates: Vec::new(),
        }
    }

    /// Whether the office is closed on this date for a reason of its own.
    pub fn contains(&self, date: Date) -> bool {
        let day = MonthDay::of(date);
        self.dates.contains(&date) || self.yearly.iter().any(|closing| closing.contains(day))
    }
}
