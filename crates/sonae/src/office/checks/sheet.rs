//! The sheet of a day: every company whose devices are watched, with what was detected and what was said of it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use sonae_core::access::Action;
use sonae_core::calendar::tokyo_midnight;
use sonae_core::detection_check::rules;
use sonae_db::Tx;
use sonae_store::StoreError;
use sonae_store::check_day::{self, Checked};
use sonae_store::telemetry_source::{self, Watched};
use sonae_telemetry::Day;
use sonae_telemetry::questions::findings::DayTotal;

use super::Who;
use crate::app::App;

/// One company of the sheet.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its first device; the company is the same for all.
    pub company: Watched,
    /// Products with their serial numbers.
    pub devices: Vec<(String, String)>,
    /// None when nothing at all was heard on the day.
    pub total: Option<DayTotal>,
    pub checked: Option<Checked>,
}

impl Line {
    pub fn company_id(&self) -> &str {
        &self.company.source.application_id
    }

    /// Lines of detections.
    pub fn lines(&self) -> i64 {
        self.total.map_or(0, |total| total.detections)
    }

    /// Whether detections came after it was checked.
    pub fn has_grown(&self) -> bool {
        self.grown() > 0
    }

    /// How many lines came after it was checked. Fewer than were seen are no growth: old ones are no longer kept.
    pub fn grown(&self) -> i64 {
        let base = self.checked.as_ref().map(Checked::base);
        base.map_or(0, |base| (self.lines() - base).max(0))
    }

    /// Whether what was seen when it was checked is no longer kept, and nothing else is there.
    pub fn is_removed(&self) -> bool {
        (self.checked.as_ref()).is_some_and(|checked| is_removed(checked, self.total.is_some()))
    }

    /// Whether something is there, but not what was seen when it was checked.
    pub fn is_partly_removed(&self) -> bool {
        !self.is_removed() && (self.checked.as_ref()).is_some_and(|one| one.lines_gone > 0)
    }

    /// Whether it can be said to be quiet together with others: heard, nothing detected, nothing said yet.
    pub fn is_plainly_quiet(&self) -> bool {
        self.checked.is_none() && self.total.is_some() && self.lines() == 0
    }
}

/// Whether what was seen of a checked day is no longer kept.
pub(super) fn is_removed(checked: &Checked, heard: bool) -> bool {
    rules::is_removed(heard, (checked.state, &checked.note, checked.seen.lines))
}

/// The sheet as a person may see it, in the order of receipt.
///
/// # Errors
/// A database could not be read.
pub async fn sheet(
    app: &App,
    day: Date,
    who: &Who,
    action: Action,
) -> Result<Vec<Line>, StoreError> {
    let totals = totals(app, day).await?;
    let who = who.clone();
    app.read(move |tx| lines(tx, (day, &who, action), &totals))
        .await
}

/// Every company's totals of a day.
///
/// # Errors
/// The detections could not be read.
pub async fn totals(app: &App, day: Date) -> Result<BTreeMap<String, DayTotal>, StoreError> {
    app.detections(move |detections| detections.sheet(Day::of_date(day)))
        .await
}

/// The same in the caller's transaction, with totals that were asked before it.
pub(crate) fn lines(
    tx: &mut Tx,
    (day, who, action): (Date, &Who, Action),
    totals: &BTreeMap<String, DayTotal>,
) -> Result<Vec<Line>, StoreError> {
    let mut checked = check_day::of_day(tx, day)?;
    let mut lines: Vec<Line> = Vec::new();
    for company in watched_on(tx, day)? {
        if !who.may(action, &company) {
            continue;
        }
        let device = (
            company.source.product.clone(),
            company.source.serial.clone(),
        );
        let id = company.source.application_id.clone();
        // A company's devices stand together.
        match lines.last_mut().filter(|line| *line.company_id() == id) {
            Some(line) => line.devices.push(device),
            None => lines.push(Line {
                devices: vec![device],
                total: totals.get(&id).copied(),
                checked: checked.remove(&id),
                company,
            }),
        }
    }
    Ok(lines)
}

/// The devices that are watched on a day in Tokyo.
pub(super) fn watched_on(tx: &mut Tx, day: Date) -> Result<Vec<Watched>, StoreError> {
    let (from, until) = bounds(day);
    telemetry_source::watched(tx, from, until)
}

/// The first instant of a day in Tokyo and the first of the next; days beyond the calendar have none.
fn bounds(day: Date) -> (Timestamp, Timestamp) {
    let from = tokyo_midnight(day).unwrap_or(Timestamp::MAX);
    let until = day
        .tomorrow()
        .ok()
        .and_then(|next| tokyo_midnight(next).ok());
    (from, until.unwrap_or(from))
}
