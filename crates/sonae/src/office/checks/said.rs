//! What a technician says of a company's day: 異常なし, 要確認, 対応.

use jiff::Timestamp;
use sonae_core::access::Action;
use sonae_core::detection_check::{Seen, State, rules};
use sonae_core::flow::Refusal;
use sonae_db::Tx;
use sonae_store::check_day::{self, Checked, New};
use sonae_store::telemetry_source::Watched;
use sonae_store::{StoreError, staff};

use super::facts::{Facts, Known, facts};
use super::logged::{CheckData, log};
use super::{CompanyDay, Outcome, Who};
use crate::app::App;

/// Something to be said.
#[derive(Clone, Debug)]
pub struct Say {
    pub company_day: CompanyDay,
    pub state: State,
    pub note: String,
    /// The version that the person saw; 0 when nothing was said.
    pub version: i64,
    /// The lines of detections that she saw; none where nothing rests on them.
    pub lines: Option<i64>,
}

/// Says it, once. Gives the version.
///
/// # Errors
/// A database failed.
pub async fn say(app: &App, say: Say) -> Outcome<i64> {
    say_and(app, say, |_, _| Ok(())).await
}

/// The same, with something that is kept in the transaction that says it.
///
/// # Errors
/// A database failed.
pub async fn say_and(
    app: &App,
    say: Say,
    keep: impl Fn(&mut Tx, i64) -> Result<(), StoreError> + Send + 'static,
) -> Outcome<i64> {
    let company = match open(app, &say.company_day).await? {
        Ok(company) => company,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let facts = facts(app, &company.source.application_id, say.company_day.day).await?;
    app.write(move |tx| {
        let said = say_in(tx, &say, &facts)?;
        if let Ok(version) = &said {
            keep(tx, *version)?;
        }
        Ok(said)
    })
    .await
}

/// The company of a command, before the detections are asked about it.
///
/// # Errors
/// The database could not be read.
pub async fn open(app: &App, company_day: &CompanyDay) -> Outcome<Watched> {
    let wanted = company_day.clone();
    app.read(move |tx| wanted.open(tx, Action::CheckDetections))
        .await
}

/// The same in the caller's transaction, with what was detected.
pub(crate) fn say_in(tx: &mut Tx, say: &Say, facts: &Facts) -> Outcome<i64> {
    let CompanyDay { who, day, at, .. } = &say.company_day;
    let (day, at) = (*day, *at);
    let company = match say.company_day.open(tx, Action::CheckDetections)? {
        Ok(company) => company,
        Err(refusal) => return Ok(Err(refusal)),
    };
    if day > sonae_core::calendar::tokyo_date(at) {
        return Ok(Err(Refusal::new(
            "not_begun",
            "この日はまだ始まっていません。",
        )));
    }
    let known = Known::read(tx, &company.source.application_id, day)?;
    match meets(tx, say, known.checked.as_ref())? {
        Meets::Anew => {}
        Meets::Again(version) => return Ok(Ok(version)),
        Meets::Other(refusal) => return Ok(Err(refusal)),
    }
    let now = known.day(&company.source.application_id, day, facts);
    if !now.removed && say.lines.is_some_and(|seen| seen != facts.lines()) {
        return Ok(Err(Refusal::new(
            "grown",
            "ページを開いたあとで、この会社の検知が増えました。増えた検知を見てから、状態を入れてください。",
        )));
    }
    if let Err(refusal) = rules::may_set(say.state, &now, &say.note) {
        return Ok(Err(refusal));
    }
    let version = write(
        tx,
        &company,
        (say.state, &say.note),
        (who, day, at),
        &known,
        (facts, &facts.seen()),
    )?;
    Ok(Ok(version))
}

/// Writes what is said, with its entry in the log and what suppressions hid. `seen` is what whoever says it looked at.
pub(super) fn write(
    tx: &mut Tx,
    company: &Watched,
    (state, note): (State, &str),
    (who, day, at): (&Who, jiff::civil::Date, Timestamp),
    known: &Known,
    (facts, seen): (&Facts, &Seen),
) -> Result<i64, StoreError> {
    let id = &company.source.application_id;
    let before = known.checked.as_ref();
    let data = CheckData {
        receipt_number: Some(&company.receipt_number),
        day: Some(day.to_string()),
        state: Some(state.as_str()),
        version: Some(before.map_or(1, |before| before.version + 1)),
        lines: Some(seen.lines),
        figures_sha256: Some(&seen.sha256),
        ..CheckData::default()
    };
    let signed = before.is_some_and(|before| before.signed.is_some());
    let action = match signed {
        true => "check.corrected",
        false => "check.said",
    };
    let log_index = log(tx, who, (action, id, at), data)?;
    let new = New {
        application_id: id,
        day,
        state,
        note: note.trim(),
        by: &who.name(),
        at,
        seen,
        log_index,
    };
    let version = check_day::save(tx, &new, before)?;
    known.note_hits(tx, id, day, facts)?;
    Ok(version)
}

enum Meets {
    Anew,
    /// The second of two clicks.
    Again(i64),
    Other(Refusal),
}

/// Whether what is said meets what its person saw.
fn meets(tx: &mut Tx, say: &Say, before: Option<&Checked>) -> Result<Meets, StoreError> {
    let version = before.map_or(0, |before| before.version);
    if version == say.version {
        return Ok(Meets::Anew);
    }
    let Some(before) = before else {
        return Ok(Meets::Anew);
    };
    let own = before.by == say.company_day.who.name();
    if own && before.state == say.state && before.note == say.note.trim() {
        return Ok(Meets::Again(version));
    }
    Ok(Meets::Other(conflict(tx, before)?))
}

/// Says what somebody else did meanwhile.
pub(super) fn conflict(tx: &mut Tx, before: &Checked) -> Result<Refusal, StoreError> {
    let id = before.by.strip_prefix("staff:").unwrap_or_default();
    let person = staff::by_id(tx, id)?;
    let name = person.map_or_else(
        || "ほかの人".to_owned(),
        |person| format!("{}さん", person.name),
    );
    Ok(Refusal::new(
        "conflict",
        format!(
            "先に{name}がこの会社を「{}」にしました。内容を確かめて、必要なら入れ直してください。",
            before.state.label()
        ),
    ))
}
