//! A list of earlier participants as another office hands it over: finding its columns, reading its rows, and saying cell by cell what is wrong.
//!
//! Nothing is guessed silently. What a row needs (name, kind, year) or what would lead astray (a 法人番号 that cannot be one) is an error, and a
//! list with an error is not taken. What only helps in finding (telephone number, postcode, reading) is a warning: it is left out.

mod columns;
mod row;

pub use columns::{Field, HEADER_WITHIN};
pub use row::{FIRST_YEAR, LAST_YEAR};

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::Record;
use crate::program::program::SupportKind;
use crate::text::search_key::search_key;

/// The most remarks that are kept; a list with more is broken as a whole.
pub const MAX_REMARKS: usize = 200;

/// One row of a table: its number as the spreadsheet shows it, and its cells from column A on.
pub type Row<'a> = (u32, &'a [String]);

/// What the person who hands the list over says for lists that lack a column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Defaults {
    pub kind: Option<SupportKind>,
    pub year: Option<i16>,
}

/// A list as it was understood.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// What was recognised, in the order of the columns.
    pub columns: Vec<Column>,
    /// Titles of columns that are not read.
    pub ignored: Vec<String>,
    /// One for each company, kind and year, with the number of its row.
    pub records: Vec<(u32, Record)>,
    /// At most [`MAX_REMARKS`].
    pub remarks: Vec<Remark>,
    /// How many errors there are, kept or not.
    pub errors: usize,
    /// How many warnings there are, kept or not.
    pub warnings: usize,
}

/// A recognised column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// From 0.
    pub index: usize,
    pub title: String,
    pub field: Field,
}

/// Something about one cell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark {
    pub row: u32,
    /// From 0.
    pub column: usize,
    /// An error keeps the list out; a warning leaves the cell or the row out.
    pub is_error: bool,
    pub sentence: String,
}

/// Reads a list: titles in one of its first rows, one company below another.
pub fn read(rows: &[Row<'_>], defaults: Defaults) -> Reading {
    let mut reading = Reading::default();
    let Some(start) = columns::find(rows, &mut reading) else {
        return reading;
    };
    let header_row = rows[start].0;
    for (field, given) in [
        (Field::Name, false),
        (Field::Kind, defaults.kind.is_some()),
        (Field::Year, defaults.year.is_some()),
    ] {
        if !given && !reading.columns.iter().any(|column| column.field == field) {
            let sentence = field.is_missing();
            reading.add(header_row, 0, true, sentence);
        }
    }
    if reading.errors > 0 {
        return reading;
    }
    let mut seen = HashSet::new();
    for (number, cells) in &rows[start + 1..] {
        for record in row::read(&mut reading, *number, cells, defaults) {
            let company = record.corporate_number.clone().unwrap_or_else(|| {
                // Two companies of one name are told apart by whatever else is known.
                let rest =
                    [&record.address, &record.phone].map(|text| text.clone().unwrap_or_default());
                search_key(&format!("{}\n{}\n{}", record.name, rest[0], rest[1]))
            });
            if seen.insert((company, record.kind, record.year)) {
                reading.records.push((*number, record));
            } else {
                let column = reading.column_of(Field::Name);
                let sentence =
                    "同じ企業・種類・年度の行がこの行より前にあります。この行は取り込みません。";
                reading.add(*number, column, false, sentence);
            }
        }
    }
    if reading.records.is_empty() && reading.errors == 0 {
        reading.add(header_row, 0, true, "見出しの下に企業の行がありません。");
    }
    reading
}

impl Reading {
    fn add(&mut self, row: u32, column: usize, is_error: bool, sentence: impl Into<String>) {
        match is_error {
            true => self.errors += 1,
            false => self.warnings += 1,
        }
        if self.remarks.len() < MAX_REMARKS {
            self.remarks.push(Remark {
                row,
                column,
                is_error,
                sentence: sentence.into(),
            });
        }
    }

    /// The first column of a field; the first of all when there is none.
    fn column_of(&self, field: Field) -> usize {
        let found = self.columns.iter().find(|column| column.field == field);
        found.map_or(0, |column| column.index)
    }
}
