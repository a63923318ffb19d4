//! Dates and times: nothing ends before it begins, nothing lies outside its year.

use jiff::civil::Date;

use super::Findings;
use crate::calendar::MonthDay;
use crate::program::Definition;
use crate::program::program::{Closing, ProgramFile, Window};

const FILE: &str = "program.toml";

pub(super) fn check(definition: &Definition, found: &mut Findings) {
    let program = &definition.program;
    let Some(year) = Year::of(program.fiscal_year) else {
        found.add(
            FILE,
            "fiscal_year",
            format!("年度「{}」は扱えません。", program.fiscal_year),
            "年度の初めの年を西暦で書きます(令和6年度なら2024)。2000から2100までです。",
        );
        return;
    };
    for (index, window) in program.window.iter().enumerate() {
        self::window(&format!("window.{index}"), window, year, found);
    }
    office(program, year, found);
    if let Some(published) = program.guidelines.published {
        let first = program
            .window
            .iter()
            .filter_map(|window| window.opens)
            .min();
        if first.is_some_and(|opens| published > opens) {
            found.add(
                FILE,
                "guidelines.published",
                format!("募集要項の公表日{published}が、受付の始まりより後です。"),
                "公表日か、[[window]] の opens を直してください。",
            );
        }
        year.near("guidelines.published", published, found);
    }
}

/// A fiscal year: from 1 January before its first day, because a programme may be announced ahead, to 31 March.
#[derive(Clone, Copy)]
pub(super) struct Year {
    pub(super) first: Date,
    pub(super) last: Date,
}

impl Year {
    pub(super) fn of(fiscal_year: i16) -> Option<Self> {
        if !(2000..=2100).contains(&fiscal_year) {
            return None;
        }
        let first = Date::new(fiscal_year, 1, 1).ok()?;
        let last = Date::new(fiscal_year + 1, 3, 31).ok()?;
        Some(Self { first, last })
    }

    fn near(self, at: &str, date: Date, found: &mut Findings) {
        if !(self.first..=self.last).contains(&date) {
            found.add(
                FILE,
                at,
                format!("{date}はこの年度の日付ではありません。"),
                format!(
                    "{}から{}までの日付にするか、fiscal_yearを直してください。",
                    self.first, self.last
                ),
            );
        }
    }
}

fn window(at: &str, window: &Window, year: Year, found: &mut Findings) {
    for (key, date) in [("opens", window.opens), ("closes", window.closes)] {
        if let Some(date) = date {
            year.near(&format!("{at}.{key}"), date, found);
        }
    }
    if window.opens.is_none() && window.opens_time.is_some() {
        found.add(
            FILE,
            format!("{at}.opens_time"),
            "始まりの時刻だけがあり、日付がありません。",
            "opens も書いてください。",
        );
    }
    if window.closes.is_none() && window.closes_time.is_some() {
        found.add(
            FILE,
            format!("{at}.closes_time"),
            "終わりの時刻だけがあり、日付がありません。",
            "closes も書いてください。",
        );
    }
    if let (Some(opens), Some(closes)) = (window.opens_at(), window.closes_at())
        && closes <= opens
    {
        found.add(
            FILE,
            format!("{at}.closes"),
            "受付が、始まる前に終わります。",
            "opens と closes の日付と時刻を見比べてください。",
        );
    }
}

fn office(program: &ProgramFile, year: Year, found: &mut Findings) {
    let office = &program.office;
    if office.opens >= office.closes {
        found.add(
            FILE,
            "office.closes",
            "事務局が、開く前に閉まります。",
            "opens と closes の時刻を見比べてください。",
        );
    }
    for (index, closing) in office.closing.iter().enumerate() {
        self::closing(&format!("office.closing.{index}"), closing, year, found);
    }
}

fn closing(at: &str, closing: &Closing, year: Year, found: &mut Findings) {
    for (key, day) in [("from", &closing.from), ("to", &closing.to)] {
        if let Some(day) = day
            && (day.len() != 5 || day.parse::<MonthDay>().is_err())
        {
            found.add(
                FILE,
                format!("{at}.{key}"),
                format!("「{day}」は月日として読めません。"),
                "\"12-29\" のように、月2桁、-、日2桁で書いてください。",
            );
        }
    }
    if closing.from.is_some() != closing.to.is_some() {
        found.add(
            FILE,
            at,
            format!("「{}」は from と to の片方しかありません。", closing.name),
            "1日だけの閉局でも、from と to の両方に同じ月日を書きます。",
        );
    }
    if closing.from.is_none() && closing.to.is_none() && closing.dates.is_empty() {
        found.add(
            FILE,
            at,
            format!("「{}」に閉局する日がありません。", closing.name),
            "from と to、または dates を書いてください。",
        );
    }
    for (index, date) in closing.dates.iter().enumerate() {
        year.near(&format!("{at}.dates.{index}"), *date, found);
    }
}
