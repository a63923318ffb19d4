//! Reading CSV (RFC 4180) and tab-separated text.
//!
//! Our own reader instead of a library's, because a row must have the number under which a spreadsheet shows it (an empty line is a row, a
//! cell with several lines is in one), and because a quotation mark that is never closed must be found and not swallow the file.

use super::guard::unguarded;
use super::read::{Bounded, ReadError, Table};

/// Rows of a text whose lines end in any way. The separator is the tab when the first line has one and no comma.
pub(super) fn parse(text: &str) -> Result<Table, ReadError> {
    let first_line = text.split(['\r', '\n']).next().unwrap_or_default();
    let separator = match first_line.contains('\t') && !first_line.contains(',') {
        true => '\t',
        false => ',',
    };
    separated(text, separator)
}

/// Rows of a text whose separator is known.
pub(super) fn separated(text: &str, separator: char) -> Result<Table, ReadError> {
    let mut table = Bounded::default();
    let mut rest = text;
    let mut row: u32 = 1;
    while !rest.is_empty() {
        let mut column = 0;
        loop {
            let (cell, after) = cell(rest, separator, row)?;
            table.put(row, column, unguarded(&cell))?;
            rest = after;
            match rest.strip_prefix(separator) {
                Some(next) => rest = next,
                None => break,
            }
            column += 1;
        }
        rest = (rest.strip_prefix("\r\n"))
            .or_else(|| rest.strip_prefix(['\r', '\n']))
            .unwrap_or(rest);
        row = row.saturating_add(1);
    }
    table.finish()
}

/// One cell and what follows it, which begins with the separator or the end of the line.
fn cell(text: &str, separator: char, row: u32) -> Result<(String, &str), ReadError> {
    let ends = |c: char| c == separator || c == '\r' || c == '\n';
    let mut cell = String::new();
    let mut rest = text;
    if let Some(mut inside) = text.strip_prefix('"') {
        loop {
            let (part, after) = inside
                .split_once('"')
                .ok_or(ReadError::UnclosedQuote { row })?;
            cell.push_str(part);
            match after.strip_prefix('"') {
                Some(next) => {
                    cell.push('"');
                    inside = next;
                }
                None => {
                    rest = after;
                    break;
                }
            }
        }
    }
    // What stands between a closing mark and the separator belongs to the cell, as spreadsheets read it.
    let end = rest.find(ends).unwrap_or(rest.len());
    cell.push_str(&rest[..end]);
    Ok((cell, &rest[end..]))
}
