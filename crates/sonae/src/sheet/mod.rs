//! Tables in and out: CSV and Excel, as the office exchanges them with other offices.
//!
//! What is written never runs in a spreadsheet: CSV cells are guarded (`guard`), Excel cells are always text or numbers. What is read is
//! bounded in bytes, rows, columns and unpacked size, and every cell keeps the address under which the spreadsheet shows it.

mod csv_in;
mod csv_out;
mod encoding;
mod guard;
mod read;
mod xlsx_in;
mod xlsx_out;

#[cfg(test)]
mod tests;

pub use csv_out::{Encoding, write_csv};
pub use read::{
    MAX_BYTES, MAX_COLUMNS, MAX_ROWS, ReadError, Row, Table, address, read, read_copied,
};
pub use xlsx_out::{MAX_ROWS_OUT, WriteError, write_xlsx};

/// A column of a table that is written.
#[derive(Clone, Debug)]
pub struct Column {
    /// What stands in the first row.
    pub title: String,
    /// In characters of the body's size; a full-width character takes two.
    pub width: u16,
}

impl Column {
    pub fn new(title: impl Into<String>, width: u16) -> Column {
        Column {
            title: title.into(),
            width,
        }
    }
}

/// A cell that is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Shown as it is; 法人番号, telephone numbers and dates are text as well.
    Text(String),
    /// Something that may be added up.
    Number(i64),
}

impl From<String> for Cell {
    fn from(text: String) -> Cell {
        Cell::Text(text)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Cell {
        Cell::Text(text.to_owned())
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Cell {
        Cell::Number(number)
    }
}

/// A missing value is an empty cell.
impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Cell {
        value.map_or(Cell::Text(String::new()), Into::into)
    }
}
