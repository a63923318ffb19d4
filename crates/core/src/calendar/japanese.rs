//! Dates as people in Japan write them: shown as 令和7年5月29日(木), read from whatever was typed.
//!
//! Eras follow 元号法 (昭和54年法律第43号) and the cabinet orders and edicts before it. A day on which the era changed is shown
//! in the new era, and read in either. Before 1873 Japan had a lunisolar calendar: such dates are shown in the western
//! count and not read.

use std::fmt::Write as _;

use jiff::Timestamp;
use jiff::civil::{Date, Weekday, date};
use unicode_normalization::UnicodeNormalization as _;

use super::tokyo;

/// Longest text that is read as a date, in characters.
pub const MAX_CHARS: usize = 40;

/// 明治5年12月3日 of the old calendar became this day (明治5年太政官布告第337号).
const FIRST_GREGORIAN_DAY: Date = date(1873, 1, 1);

struct Era {
    name: &'static str,
    letter: char,
    first_day: Date,
}

/// Newest first.
const ERAS: [Era; 5] = [
    Era {
        name: "令和",
        letter: 'R',
        first_day: date(2019, 5, 1),
    },
    Era {
        name: "平成",
        letter: 'H',
        first_day: date(1989, 1, 8),
    },
    Era {
        name: "昭和",
        letter: 'S',
        first_day: date(1926, 12, 25),
    },
    Era {
        name: "大正",
        letter: 'T',
        first_day: date(1912, 7, 30),
    },
    Era {
        name: "明治",
        letter: 'M',
        first_day: date(1868, 10, 23),
    },
];

/// 令和7年5月29日(木).
pub fn date_with_weekday(date: Date) -> String {
    format!("{}({})", date_long(date), weekday_letter(date.weekday()))
}

/// 令和7年5月29日(木) 17時00分, the time in Tokyo.
pub fn moment(at: Timestamp) -> String {
    let local = at.to_zoned(tokyo()).datetime();
    format!(
        "{} {}時{:02}分",
        date_with_weekday(local.date()),
        local.hour(),
        local.minute()
    )
}

/// 令和7年5月29日(木) 17時00分08秒, for what happens many times in a minute.
pub fn instant(at: Timestamp) -> String {
    let second = at.to_zoned(tokyo()).second();
    format!("{}{second:02}秒", moment(at))
}

/// 令和7年5月29日; the first year of an era is 元年. Days before 1873 are shown as 1872年12月31日.
pub fn date_long(date: Date) -> String {
    let (month, day) = (date.month(), date.day());
    match era_of(date) {
        None => format!("{}年{month}月{day}日", date.year()),
        Some((era, 1)) => format!("{}元年{month}月{day}日", era.name),
        Some((era, year)) => format!("{}{year}年{month}月{day}日", era.name),
    }
}

/// R7.5.29, for narrow columns. Days before 1873 are shown as 1872.12.31.
pub fn date_short(date: Date) -> String {
    let mut text = String::new();
    let year = match era_of(date) {
        None => date.year(),
        Some((era, year)) => {
            text.push(era.letter);
            year
        }
    };
    write!(text, "{year}.{}.{}", date.month(), date.day())
        .expect("writing to a string never fails");
    text
}

fn western(date: Date) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}

/// 木.
pub fn weekday_letter(weekday: Weekday) -> char {
    WEEKDAYS[usize::try_from(weekday.to_monday_zero_offset()).expect("offsets run from 0 to 6")]
}

const WEEKDAYS: [char; 7] = ['月', '火', '水', '木', '金', '土', '日'];

fn era_of(date: Date) -> Option<(&'static Era, i16)> {
    if date < FIRST_GREGORIAN_DAY {
        return None;
    }
    let era = ERAS.iter().find(|era| era.first_day <= date)?;
    Some((era, date.year() - era.first_day.year() + 1))
}

/// Why a text could not be read as a date: a sentence for the person who typed it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DateProblem {
    #[error("日付を入力してください。")]
    Empty,
    #[error(
        "日付として読めません。「令和7年5月29日」または「2025-05-29」のように入力してください。"
    )]
    Unreadable,
    #[error(
        "年号がわかりません。「令和7年5月29日」のように年号を付けるか、西暦を4桁で入力してください。"
    )]
    YearWithoutEra,
    #[error("この日付は暦にありません。月と日をご確認ください。")]
    NoSuchDay,
    #[error("{era}は{}から始まります。年号か日付をご確認ください。", western(*first_day))]
    BeforeEra { era: &'static str, first_day: Date },
    #[error(
        "明治5年までの日付は旧暦のため読めません。西暦1873年1月1日より後の日付を入力してください。"
    )]
    OldCalendar,
    #[error("{}は{}曜日です。日付か曜日をご確認ください。", date_long(*date), weekday_letter(date.weekday()))]
    OtherWeekday { date: Date },
}

