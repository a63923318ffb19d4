//! Signing a day: who checked says with her name that she looked at every company of hers.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use sha2::{Digest, Sha256};
use sonae_core::access::Action;
use sonae_core::audit::hex;
use sonae_core::calendar::tokyo_date;
use sonae_core::detection_check::rules;
use sonae_db::Tx;
use sonae_store::{StoreError, check_day};
use sonae_telemetry::questions::findings::DayTotal;

use super::logged::{CheckData, log};
use super::sheet::{Line, lines, totals};
use super::{Outcome, Who};
use crate::app::App;

/// Signs the companies of a day that are this person's to check. Gives how many were not signed before.
///
/// # Errors
/// A database failed.
pub async fn sign(app: &App, who: Who, when: (Date, Timestamp)) -> Outcome<u64> {
    sign_and(app, who, when, |_, _| Ok(())).await
}

/// The same, with something that is kept in the transaction that signs.
///
/// # Errors
/// A database failed.
pub async fn sign_and(
    app: &App,
    who: Who,
    (day, at): (Date, Timestamp),
    keep: impl Fn(&mut Tx, u64) -> Result<(), StoreError> + Send + 'static,
) -> Outcome<u64> {
    let totals = totals(app, day).await?;
    app.write(move |tx| {
        let signed = sign_in(tx, &who, (day, at), &totals)?;
        if let Ok(companies) = &signed {
            keep(tx, *companies)?;
        }
        Ok(signed)
    })
    .await
}

/// The same in the caller's transaction, with the totals of the day.
pub(crate) fn sign_in(
    tx: &mut Tx,
    who: &Who,
    (day, now): (Date, Timestamp),
    totals: &BTreeMap<String, DayTotal>,
) -> Outcome<u64> {
    let sheet = lines(tx, (day, who, Action::CheckDetections), totals)?;
    if let Err(refusal) = may_sign(&sheet, day, tokyo_date(now)) {
        return Ok(Err(refusal));
    }
    let companies: Vec<String> = (sheet.iter())
        .filter(|line| {
            line.checked
                .as_ref()
                .is_some_and(|one| one.signed.is_none())
        })
        .map(|line| line.company_id().to_owned())
        .collect();
    if companies.is_empty() {
        return Ok(Ok(0));
    }
    let data = CheckData {
        day: Some(day.to_string()),
        companies: Some(companies.len()),
        figures_sha256: Some(&hash(&sheet)),
        ..CheckData::default()
    };
    log(tx, who, ("check.signed", &day.to_string(), now), data)?;
    Ok(Ok(check_day::sign(tx, day, &companies, &who.name(), now)?))
}

/// Whether a person's part of a day may be signed.
///
/// # Errors
/// A Japanese sentence that says what is missing.
pub fn may_sign(sheet: &[Line], day: Date, today: Date) -> Result<(), sonae_core::flow::Refusal> {
    let line = |line: &Line| rules::Line {
        checked: (line.checked.as_ref()).map(|checked| (checked.state, checked.base())),
        now: line.lines(),
    };
    let lines: Vec<_> = sheet.iter().map(line).collect();
    rules::may_sign(day, today, &lines)
}

/// Of every company with what was said and seen of it.
fn hash(sheet: &[Line]) -> String {
    let mut hasher = Sha256::new();
    for line in sheet {
        if let Some(checked) = &line.checked {
            hasher.update(line.company_id().as_bytes());
            hasher.update(checked.version.to_be_bytes());
            hasher.update(checked.seen.sha256.as_bytes());
        }
    }
    hex(&hasher.finalize())
}
