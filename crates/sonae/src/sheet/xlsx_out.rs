//! Writing Excel files: text stays text, the titles stay in view, and it prints on A4.

use jiff::Timestamp;
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};

use super::{Cell, Column};

/// The most rows of an Excel file we write. CSV has no such bound.
pub const MAX_ROWS_OUT: usize = 200_000;
/// The most UTF-16 units that Excel takes in one cell.
const MAX_UNITS: usize = 32_767;
/// What ends a text that was longer.
const CUT: &str = "…(以下省略)";

/// Why an Excel file could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    #[error(
        "{MAX_ROWS_OUT}行を超える表は、Excelの形式では出力できません。条件で絞るか、CSVで出力してください。"
    )]
    TooManyRows,
    #[error("the workbook could not be written: {0}")]
    Workbook(#[from] XlsxError),
}

/// An Excel file of one sheet: titles in the first row, which stays in view and on every printed page. Text is written as text whatever it
/// begins with, and stays text when somebody edits it. `at` is noted in the file as the moment it was made.
///
/// Line ends inside a cell become line feeds, as Excel has them; text beyond 32,767 units is cut visibly.
///
/// # Errors
/// `TooManyRows`; `Workbook` for a sheet name that Excel refuses.
pub fn write_xlsx(
    sheet: &str,
    columns: &[Column],
    rows: impl IntoIterator<Item = Vec<Cell>>,
    at: Timestamp,
) -> Result<Vec<u8>, WriteError> {
    let mut book = Workbook::new();
    let made = ExcelDateTime::from_timestamp(at.as_second())?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&made));
    let page = book.add_worksheet();
    page.set_name(sheet)?;
    lay_out(page, columns)?;
    // The text format keeps 法人番号 and telephone numbers whole when a cell is edited.
    let text_format = Format::new()
        .set_num_format("@")
        .set_align(FormatAlign::Top);
    let number_format = Format::new()
        .set_num_format("0")
        .set_align(FormatAlign::Top);
    let mut last = 0;
    for (index, row) in rows.into_iter().enumerate() {
        if index >= MAX_ROWS_OUT {
            return Err(WriteError::TooManyRows);
        }
        last = u32::try_from(index + 1).map_err(|_| WriteError::TooManyRows)?;
        for (column, cell) in (0..).zip(row) {
            match cell {
                Cell::Number(number) => {
                    // Excel counts in floating point; what it could not hold exactly is text.
                    match i32::try_from(number) {
                        Ok(number) => {
                            page.write_number_with_format(last, column, number, &number_format)?
                        }
                        Err(_) => page.write_string_with_format(
                            last,
                            column,
                            number.to_string(),
                            &text_format,
                        )?,
                    };
                }
                Cell::Text(text) if text.is_empty() => {}
                Cell::Text(text) => {
                    page.write_string_with_format(last, column, fitting(&text), &text_format)?;
                }
            }
        }
    }
    if let Some(right) = columns.len().checked_sub(1) {
        page.autofilter(0, 0, last, u16::try_from(right).unwrap_or(u16::MAX))?;
    }
    Ok(book.save_to_buffer()?)
}

fn lay_out(page: &mut Worksheet, columns: &[Column]) -> Result<(), XlsxError> {
    let title = Format::new()
        .set_bold()
        .set_text_wrap()
        .set_border_bottom(FormatBorder::Thin)
        .set_num_format("@");
    for (index, column) in (0..).zip(columns) {
        page.set_column_width(index, f64::from(column.width))?;
        page.write_string_with_format(0, index, fitting(&column.title), &title)?;
    }
    page.set_freeze_panes(1, 0)?;
    page.set_repeat_rows(0, 0)?;
    page.set_landscape()
        .set_paper_size(9)
        .set_print_fit_to_pages(1, 0);
    page.set_footer("&C&P / &N");
    Ok(())
}

/// The text as Excel can hold it.
fn fitting(text: &str) -> String {
    // The two characters that XML cannot carry even escaped.
    let text = (text.replace("\r\n", "\n").replace('\r', "\n"))
        .replace(['\u{FFFE}', '\u{FFFF}'], "\u{FFFD}");
    if text.encode_utf16().count() <= MAX_UNITS {
        return text;
    }
    let room = MAX_UNITS - CUT.encode_utf16().count();
    let mut units = 0;
    let kept = text.chars().take_while(|c| {
        units += c.len_utf16();
        units <= room
    });
    kept.collect::<String>() + CUT
}