/// Reads a date as typed: 和暦 (令和7年5月29日, 令和元年, 令7.5.29, R7.5.29, ㋿7年) or 西暦 (2025-05-29, 2025/5/29, 20250529,
/// 2025年5月29日), in any width, with spaces and a weekday or without.
///
/// An era may run on after its end, as in papers printed before the change (平成35年3月31日 is 2023-03-31). A weekday that
/// does not belong to the date is a problem, since one of the two is a slip.
pub fn parse_date(text: &str) -> Result<Date, DateProblem> {
    if text.chars().nth(MAX_CHARS).is_some() {
        return Err(DateProblem::Unreadable);
    }
    let typed: String = text
        .nfkc()
        .filter(|c| !c.is_whitespace())
        .collect::<String>()
        .to_uppercase();
    if typed.is_empty() {
        return Err(DateProblem::Empty);
    }
    let (typed, weekday) = split_weekday(&typed);
    let (era, numbers) = split_era(typed);
    let (year, month, day) = read_numbers(numbers).ok_or(DateProblem::Unreadable)?;
    let date = match era {
        Some(era) => in_era(era, year, month, day)?,
        None if year < 1000 => return Err(DateProblem::YearWithoutEra),
        None => Date::new(year, month, day).map_err(|_| DateProblem::NoSuchDay)?,
    };
    if date < FIRST_GREGORIAN_DAY {
        return Err(DateProblem::OldCalendar);
    }
    match weekday {
        Some(letter) if letter != weekday_letter(date.weekday()) => {
            Err(DateProblem::OtherWeekday { date })
        }
        _ => Ok(date),
    }
}

fn in_era(era: &Era, year: i16, month: i8, day: i8) -> Result<Date, DateProblem> {
    if !(1..1000).contains(&year) {
        return Err(DateProblem::NoSuchDay);
    }
    let date = Date::new(era.first_day.year() + year - 1, month, day)
        .map_err(|_| DateProblem::NoSuchDay)?;
    // The days before 1873 belong to the old calendar, whatever the era: the caller says so.
    if (FIRST_GREGORIAN_DAY..era.first_day).contains(&date) {
        return Err(DateProblem::BeforeEra {
            era: era.name,
            first_day: era.first_day,
        });
    }
    Ok(date)
}

/// Splits 木曜日, (木), (木曜) or (木曜日) off the end.
fn split_weekday(typed: &str) -> (&str, Option<char>) {
    let inside = match typed
        .strip_suffix(')')
        .and_then(|open| open.rsplit_once('('))
    {
        Some((before, inside)) => Some((
            before,
            inside.trim_end_matches("曜日").trim_end_matches('曜'),
        )),
        None => typed
            .strip_suffix("曜日")
            .and_then(|rest| rest.char_indices().last().map(|(at, _)| rest.split_at(at))),
    };
    let Some((before, name)) = inside else {
        return (typed, None);
    };
    match (name.chars().next(), name.chars().count()) {
        (Some(letter), 1) if WEEKDAYS.contains(&letter) => (before, Some(letter)),
        _ => (typed, None),
    }
}

/// Splits the era off the front: 令和, 令, R; 西暦 says that there is none.
fn split_era(typed: &str) -> (Option<&'static Era>, &str) {
    for era in &ERAS {
        let first_letter = era.name.chars().next().expect("eras have names");
        let rest = typed
            .strip_prefix(era.name)
            .or(typed.strip_prefix(first_letter))
            .or(typed.strip_prefix(era.letter));
        if let Some(rest) = rest {
            return (Some(era), rest.trim_start_matches('.'));
        }
    }
    (None, typed.trim_start_matches("西暦"))
}

/// Year, month and day in one of the three forms people use: 7年5月29日, 7.5.29, 20250529.
fn read_numbers(numbers: &str) -> Option<(i16, i8, i8)> {
    let (year, month, day) = if let Some((year, rest)) = numbers.split_once('年') {
        let (month, rest) = rest.split_once('月')?;
        (year, month, rest.strip_suffix('日')?)
    } else if numbers.len() == 8 && numbers.bytes().all(|byte| byte.is_ascii_digit()) {
        (&numbers[..4], &numbers[4..6], &numbers[6..])
    } else {
        let (year, rest) = numbers.split_once(is_separator)?;
        let (month, day) = rest.split_once(is_separator)?;
        (year, month, day)
    };
    let year = if year == "元" {
        1
    } else {
        read_number(year, 4)?
    };
    Some((
        year,
        i8::try_from(read_number(month, 2)?).ok()?,
        i8::try_from(read_number(day, 2)?).ok()?,
    ))
}

/// What stands between numbers, including the dashes and the long-vowel sign that Japanese keyboards give for a hyphen.
fn is_separator(c: char) -> bool {
    matches!(
        c,
        '.' | '/' | '-' | '・' | 'ー' | '\u{2010}'..='\u{2015}' | '\u{2212}'
    )
}

fn read_number(digits: &str, at_most: usize) -> Option<i16> {
    let plain = !digits.is_empty()
        && digits.len() <= at_most
        && digits.bytes().all(|byte| byte.is_ascii_digit());
    if plain { digits.parse().ok() } else { None }
}
