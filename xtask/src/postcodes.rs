//! `cargo xtask postcodes`: the postcode table from the files of 日本郵便.

mod pack;
mod source;
mod town;

use std::fs;
use std::path::Path;

use sonae_core::postcode::Table;

/// One row of the table: a code and what it stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// Seven digits as a number.
    pub(crate) code: u32,
    /// 全国地方公共団体コード without its check digit: five digits, the first two the prefecture.
    pub(crate) jis: u32,
    /// Name of the municipality.
    pub(crate) city: String,
    /// Town; empty for the rest of a municipality.
    pub(crate) town: String,
    /// Street and name of a large office.
    pub(crate) office: Option<(String, String)>,
}

const HELP: &str = "\
cargo xtask postcodes AREAS [OFFICES] --edition YYYY-MM-DD

  AREAS     utf_ken_all.csv (UTF-8) or KEN_ALL.CSV (Shift_JIS)
  OFFICES   JIGYOSYO.CSV (Shift_JIS): large offices with a code of their own
  --edition the day of 日本郵便's edition, told on its download page

Download both from https://www.post.japanpost.jp/zipcode/download.html, unpack them, and run the
command in the repository. It writes crates/core/data/postcodes.bin and its README.md.
";

/// Runs the command.
///
/// # Errors
/// A line that says what is wrong with the arguments or the files; nothing is written then.
pub(crate) fn run(arguments: &[String]) -> Result<(), String> {
    if arguments.is_empty() || arguments.iter().any(|argument| argument == "--help") {
        print!("{HELP}");
        return Ok(());
    }
    let (files, edition) = divide(arguments)?;
    let mut rows = source::areas(&source::read(Path::new(&files[0]))?)?;
    if let Some(offices) = files.get(1) {
        rows.extend(source::offices(&source::read(Path::new(offices))?)?);
    }
    let packed = pack::pack(&mut rows, edition);
    let offices = rows.iter().filter(|row| row.office.is_some()).count();
    let areas = rows.len() - offices;
    check(&packed, &rows)?;
    write(&packed, areas, offices)
}

/// The files, one or two, and the edition as YYYYMMDD.
fn divide(arguments: &[String]) -> Result<(Vec<String>, u32), String> {
    let mut files = Vec::new();
    let mut edition = None;
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--edition" => edition = rest.next().and_then(|day| edition_number(day)),
            flag if flag.starts_with('-') => return Err(format!("unknown option {flag}\n{HELP}")),
            file => files.push(file.to_owned()),
        }
    }
    let edition = edition.ok_or("--edition YYYY-MM-DD is missing or no date")?;
    if (1..=2).contains(&files.len()) {
        Ok((files, edition))
    } else {
        Err(format!("one or two files are needed\n{HELP}"))
    }
}

fn edition_number(day: &str) -> Option<u32> {
    let shape: String = day
        .chars()
        .map(|c| if c.is_ascii_digit() { '0' } else { c })
        .collect();
    let number = day.replace('-', "").parse().ok()?;
    let (month, date) = (number / 100 % 100, number % 100);
    (shape == "0000-00-00" && (1..=12).contains(&month) && (1..=31).contains(&date))
        .then_some(number)
}

/// Reads the packed table back with the reader of the program and compares every code with its rows.
fn check(packed: &[u8], rows: &[Row]) -> Result<(), String> {
    let table = Table::open(packed).map_err(|broken| broken.to_string())?;
    for same in rows.chunk_by(|one, next| one.code == next.code) {
        let code = format!("{:07}", same[0].code);
        let found = table
            .lookup(&code)
            .map_err(|broken| format!("{code}: {broken}"))?;
        let expected = same
            .iter()
            .map(|row| (row.city.as_str(), row.town.as_str()));
        if !found
            .iter()
            .map(|address| (address.city.as_str(), address.town.as_str()))
            .eq(expected)
        {
            return Err(format!(
                "{code}: the packed table says {found:?} for {same:?}"
            ));
        }
    }
    Ok(())
}

fn write(packed: &[u8], areas: usize, offices: usize) -> Result<(), String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/core/data");
    let edition = Table::open(packed)
        .map_err(|broken| broken.to_string())?
        .edition();
    let readme = README
        .replace("{edition}", &edition)
        .replace("{areas}", &areas.to_string())
        .replace("{offices}", &offices.to_string())
        .replace("{bytes}", &packed.len().to_string());
    for (name, bytes) in [("postcodes.bin", packed), ("README.md", readme.as_bytes())] {
        let path = folder.join(name);
        fs::write(&path, bytes).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    println!(
        "postcodes.bin: {} bytes, {areas} areas, {offices} offices, edition {edition}",
        packed.len()
    );
    Ok(())
}

const README: &str = include_str!("postcodes/README.in.md");

#[cfg(test)]
mod tests {
    use super::{divide, edition_number};

    #[test]
    fn arguments_are_checked_before_anything_is_read() {
        let words = |line: &str| line.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(
            divide(&words("a.csv --edition 2026-09-30")),
            Ok((vec!["a.csv".to_owned()], 20_260_930))
        );
        for wrong in [
            "a.csv",
            "a.csv --edition",
            "a.csv --edition 2026-13-01",
            "--edition 2026-09-30",
            "a b c --edition 2026-09-30",
            "a -x --edition 2026-09-30",
        ] {
            assert!(divide(&words(wrong)).is_err(), "{wrong}");
        }
        assert_eq!(edition_number("20260930"), None);
    }
}
