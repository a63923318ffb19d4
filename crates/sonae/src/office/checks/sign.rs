//! Signing a day: who checked says with her name that she looked at every company of hers.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use sha2::{Digest, Sha256};
use sonae_core::access::Action;
use sonae_core::audit::hex;
use sonae_core::calendar::tokyo_date;
use sonae_core::detection_check::{State, rules};
use sonae_db::Tx;
use sonae_store::{StoreError, check_day};
use sonae_telemetry::TelemetryError;
use sonae_telemetry::questions::findings::DayTotal;

use super::facts::{Facts, Known, found};
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
    let (asking, told) = (who.clone(), totals.clone());
    let sheet = app.read(move |tx| lines(tx, (day, &asking, Action::CheckDetections), &told));
    let sheet = sheet.await?;
    let facts = app.detections(move |detections| {
        let quiet = sheet.iter().filter(|line| is_asked(line));
        let facts = quiet.map(|line| {
            let id = line.company_id();
            Ok((id.to_owned(), found(detections, (id, day), line.total)?))
        });
        facts.collect::<Result<BTreeMap<_, _>, TelemetryError>>()
    });
    let facts = facts.await?;
    app.write(move |tx| {
        let signed = sign_in(tx, &who, (day, at), (&totals, &facts))?;
        if let Ok(companies) = &signed {
            keep(tx, *companies)?;
        }
        Ok(signed)
    })
    .await
}

/// Whether its findings are looked at once more before it is signed: something was detected, and it was said to be quiet.
fn is_asked(line: &Line) -> bool {
    let quiet =
        |checked: &check_day::Checked| checked.state == State::Quiet && checked.signed.is_none();
    line.lines() > 0 && line.checked.as_ref().is_some_and(quiet)
}

/// The same in the caller's transaction, with the totals of the day and what was detected at the companies that are 異常なし.
pub(crate) fn sign_in(
    tx: &mut Tx,
    who: &Who,
    (day, now): (Date, Timestamp),
    (totals, facts): (&BTreeMap<String, DayTotal>, &BTreeMap<String, Facts>),
) -> Outcome<u64> {
    let sheet = lines(tx, (day, who, Action::CheckDetections), totals)?;
    let open = open(tx, day, &sheet, facts)?;
    if let Err(refusal) = may_sign(&sheet, &open, day, tokyo_date(now)) {
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

/// The companies that are 異常なし and could not be said to be so now.
fn open(
    tx: &mut Tx,
    day: Date,
    sheet: &[Line],
    facts: &BTreeMap<String, Facts>,
) -> Result<BTreeSet<String>, StoreError> {
    let mut open = BTreeSet::new();
    for line in sheet.iter().filter(|line| is_asked(line)) {
        let id = line.company_id();
        // Who became hers since the findings were asked is asked the next time.
        let now = match facts.get(id) {
            Some(facts) => Some(Known::read(tx, id, day)?.day(id, day, facts)),
            None => None,
        };
        let note = line.checked.as_ref().map_or("", |checked| &checked.note);
        if now.is_none_or(|now| rules::may_set(State::Quiet, &now, note).is_err()) {
            open.insert(id.to_owned());
        }
    }
    Ok(open)
}

/// Whether a person's part of a day may be signed; `open` names the companies that are 異常なし and could not be said to be so now.
///
/// # Errors
/// A Japanese sentence that says what is missing.
pub fn may_sign(
    sheet: &[Line],
    open: &BTreeSet<String>,
    day: Date,
    today: Date,
) -> Result<(), sonae_core::flow::Refusal> {
    let line = |line: &Line| rules::Line {
        checked: (line.checked.as_ref()).map(|checked| (checked.state, checked.base())),
        now: line.lines(),
        open: open.contains(line.company_id()),
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
