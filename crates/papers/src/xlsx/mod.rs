//! Excel: the ledger of information assets as a workbook to go on working in.
//!
//! Drop-downs come from the same answers as the other papers, importance and risk are formulas that show what the model says before Excel has
//! counted, and text stays text whatever it begins with. A hidden first column keeps the ids of rows, by which a workbook that comes back is
//! matched with the answers.

mod choices;
mod formula;
mod heat_map;
mod ledger;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};
use sonae_core::paper::Meta;
use sonae_core::paper::answers::Answers;
use sonae_core::paper::library::Library;

/// The question whose rows are the ledger.
const ASSETS: &str = "assets";
const LEDGER: &str = "情報資産管理台帳";
const HEAT_MAP: &str = "リスクの地図";
const SETTINGS: &str = "設定";
const CHOICES: &str = "選択肢";

/// The ledger of a company as an Excel workbook (`.xlsx`). The same answers give the same bytes.
///
/// # Errors
/// The workbook could not be written, which is a defect of the library's questions (a label that Excel refuses).
pub fn ledger(library: &Library, answers: &Answers, meta: &Meta) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let year = u16::try_from(meta.date.year()).unwrap_or(1900);
    let month = u8::try_from(meta.date.month()).unwrap_or(1);
    let made = ExcelDateTime::from_ymd(year, month, u8::try_from(meta.date.day()).unwrap_or(1))?;
    let properties = DocProperties::new()
        .set_title(LEDGER)
        .set_author(&meta.company)
        .set_creation_datetime(&made);
    book.set_properties(&properties);
    let choices = choices::Choices::of(library, answers);
    let counted = ledger::write(book.add_worksheet(), library, answers, &choices)?;
    heat_map::write(book.add_worksheet(), answers, &counted)?;
    choices::settings(book.add_worksheet(), answers)?;
    choices.write(book.add_worksheet())?;
    book.save_to_buffer()
}
