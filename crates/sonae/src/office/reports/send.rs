//! Approved reports go to the company: a mail with the way to the page, and from then on the page itself.

use jiff::Timestamp;
use sonae_core::flow::{Actor, Refusal};
use sonae_core::report::life::{Event, State, step};
use sonae_core::report::month::Month;
use sonae_db::Tx;
use sonae_store::{monthly_report as reports, outbox};

use super::{Outcome, ReportData, kept, log, open_case, which};
use crate::app::App;

/// Sends one report in the caller's transaction.
///
/// # Errors
/// The database could not be written; the transaction is to be dropped.
pub fn send_in(
    app: &App,
    tx: &mut Tx,
    receipt_number: &str,
    month: Month,
    now: Timestamp,
) -> Outcome<()> {
    let at = kept(now);
    let stored = match open_case(tx, receipt_number)? {
        Ok(stored) => stored,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let which = which(&stored, month);
    let report = reports::find(tx, which)?;
    let state = report.as_ref().map_or(State::Due, |report| report.state);
    if let Err(refusal) = step(state, &Event::Sent) {
        return Ok(Err(refusal));
    }
    let (Some(report), true) = (report, reports::sent(tx, which, at)?) else {
        return Ok(Err(Refusal::new(
            "just_sent",
            "このレポートは、いま別の操作で送られました。",
        )));
    };
    // Without an address that can be used the page is there all the same; the office sees that no mail went.
    if let Some(mail) = app.mailer.of_report(&stored, month, &report.headline, at) {
        outbox::put(tx, Some(&stored.application_id), &mail, at, at)?;
    }
    let data = ReportData {
        month: month.to_string(),
        revision: report.revision,
        pdf_sha256: report.pdf_sha256.as_deref(),
        ..ReportData::default()
    };
    log(
        tx,
        &stored,
        ("report.sent", &Actor::System.name(), at),
        data,
    )?;
    Ok(Ok(()))
}
