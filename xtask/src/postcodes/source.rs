//! The CSV files of 日本郵便.
//!
//! Columns: <https://www.post.japanpost.jp/zipcode/dl/readme.html> (areas) and
//! <https://www.post.japanpost.jp/zipcode/dl/jigyosyo/readme.html> (offices).

use std::fs;
use std::path::Path;

use sonae_core::postcode::prefecture_name;
use sonae_core::text::width::{is_hyphen, narrow};

use super::Row;
use super::town;

/// The text of a file in UTF-8 or Shift_JIS (Windows-31J, as the WHATWG encoding standard has it).
///
/// # Errors
/// A line that names the file.
pub(crate) fn read(path: &Path) -> Result<String, String> {
    let bytes = fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
    match String::from_utf8(bytes) {
        Ok(text) => Ok(text.trim_start_matches('\u{FEFF}').to_owned()),
        Err(other) => {
            let (text, _, damaged) = encoding_rs::SHIFT_JIS.decode(other.as_bytes());
            if damaged {
                return Err(format!("{}: neither UTF-8 nor Shift_JIS", path.display()));
            }
            Ok(text.into_owned())
        }
    }
}

/// The rows of KEN_ALL.CSV or utf_ken_all.csv, in its order.
///
/// # Errors
/// A line that names the first row that is not one.
pub(crate) fn areas(text: &str) -> Result<Vec<Row>, String> {
    let mut rows = Vec::new();
    let mut open: Option<(Row, String)> = None;
    for (at, line) in text.lines().enumerate() {
        let fields = fields(line);
        let [jis, _, code, _, _, _, prefecture, city, town, ..] = &fields[..] else {
            return Err(format!(
                "line {}: {} columns instead of 15",
                at + 1,
                fields.len()
            ));
        };
        let row = row(at, jis, code, prefecture, city)?;
        // A town that does not fit is continued in the next row, broken anywhere inside its brackets.
        let (row, town) = match open.take() {
            Some((begun, start)) if begun.code == row.code => (begun, start + town),
            Some((begun, start)) => {
                return Err(format!(
                    "line {}: {:07} {start} is not continued",
                    at + 1,
                    begun.code
                ));
            }
            None => (row, town.clone()),
        };
        if town.matches('（').count() > town.matches('）').count() {
            open = Some((row, town));
            continue;
        }
        for town in town::towns(&row.city, &town) {
            rows.push(Row {
                town,
                ..row.clone()
            });
        }
    }
    match open {
        Some((row, town)) => Err(format!("{:07} {town} is not continued", row.code)),
        None => Ok(rows),
    }
}

/// The rows of JIGYOSYO.CSV, in its order.
///
/// # Errors
/// A line that names the first row that is not one.
pub(crate) fn offices(text: &str) -> Result<Vec<Row>, String> {
    let mut rows = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let fields = fields(line);
        let [jis, _, name, prefecture, city, town, street, code, ..] = &fields[..] else {
            return Err(format!(
                "line {}: {} columns instead of 13",
                at + 1,
                fields.len()
            ));
        };
        let row = row(at, jis, code, prefecture, city)?;
        rows.push(Row {
            town: town.clone(),
            office: Some((street_text(street), name.trim().to_owned())),
            ..row
        });
    }
    Ok(rows)
}

/// A row without town, after a check of what the table relies on.
fn row(at: usize, jis: &str, code: &str, prefecture: &str, city: &str) -> Result<Row, String> {
    let digits = |text: &str, length: usize| {
        text.len() == length && text.bytes().all(|b| b.is_ascii_digit())
    };
    let known = jis.get(..2).and_then(prefecture_name);
    if !digits(jis, 5)
        || !digits(code, 7)
        || known != Some(prefecture)
        || city.is_empty()
        || city.contains(['\t', '\n'])
    {
        return Err(format!(
            "line {}: not a row of 日本郵便's file: {jis} {code} {prefecture}{city}",
            at + 1
        ));
    }
    Ok(Row {
        code: code
            .parse()
            .map_err(|_| format!("line {}: {code}", at + 1))?,
        jis: jis.parse().map_err(|_| format!("line {}: {jis}", at + 1))?,
        city: city.to_owned(),
        town: String::new(),
        office: None,
    })
}

/// A street in ASCII digits and hyphens; a long sound mark stays where it follows a letter (ビルディング１号).
fn street_text(street: &str) -> String {
    let mut text = String::with_capacity(street.len());
    for c in narrow(street).trim().chars() {
        let behind_digit = text.ends_with(|p: char| p.is_ascii_digit());
        text.push(if is_hyphen(c) && behind_digit { '-' } else { c });
    }
    text
}

/// The fields of one line of CSV. 日本郵便 breaks no field over lines.
fn fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut quoted = false;
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        let field = fields.last_mut().expect("there is always a last field");
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                field.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(String::new()),
            c => field.push(c),
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::{areas, fields, offices};

    fn line(code: &str, town: &str) -> String {
        format!(
            "13101,\"100  \",\"{code}\",\"ﾄｳｷｮｳﾄ\",\"ﾁﾖﾀﾞｸ\",\"\",\"東京都\",\"千代田区\",\"{town}\",0,0,0,0,0,0\r\n"
        )
    }

    #[test]
    fn a_broken_town_is_joined() {
        let text = line("1000001", "千代田（一、")
            + &line("1000001", "二")
            + &line("1000001", "、三）")
            + &line("1000002", "皇居外苑");
        let rows = areas(&text).expect("a well-formed file");
        let towns: Vec<_> = rows
            .iter()
            .map(|row| (row.code, row.town.as_str()))
            .collect();
        assert_eq!(towns, [(1_000_001, "千代田"), (1_000_002, "皇居外苑")]);
        assert!(areas(&(line("1000001", "千代田（一、") + &line("1000002", "皇居外苑"))).is_err());
        assert!(areas(&line("1000001", "千代田（一、")).is_err());
    }

    #[test]
    fn other_files_are_refused() {
        assert!(areas("a,b,c\n").is_err());
        assert!(areas(&line("100000", "千代田")).is_err());
        assert!(areas(&line("1000001", "千代田").replace("東京都", "東京府")).is_err());
    }

    #[test]
    fn offices_get_their_street_in_ascii() {
        let text = "13104,\"ﾄｳｷﾖｳﾄﾁﾖｳ\",\"東京都庁\",\"東京都\",\"新宿区\",\"西新宿\",\"２丁目８－１\",\"1638001\",\"160  \",\"新宿\",0,0,0\n";
        let rows = offices(text).expect("a well-formed file");
        assert_eq!(
            rows[0].office,
            Some(("2丁目8-1".to_owned(), "東京都庁".to_owned()))
        );
    }

    #[test]
    fn quotes_and_commas_are_read() {
        assert_eq!(fields("a,\"b,\"\"c\",,"), ["a", "b,\"c", "", ""]);
    }
}
