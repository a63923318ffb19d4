//! The list of national holidays that the Cabinet Office (内閣府) publishes, as CSV in UTF-8:
//! `国民の祝日・休日月日,国民の祝日・休日名称`, then one line a day such as `2027/11/23,勤労感謝の日`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use jiff::civil::{Date, date};

/// The list as it was published when this program was built (出典：内閣府ホームページ).
pub const DEFAULT_TEXT: &str = include_str!("../../../../calendars/national-holidays.csv");

/// Longest list that is read; the list of 1955 to 2027 has 1,068 lines.
pub const MAX_LINES: usize = 10_000;

/// Holidays that every complete year must name: the first and the last that stand in every year since 1948 prove that the
/// year is not cut off, and the two equinoxes are what only the gazette can fix.
const MARKERS: [&str; 4] = ["元日", "春分の日", "秋分の日", "勤労感謝の日"];

/// A published list: names by date, and the years that it holds completely.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Published {
    /// Every date of the list with its published name.
    pub holidays: BTreeMap<Date, String>,
    /// Years decided by the list: those that name 元日, 春分の日, 秋分の日 and 勤労感謝の日.
    pub years: BTreeSet<i16>,
}

/// Something wrong in a published list, to be shown to whoever brought the file. The rest of the list is still read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListFinding {
    /// Line of the file, the first being 1.
    pub line: usize,
    /// What is wrong and what to do, in Japanese.
    pub message: String,
}

impl fmt::Display for ListFinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}行目: {}", self.line, self.message)
    }
}

impl Published {
    /// Reads a list. Lines that cannot be read become findings and are left out; nothing panics.
    pub fn parse(text: &str) -> (Published, Vec<ListFinding>) {
        let mut list = Published::default();
        let mut findings = Vec::new();
        let mut last_line_of_year = BTreeMap::new();
        let text = text.trim_start_matches('\u{feff}');
        for (number, line) in (1..).zip(text.lines()) {
            if number > MAX_LINES {
                let message = format!(
                    "一覧が長すぎます。{MAX_LINES}行までにしてください。これより後は読みませんでした。"
                );
                findings.push(ListFinding {
                    line: number,
                    message,
                });
                break;
            }
            let is_header = number == 1 && !line.starts_with(|c: char| c.is_ascii_digit());
            if is_header || line.trim().is_empty() {
                continue;
            }
            match read_line(line).and_then(|(day, name)| list.add(day, name)) {
                Ok(year) => _ = last_line_of_year.insert(year, number),
                Err(message) => findings.push(ListFinding {
                    line: number,
                    message,
                }),
            }
        }
        for (year, line) in last_line_of_year {
            match list.missing_marker(year) {
                None => _ = list.years.insert(year),
                Some(marker) => findings.push(ListFinding {
                    line,
                    message: incomplete(year, marker),
                }),
            }
        }
        findings.sort_by_key(|finding| finding.line);
        (list, findings)
    }

    /// Takes one line in; the year of the date, or what is wrong.
    fn add(&mut self, day: Date, name: &str) -> Result<i16, String> {
        if let Some(earlier) = self.holidays.get(&day) {
            return Err(format!(
                "{day}はすでに「{earlier}」として載っています。どちらかの行を消してください。"
            ));
        }
        self.holidays.insert(day, name.to_owned());
        Ok(day.year())
    }

    fn missing_marker(&self, year: i16) -> Option<&'static str> {
        let names: BTreeSet<&str> = self
            .holidays
            .range(date(year, 1, 1)..=date(year, 12, 31))
            .map(|(_, name)| name.as_str())
            .collect();
        MARKERS.into_iter().find(|marker| !names.contains(marker))
    }
}

fn incomplete(year: i16, marker: &str) -> String {
    format!(
        "{year}年には「{marker}」がなく、途中までの年です。この年は一覧を使わず、法律にもとづく推定で計算します。"
    )
}

/// One line: a date written `2027/1/1` or `2027-01-01`, a comma, a name.
fn read_line(line: &str) -> Result<(Date, &str), String> {
    let (day, name) = line
        .split_once(',')
        .ok_or_else(|| "「日付,名称」の形にしてください。コンマがありません。".to_owned())?;
    let name = name.trim();
    if name.is_empty() || name.contains(',') {
        return Err("名称を1つだけ書いてください。".to_owned());
    }
    let day = day.trim();
    let parts: Vec<&str> = day.split(['/', '-']).collect();
    let read = match parts[..] {
        [y, m, d] if y.len() == 4 => (y.parse().ok()).zip(m.parse().ok()).zip(d.parse().ok()),
        _ => None,
    };
    read.and_then(|((y, m), d)| Date::new(y, m, d).ok())
        .map(|day| (day, name))
        .ok_or_else(|| {
            format!("「{day}」は日付として読めません。2027/1/1 のように書いてください。")
        })
}
