//! `/api/v1/checks`: the daily check of detections, by company and day: listed, read with its findings, and done by the commands of the pages.

pub mod act;
pub mod list;
pub mod one;

use jiff::civil::Date;
use sonae_core::detection_check::group::Group;
use sonae_core::receipt_number;
use sonae_telemetry::detection::{Action, Severity};

use super::door::Caller;
use super::problem::{Kind, Problem};
use crate::app::App;
use crate::office::checks::{CompanyDay, Who, day};

/// A system as the checks know it. What its scopes say was asked at the door.
pub(super) fn who(caller: &Caller) -> Who {
    Who {
        id: caller.id().to_owned(),
        role: caller.role(),
    }
}

/// The company's day that an address names, now.
///
/// # Errors
/// `not-found`.
fn company_day(
    app: &App,
    caller: &Caller,
    (day, number): &(String, String),
) -> Result<CompanyDay, Problem> {
    Ok(CompanyDay {
        receipt_number: receipt_number::read(number).ok_or_else(no_check)?,
        day: read_day(day)?,
        who: who(caller),
        at: app.clock.now(),
    })
}

/// The day that an address names.
///
/// # Errors
/// `not-found`.
fn read_day(text: &str) -> Result<Date, Problem> {
    day(text).ok_or_else(no_check)
}

/// The answer for a day on which the company is not watched, or that is not this token's to see; both look the same.
fn no_check() -> Problem {
    Problem::new(
        Kind::NotFound,
        "この日に見守っている会社の中に、その受付番号はありません。日は 2026-06-01 の形で送り、GET /api/v1/checks で確かめてください。",
    )
}

/// The stable words of a group's severity and of what the device did.
pub(super) fn words(severity: u8, action: u8) -> (&'static str, &'static str) {
    let severity = Severity::ALL.get(usize::from(severity)).copied();
    let action = Action::ALL.get(usize::from(action)).copied();
    (
        severity.unwrap_or(Severity::Unknown).code(),
        action.unwrap_or(Action::Unknown).code(),
    )
}

fn words_of(group: &Group) -> (&'static str, &'static str) {
    words(group.severity, group.action)
}
