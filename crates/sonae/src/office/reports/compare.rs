//! Computing a report's figures again, to see whether they are still the frozen ones.

use sonae_core::flow::Refusal;
use sonae_core::report::difference::{Changed, between, of_its_own, outdated};
use sonae_core::report::figures::Figures;
use sonae_store::StoreError;
use sonae_store::case::Stored;
use sonae_store::monthly_report::{self as reports, Report};

use super::make::{compute, not_made, sha256};
use super::{Outcome, Request, gather, open_case, which};
use crate::app::App;

/// What became of frozen figures when they are computed again.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    pub revision: u32,
    /// The hash of the frozen ones, and of those of now.
    pub frozen_sha256: String,
    pub now_sha256: String,
    /// Whether the frozen figures still have the hash that was noted with them.
    pub sound: bool,
    /// Nothing when both are the same.
    pub changed: Vec<Changed>,
}

/// Computes a report's figures again, as of when it was made, and compares.
///
/// # Errors
/// One of the databases could not be read.
pub async fn compare(app: &App, request: Request) -> Outcome<Compared> {
    let wish = request.clone();
    let read = app
        .read(move |tx| {
            let stored = match open_case(tx, &wish.receipt_number)? {
                Ok(stored) => stored,
                Err(refusal) => return Ok(Err(refusal)),
            };
            let found = reports::find(tx, which(&stored, wish.month))?;
            let Some(report) = found else {
                return Ok(Err(not_made()));
            };
            let known = gather::known(tx, &stored.application_id, wish.month)?;
            let frozen = reports::frozen(tx, which(&stored, wish.month), report.revision)?;
            Ok(Ok((stored, report, known, frozen)))
        })
        .await?;
    let (stored, report, known, frozen) = match read {
        Ok(read) => read,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let Some((json, _)) = frozen else {
        return Err(StoreError::Damaged("a report without its figures".into()));
    };
    let Some(frozen) = Figures::parse(&json) else {
        return Ok(Err(other_format()));
    };
    let now = compute(app, &stored, request.month, known, report.made.at).await?;
    Ok(Ok(Compared {
        revision: report.revision,
        sound: sha256(json.as_bytes()) == report.figures_sha256,
        frozen_sha256: report.figures_sha256,
        now_sha256: now.sha256(),
        changed: between(&frozen, &now),
    }))
}

/// The frozen figures of a report, while its company's own month would come out the same now. Whoever decides on a report asks this first: the
/// detections cannot be asked within the transaction of the decision.
///
/// # Errors
/// One of the databases could not be read.
pub(super) async fn unchanged(app: &App, stored: &Stored, report: &Report) -> Outcome<Figures> {
    let (of, month, revision) = (stored.clone(), report.month, report.revision);
    let (mut known, frozen) = app
        .read(move |tx| {
            let known = gather::known(tx, &of.application_id, month)?;
            Ok((known, reports::frozen(tx, which(&of, month), revision)?))
        })
        .await?;
    let Some((json, _)) = frozen else {
        return Err(StoreError::Damaged("a report without its figures".into()));
    };
    let Some(frozen) = Figures::parse(&json) else {
        return Ok(Err(other_format()));
    };
    // The month before and the other companies are not compared, so they are not asked for.
    known.before.clear();
    known.members.clear();
    let now = compute(app, stored, month, known, report.made.at).await?;
    Ok(match of_its_own(&frozen, &now).first() {
        Some(changed) => Err(outdated(changed)),
        None => Ok(frozen),
    })
}

fn other_format() -> Refusal {
    Refusal::new(
        "other_format",
        "このレポートは、前の版の方法で計算されたものです。今の方法では比べられません。作り直してください。",
    )
}
