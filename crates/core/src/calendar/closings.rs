//! The office's own closed days (閉局日), beyond weekends and national holidays.

use std::collections::BTreeMap;
use std::str::FromStr;

use jiff::civil::Date;

use crate::program::program::Closing;

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
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YearlyClosing {
    /// What the days are called, such as 年末年始.
    pub name: String,
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
    /// Single days with their names.
    pub dates: BTreeMap<Date, String>,
}

/// A closing of a programme that names no days, or half a range.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClosingProblem {
    #[error(transparent)]
    MonthDay(#[from] MonthDayProblem),
    #[error("閉局日「{0}」には from と to を両方書くか、dates を書いてください。")]
    Incomplete(String),
}

impl Closings {
    /// 12/29 to 1/3, as offices of the state and of Tokyo close (行政機関の休日に関する法律 article 1 clause 1 no. 3;
    /// 東京都の休日に関する条例).
    pub fn year_end() -> Closings {
        let from = MonthDay { month: 12, day: 29 };
        let until = MonthDay { month: 1, day: 3 };
        let name = "年末年始".to_owned();
        Closings {
            yearly: vec![YearlyClosing { name, from, until }],
            dates: BTreeMap::new(),
        }
    }

    /// The closings as a programme writes them.
    ///
    /// # Errors
    /// [`ClosingProblem`] for a month and day that do not exist, and for a closing without days.
    pub fn of_programme(written: &[Closing]) -> Result<Closings, ClosingProblem> {
        let mut closings = Closings::default();
        for closing in written {
            let name = closing.name.clone();
            match (&closing.from, &closing.to) {
                (Some(from), Some(to)) => {
                    let (from, until) = (from.parse()?, to.parse()?);
                    closings.yearly.push(YearlyClosing { name, from, until });
                }
                (None, None) if !closing.dates.is_empty() => {}
                _ => return Err(ClosingProblem::Incomplete(name)),
            }
            let dates = closing.dates.iter();
            closings
                .dates
                .extend(dates.map(|date| (*date, closing.name.clone())));
        }
        Ok(closings)
    }

    /// What the office calls its closing on this date; `None` when it is not closed for a reason of its own.
    pub fn name_on(&self, date: Date) -> Option<&str> {
        let day = MonthDay::of(date);
        let yearly = || self.yearly.iter().find(|closing| closing.contains(day));
        let single = self.dates.get(&date).map(String::as_str);
        single.or_else(|| yearly().map(|closing| closing.name.as_str()))
    }
}
