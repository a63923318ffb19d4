//! Which companies get a report of a month, and where each stands.

use std::collections::BTreeMap;

use jiff::Timestamp;
use sonae_core::calendar::tokyo_date;
use sonae_core::report::life::{LATE_DAY, State};
use sonae_core::report::month::Month;
use sonae_core::report::waiting::waits;
use sonae_db::Tx;
use sonae_store::StoreError;
use sonae_store::monthly_report::{self as reports, Report};
use sonae_store::telemetry_source;

use super::gather::{bounds, start};
use crate::app::Programs;
use crate::office::checks::missed;

/// A company's month.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub application_id: String,
    pub program_id: String,
    pub receipt_number: String,
    pub name: String,
    /// Kinds of its devices: `UTM`, `EDR`.
    pub kinds: Vec<&'static str>,
    /// None while it is due.
    pub report: Option<Report>,
}

impl Line {
    pub fn state(&self) -> State {
        self.report
            .as_ref()
            .map_or(State::Due, |report| report.state)
    }
}

/// The last month that is over.
pub fn last_month(now: Timestamp) -> Month {
    Month::of(tokyo_date(now)).before()
}

/// Everybody who is due a report of a month, by programme and order of receipt.
///
/// # Errors
/// The database could not be read.
pub fn of_month(tx: &mut Tx, month: Month) -> Result<Vec<Line>, StoreError> {
    let (from, until) = bounds(month);
    let made = reports::of_month(tx, month)?.into_iter();
    let mut made: BTreeMap<String, Report> = made
        .map(|report| (report.application_id.clone(), report))
        .collect();
    let mut lines: Vec<Line> = Vec::new();
    for one in telemetry_source::watched(tx, from, until)? {
        let kind = match one.source.kind {
            telemetry_source::Kind::Utm => "UTM",
            telemetry_source::Kind::Edr => "EDR",
        };
        let id = one.source.application_id;
        match lines.last_mut().filter(|line| line.application_id == id) {
            Some(line) if line.kinds.contains(&kind) => {}
            Some(line) => line.kinds.push(kind),
            None => lines.push(Line {
                report: made.remove(&id),
                application_id: id,
                program_id: one.program_id,
                receipt_number: one.receipt_number,
                name: one.name,
                kinds: vec![kind],
            }),
        }
    }
    Ok(lines)
}

/// How many reports of last month the companies do not have though the day by which they should is over; 0 before that day.
///
/// # Errors
/// The database could not be read.
pub fn late(tx: &mut Tx, now: Timestamp) -> Result<usize, StoreError> {
    let today = tokyo_date(now);
    if today.day() <= LATE_DAY {
        return Ok(0);
    }
    let lines = of_month(tx, last_month(now))?;
    Ok(lines.iter().filter(|line| !line.state().is_out()).count())
}

/// The companies whose report of a month is to be made now without anybody asking for it. One whose days are not all signed waits for a while, so
/// that its report tells what came of the checks of its last days.
///
/// # Errors
/// The database could not be read.
pub fn ready(
    tx: &mut Tx,
    programs: &Programs,
    (month, now): (Month, Timestamp),
) -> Result<Vec<String>, StoreError> {
    let mut due = of_month(tx, month)?;
    due.retain(|line| line.state() == State::Due);
    if due.is_empty() {
        return Ok(Vec::new());
    }
    let unsigned = missed::unsigned(tx, month.first_day(), month.after().first_day())?;
    let waits = |line: &Line| {
        let all_signed = !unsigned.contains(&line.application_id);
        let running = programs.get(&line.program_id);
        running.is_some_and(|one| waits(month, tokyo_date(now), all_signed, &one.calendar))
    };
    due.retain(|line| !waits(line));
    Ok(due.into_iter().map(|line| line.receipt_number).collect())
}

/// From when on the job makes what is due of a month: six hours after its end, when most late lines have come.
pub fn made_from(month: Month) -> Timestamp {
    start(month.after().first_day()) + jiff::SignedDuration::from_hours(6)
}
