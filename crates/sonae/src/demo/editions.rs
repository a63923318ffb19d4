//! The programmes of the demo: the built-in ones, with the older moved so that both are open on the same days.
//!
//! The two lie a year apart and one rehearsal has one clock. So the R6 edition is moved by 364 days, which keeps the days of the week, and
//! says so in its title. The moved files are written into the demo's folder, where they can be read and changed, and go through the
//! same check as every programme.

use std::path::Path;
use std::{fs, io};

use jiff::ToSpan;
use jiff::civil::Date;

use crate::programs::built_in;

/// The edition that is moved.
pub const MOVED: &str = "tokyo-r6-basic-measures";
const NOTICE: &str = "(デモのため、受付期間を1年ずらしています)";

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
            let text = if file.path.contains(MOVED) {
                moved(&file.text)
            } else {
                file.text
            };
            fs::create_dir_all(path.parent().unwrap_or(dir))?;
            fs::write(path, text)?;
        }
    }
    Ok(())
}

/// A programme's file with its dates 364 days later, its fiscal year one later, and a notice in its title.
pub fn moved(text: &str) -> String {
    text.lines().map(|line| line_moved(line) + "\n").collect()
}

fn line_moved(line: &str) -> String {
    let Some((key, value)) = line.split_once(" = ") else {
        return line.to_owned();
    };
    let quoted = value.trim().trim_matches('"');
    if let Ok(date) = quoted.parse::<Date>()
        && let Ok(later) = date.checked_add(364.days())
    {
        return format!("{key} = \"{later}\"");
    }
    if key == "title" && quoted.ends_with("基本対策事業") {
        let later = quoted.replace("令和6年度", "令和7年度");
        return format!("title = \"{later}{NOTICE}\"");
    }
    if key == "fiscal_year"
        && let Ok(year) = value.trim().parse::<i16>()
    {
        return format!("fiscal_year = {}", year + 1);
    }
    line.to_owned()
}
