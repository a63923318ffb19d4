//! `/api/v1/reports`: the monthly reports: listed, read with their frozen figures and their PDF, and brought on by the commands of the pages.

pub mod act;
pub mod files;
pub mod list;
pub mod one;

use sonae_core::receipt_number;
use sonae_core::report::month::Month;

use super::problem::{Kind, Problem};
use crate::app::App;
use crate::office::reports::found::{self, Found};

/// The company's month that an address names.
///
/// # Errors
/// `not-found` for a number or a month that is none, and for a company that had no device then; all look the same.
async fn open(app: &App, (number, month): &(String, String)) -> Result<Found, Problem> {
    let month = Month::parse(month).ok_or_else(no_report)?;
    let number = receipt_number::read(number).ok_or_else(no_report)?;
    let found = app.read(move |tx| found::find(tx, &number, month)).await;
    found.map_err(Problem::of_store)?.ok_or_else(no_report)
}

fn no_report() -> Problem {
    Problem::new(
        Kind::NotFound,
        "この月に、月次レポートを作る会社の中に、その受付番号はありません。月は 2026-06 の形で送り、GET /api/v1/reports で確かめてください。",
    )
}
