//! The programmes of the demo: the built-in ones, moved so that both are open for the same fiscal year.
//!
//! The two lie a year apart and one rehearsal has one clock. So each edition is moved by whole weeks, which keeps the days of the week, to
//! the beginning of April 2025; the window of the older one stays open until the end of March, so that a visitor can still apply. Titles
//! and purposes say so. The moved files are written into the demo's folder, where they can be read and changed, and go through the same
//! check as every programme.

use std::path::Path;
use std::{fs, io};

use jiff::ToSpan;
use jiff::civil::Date;

use crate::programs::built_in;

pub(super) const R6: &str = "tokyo-r6-basic-measures";
pub(super) const R7: &str = "tokyo-r7-incident-response";
/// What is added to their titles.
const NOTICE: &str = "(デモ用の日程)";

/// How an edition is moved.
struct Move {
    program: &'static str,
    weeks: i32,
    /// The last day of a window that has one.
    closes: &'static str,
    /// Fiscal years.
    years: i16,
    title: (&'static str, &'static str),
    /// What stands before its purpose.
    purpose: &'static str,
}

const MOVES: [Move; 2] = [
    Move {
        program: R6,
        weeks: 44,
        closes: "2026-03-31",
        years: 1,
        title: ("令和6年度", "令和7年度"),
        purpose: "※デモのため、受付期間を1年後にずらし、1年間に延ばしています。募集要項の受付期間は、令和6年5月30日から11月29日までです。",
    },
    Move {
        program: R7,
        weeks: -8,
        closes: "",
        years: 0,
        title: ("令和7年度", "令和7年度"),
        purpose: "※デモのため、受付の始まりを8週間早めています。募集要項の受付の始まりは、令和7年5月29日です。",
    },
];

/// Writes the programmes of the demo into `dir`, unless they stand there already.
///
/// # Errors
/// The folder cannot be written.
pub fn write(dir: &Path) -> io::Result<()> {
    for files in built_in() {
        for file in files {
            let path = dir.join(file.path.trim_start_matches("programs/"));
            if path.exists() {
                continue;
            }
            let text = match MOVES.iter().find(|by| file.path.contains(by.program)) {
                Some(by) => moved(&file.text, by),
                None => file.text,
            };
            fs::create_dir_all(path.parent().unwrap_or(dir))?;
            fs::write(path, text)?;
        }
    }
    Ok(())
}

/// A programme's file with its dates and its fiscal year moved, and with its notices.
fn moved(text: &str, by: &Move) -> String {
    let mut section = "";
    let mut written = String::with_capacity(text.len() + 500);
    for line in text.lines() {
        if line.starts_with('[') {
            section = line;
        }
        written += &line_moved(section, line, by);
        written.push('\n');
        if section == "[purpose]" && line.starts_with("text = \"\"\"") {
            written += by.purpose;
            written += "\n\n";
        }
    }
    written
}

fn line_moved(section: &str, line: &str, by: &Move) -> String {
    let Some((key, value)) = line.split_once(" = ") else {
        return line.to_owned();
    };
    let bare = value.trim().trim_matches('"');
    if key == "title" && section.is_empty() {
        let title = bare.replace(by.title.0, by.title.1);
        return format!("title = \"{title}{NOTICE}\"");
    }
    if key == "fiscal_year"
        && let Ok(year) = bare.parse::<i16>()
    {
        return format!("fiscal_year = {}", year + by.years);
    }
    if let Ok(date) = bare.parse::<Date>()
        && let Ok(later) = date.checked_add(by.weeks.weeks())
    {
        return match key {
            "closes" => format!("closes = \"{}\"", by.closes),
            _ => format!("{key} = \"{later}\""),
        };
    }
    line.to_owned()
}
