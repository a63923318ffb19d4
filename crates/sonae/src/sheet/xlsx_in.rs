//! Reading Excel files (`.xlsx`) that may be hostile.
//!
//! Architecture invariant: the library only gets files whose whole content was unpacked once within `MAX_UNPACKED`, and cells come one by
//! one; its tables are never asked for, since one cell far away would make them as large as the sheet can be.

use std::io::{self, Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{Data, DataRef, Reader, SheetType, SheetVisible, Xlsx};

use super::read::{Bounded, ReadError, Table};

/// The most bytes of all parts of the file, unpacked.
const MAX_UNPACKED: u64 = 32 << 20;
/// The most parts of the file.
const MAX_PARTS: usize = 1_000;

pub(super) fn parse(bytes: &[u8]) -> Result<Table, ReadError> {
    check_unpacked_size(bytes)?;
    // The library is written for good files. A panic over a bad one is an answer about the file and not a defect of the office.
    catch_unwind(AssertUnwindSafe(|| first_sheet(bytes))).unwrap_or(Err(ReadError::Damaged))
}

/// Unpacks everything once and counts: the sizes that a file states may be lies.
fn check_unpacked_size(bytes: &[u8]) -> Result<(), ReadError> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| ReadError::Damaged)?;
    if archive.len() > MAX_PARTS {
        return Err(ReadError::TooLarge);
    }
    let mut left = MAX_UNPACKED;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|_| ReadError::Damaged)?;
        let mut bounded = part.take(left + 1);
        let read = io::copy(&mut bounded, &mut io::sink()).map_err(|_| ReadError::Damaged)?;
        left = left.checked_sub(read).ok_or(ReadError::TooLarge)?;
    }
    Ok(())
}

fn first_sheet(bytes: &[u8]) -> Result<Table, ReadError> {
    let damaged = |_| ReadError::Damaged;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(damaged)?;
    let sheet = (book.sheets_metadata().iter())
        .find(|sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible)
        .map(|sheet| sheet.name.clone())
        .ok_or(ReadError::Empty)?;
    let mut cells = book.worksheet_cells_reader(&sheet).map_err(damaged)?;
    let mut table = Bounded::default();
    while let Some(cell) = cells.next_cell().map_err(damaged)? {
        let (row, column) = cell.get_position();
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        table.put(row.saturating_add(1), column, &text(cell.get_value()))?;
    }
    table.finish()
}

/// A value as the sheet shows it: whole numbers without a point, days as 2025-05-29.
fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::DateTime(moment) => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        other => Data::from(other.clone()).to_string(),
    }
}
