//! A company's month as it is opened by who reads or works on its report.

use sonae_core::report::life::State;
use sonae_core::report::month::Month;
use sonae_db::Tx;
use sonae_store::StoreError;
use sonae_store::case::{self, Stored};
use sonae_store::monthly_report::{self as reports, Act, Report, Which};
use sonae_store::telemetry_source::{self, Kind};

use super::gather::bounds;
use super::which;

/// A company's month.
#[derive(Clone, Debug)]
pub struct Found {
    pub stored: Stored,
    pub month: Month,
    /// Of its devices in the month, each once.
    pub kinds: Vec<Kind>,
    /// None while it is due.
    pub report: Option<Report>,
    /// The newest first: number, who made it and when, the hash of its figures.
    pub revisions: Vec<(u32, Act, String)>,
}

impl Found {
    pub fn state(&self) -> State {
        self.report
            .as_ref()
            .map_or(State::Due, |report| report.state)
    }

    pub fn which(&self) -> Which<'_> {
        which(&self.stored, self.month)
    }
}

/// Opens a company's month; none for a number that no case has, and for a company that had no device then.
///
/// # Errors
/// The database could not be read.
pub fn find(tx: &mut Tx, receipt_number: &str, month: Month) -> Result<Option<Found>, StoreError> {
    let Some(stored) = case::by_receipt(tx, receipt_number)? else {
        return Ok(None);
    };
    let (from, until) = bounds(month);
    let sources = telemetry_source::of_application(tx, &stored.application_id)?;
    let watched = sources.iter().filter(|one| one.is_watched(from, until));
    let mut kinds: Vec<Kind> = Vec::new();
    for one in watched {
        if !kinds.contains(&one.kind) {
            kinds.push(one.kind);
        }
    }
    let report = reports::find(tx, which(&stored, month))?;
    if report.is_none() && kinds.is_empty() {
        return Ok(None);
    }
    Ok(Some(Found {
        revisions: reports::revisions(tx, which(&stored, month))?,
        stored,
        month,
        kinds,
        report,
    }))
}
