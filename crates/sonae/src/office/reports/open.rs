//! The company opens a report: the first time is noted.

use jiff::Timestamp;
use sonae_core::report::month::Month;
use sonae_store::StoreError;
use sonae_store::case::Stored;
use sonae_store::monthly_report as reports;

use super::{ReportData, kept, log, which};
use crate::app::App;

/// Who the log says did it.
const COMPANY: &str = "company";

/// Notes the first opening of a sent report; nothing for every other one.
///
/// # Errors
/// The database could not be written.
pub async fn opened(
    app: &App,
    stored: &Stored,
    month: Month,
    at: Timestamp,
) -> Result<(), StoreError> {
    let stored = stored.clone();
    app.write(move |tx| {
        let at = kept(at);
        let which = which(&stored, month);
        if !reports::opened(tx, which, at)? {
            return Ok(());
        }
        let revision = reports::find(tx, which)?.map_or(0, |report| report.revision);
        let data = ReportData {
            month: month.to_string(),
            revision,
            ..ReportData::default()
        };
        log(tx, &stored, ("report.read", COMPANY, at), data)
    })
    .await
}
