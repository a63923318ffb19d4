//! Reading a table that somebody hands in, whatever it is, within bounds.

use std::collections::BTreeMap;

use super::{csv_in, encoding, xlsx_in};

/// The most bytes of a file.
pub const MAX_BYTES: usize = 10 << 20;
/// The most rows with something in them, the titles among them.
pub const MAX_ROWS: usize = 20_000;
/// The most columns.
pub const MAX_COLUMNS: usize = 100;
/// The most characters of a cell: what Excel allows.
const MAX_CELL: usize = 32_767;
/// The most bytes of all cells together.
const MAX_TEXT: usize = 40 << 20;

/// The rows that have something in them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    pub rows: Vec<Row>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// From 1, as a spreadsheet shows it.
    pub number: u32,
    /// From column A on; as long as the row has cells with something in them.
    pub cells: Vec<String>,
}

impl Row {
    /// The cell, empty when the row is shorter.
    pub fn cell(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", String::as_str)
    }
}

/// Why a file could not be read: a sentence for the person who chose it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    #[error("ファイルが空です。表の入ったファイルを選んでください。")]
    Empty,
    #[error(
        "ファイルが大きすぎます。{}MBまでのファイルに分けてから、もう一度選んでください。",
        MAX_BYTES >> 20
    )]
    TooLarge,
    #[error(
        "行が多すぎます。見出しを含めて{MAX_ROWS}行までのファイルに分けてから、もう一度選んでください。"
    )]
    TooManyRows,
    #[error("列が多すぎます。{MAX_COLUMNS}列までにしてから、もう一度選んでください。")]
    TooManyColumns,
    #[error("セル {address} の文字が多すぎます。{MAX_CELL}文字までにしてください。")]
    CellTooLong { address: String },
    #[error(
        "{row}行目から始まる引用符「\"」が閉じられていません。CSVを書き出した表計算ソフトで保存し直してください。"
    )]
    UnclosedQuote { row: u32 },
    #[error(
        "文字の種類がわかりません。CSVはUTF-8かShift_JISで、Excelは「.xlsx」の形式で保存したファイルを選んでください。"
    )]
    UnknownText,
    #[error(
        "古い形式のExcelファイルか、パスワードの付いたファイルです。パスワードを外し、「.xlsx」の形式で保存し直してから選んでください。"
    )]
    OldOrLocked,
    #[error(
        "Excelファイルとして読めません。ファイルが壊れているか、別の種類のファイルです。Excelで開いて「.xlsx」の形式で保存し直してください。"
    )]
    Damaged,
}

/// Reads a CSV file (UTF-8, UTF-16 or CP932, separated by commas or tabs) or the first visible sheet of an Excel file (`.xlsx`), told apart
/// by its content and never by its name.
///
/// # Errors
/// Those of [`ReadError`]; a hostile file costs bounded memory.
pub fn read(bytes: &[u8]) -> Result<Table, ReadError> {
    if bytes.len() > MAX_BYTES {
        return Err(ReadError::TooLarge);
    }
    let table = match bytes {
        [b'P', b'K', 3 | 5, ..] => xlsx_in::parse(bytes)?,
        [0xd0, 0xcf, 0x11, 0xe0, ..] => return Err(ReadError::OldOrLocked),
        _ => {
            let text = encoding::decode(bytes).ok_or(ReadError::UnknownText)?;
            // No table holds it, but every picture and program does.
            if text.contains('\0') {
                return Err(ReadError::UnknownText);
            }
            csv_in::parse(&text)?
        }
    };
    if table.rows.is_empty() {
        return Err(ReadError::Empty);
    }
    Ok(table)
}

/// Reads what was copied out of a spreadsheet: lines whose cells are separated by tabs.
///
/// # Errors
/// As for [`read`].
pub fn read_copied(text: &str) -> Result<Table, ReadError> {
    if text.len() > MAX_BYTES {
        return Err(ReadError::TooLarge);
    }
    let table = csv_in::separated(text, '\t')?;
    if table.rows.is_empty() {
        return Err(ReadError::Empty);
    }
    Ok(table)
}

/// The address of a cell as spreadsheets show it: `C3` for column 2, counted from 0, in row 3, counted from 1.
pub fn address(column: usize, row: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        let letter = u8::try_from((rest - 1) % 26).expect("a remainder of 26 fits in a byte");
        letters.push(char::from(b'A' + letter));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect::<String>() + &row.to_string()
}

/// A table that grows within the bounds.
#[derive(Default)]
pub(super) struct Bounded {
    rows: BTreeMap<u32, Vec<String>>,
    bytes: usize,
}

impl Bounded {
    /// Puts a text into a cell. Empty text is nothing: a sheet that was only coloured far to the right is no wider.
    pub(super) fn put(&mut self, row: u32, column: usize, text: &str) -> Result<(), ReadError> {
        if text.is_empty() {
            return Ok(());
        }
        if column >= MAX_COLUMNS {
            return Err(ReadError::TooManyColumns);
        }
        if text.chars().nth(MAX_CELL).is_some() {
            let address = address(column, row);
            return Err(ReadError::CellTooLong { address });
        }
        self.bytes += text.len();
        if self.bytes > MAX_TEXT {
            return Err(ReadError::TooLarge);
        }
        if self.rows.len() >= MAX_ROWS && !self.rows.contains_key(&row) {
            return Err(ReadError::TooManyRows);
        }
        let cells = self.rows.entry(row).or_default();
        if cells.len() <= column {
            cells.resize(column + 1, String::new());
        }
        text.clone_into(&mut cells[column]);
        Ok(())
    }

    pub(super) fn finish(self) -> Result<Table, ReadError> {
        let rows = self.rows.into_iter();
        Ok(Table {
            rows: rows.map(|(number, cells)| Row { number, cells }).collect(),
        })
    }
}
