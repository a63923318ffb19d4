//! Writing CSV (RFC 4180) that Excel opens with a double click.

use super::encoding::{for_cp932, to_cp932};
use super::guard::guarded;
use super::{Cell, Column};

/// How a CSV file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// With the mark by which Excel knows it. Keeps every character.
    Utf8,
    /// Windows' Shift_JIS, for older programs. Characters it lacks are replaced visibly: 「𠮷」 becomes 「(U+20BB7)」.
    Cp932,
}

/// A CSV file: one row of titles, then the rows. Lines end with CRLF; text that a spreadsheet could take for a formula begins with an
/// apostrophe, which [`super::read`] takes off again.
pub fn write_csv(
    columns: &[Column],
    rows: impl IntoIterator<Item = Vec<Cell>>,
    encoding: Encoding,
) -> Vec<u8> {
    let mut csv = String::new();
    let titles = columns.iter().map(|column| Cell::from(&*column.title));
    line(&mut csv, titles, encoding);
    for row in rows {
        line(&mut csv, row.into_iter(), encoding);
    }
    match encoding {
        Encoding::Utf8 => [b"\xef\xbb\xbf", csv.as_bytes()].concat(),
        Encoding::Cp932 => to_cp932(&csv),
    }
}

fn line(csv: &mut String, cells: impl Iterator<Item = Cell>, encoding: Encoding) {
    for (index, cell) in cells.enumerate() {
        if index > 0 {
            csv.push(',');
        }
        match cell {
            Cell::Number(number) => csv.push_str(&number.to_string()),
            // The guard comes last: a replaced character must not become the beginning of a formula.
            Cell::Text(text) if encoding == Encoding::Cp932 => {
                quoted(csv, &guarded(&for_cp932(&text)));
            }
            Cell::Text(text) => quoted(csv, &guarded(&text)),
        }
    }
    csv.push_str("\r\n");
}

fn quoted(csv: &mut String, text: &str) {
    // No reader of CSV takes this character; nobody can have typed it.
    let text = text.replace('\0', "\u{FFFD}");
    // An empty text in quotes keeps a row of a single empty cell apart from an empty line.
    if text.is_empty() || text.contains([',', '"', '\r', '\n', '\t', ';']) {
        csv.push('"');
        csv.push_str(&text.replace('"', "\"\""));
        csv.push('"');
    } else {
        csv.push_str(&text);
    }
}
