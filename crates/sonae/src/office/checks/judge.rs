//! What a finding of a company's day is judged to be, with the reason.

use sonae_core::access::Action;
use sonae_core::detection_check::group::Group;
use sonae_core::detection_check::rules::{self, LONGEST_NOTE, Standing};
use sonae_core::detection_check::verdict::{self, Verdict};
use sonae_core::detection_check::{Seen, State};
use sonae_core::flow::Refusal;
use sonae_db::Tx;
use sonae_store::check_day::Checked;
use sonae_store::finding_judgement::{self, Judgement};
use sonae_store::telemetry_source::Watched;
use sonae_store::{StoreError, staff};

use super::facts::{Facts, Known, facts};
use super::logged::{CheckData, log};
use super::said::{self, open};
use super::{CompanyDay, Outcome, unknown_finding};
use crate::app::App;

/// A judgement to be made.
#[derive(Clone, Debug)]
pub struct Judge {
    pub company_day: CompanyDay,
    /// The group's key.
    pub key: String,
    pub verdict: Verdict,
    pub reason: String,
    /// The judgement that the person saw; 0 when there was none.
    pub version: i64,
}

/// Judges a finding. A day that was 異常なし becomes 要確認 when the finding stands in the way of it now; on a signed day the judgement is written
/// as a correction.
///
/// # Errors
/// A database failed.
pub async fn judge(app: &App, judge: Judge) -> Outcome<Judgement> {
    judge_and(app, judge, |_, _| Ok(())).await
}

/// The same, with something that is kept in the transaction that judges.
///
/// # Errors
/// A database failed.
pub async fn judge_and(
    app: &App,
    judge: Judge,
    keep: impl Fn(&mut Tx, &Judgement) -> Result<(), StoreError> + Send + 'static,
) -> Outcome<Judgement> {
    let company = match open(app, &judge.company_day).await? {
        Ok(company) => company,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let facts = facts(app, &company.source.application_id, judge.company_day.day).await?;
    app.write(move |tx| {
        let judged = judge_in(tx, &judge, &facts)?;
        if let Ok(judgement) = &judged {
            keep(tx, judgement)?;
        }
        Ok(judged)
    })
    .await
}

/// The same in the caller's transaction, with what was detected.
pub(crate) fn judge_in(tx: &mut Tx, judge: &Judge, facts: &Facts) -> Outcome<Judgement> {
    let reason = match verdict::reason(&judge.reason) {
        Ok(reason) => reason,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let Some((group, _)) = facts.find(&judge.key).cloned() else {
        return Ok(Err(unknown_finding()));
    };
    let company = match judge.company_day.open(tx, Action::CheckDetections)? {
        Ok(company) => company,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let id = &company.source.application_id;
    let before = finding_judgement::of_day(tx, id, judge.company_day.day)?.remove(&judge.key);
    if let Some(refused) = meets(tx, judge, &reason, before.as_ref())? {
        return Ok(refused);
    }
    let what = (judge.verdict, reason.as_str());
    let judgement = write(
        tx,
        (id, &company.receipt_number),
        &judge.company_day,
        (&group, what, before.as_ref()),
    )?;
    follow(tx, &company, judge, &judgement, facts)?;
    Ok(Ok(judgement))
}

/// Says of the day what follows from a judgement.
fn follow(
    tx: &mut Tx,
    company: &Watched,
    judge: &Judge,
    judgement: &Judgement,
    facts: &Facts,
) -> Result<(), StoreError> {
    let (id, day) = (&company.source.application_id, judge.company_day.day);
    let known = Known::read(tx, id, day)?;
    let Some(checked) = &known.checked else {
        return Ok(());
    };
    let judged = Standing {
        verdict: Some(judgement.verdict),
        suppressed: known.hidden_by(id, &judgement.group, day).is_some(),
        group: judgement.group.clone(),
    };
    let before = (checked.state, checked.signed.is_some());
    let Some(state) = rules::after_judgement(&judged, Some(before)) else {
        return Ok(());
    };
    let note = note(judgement, state != checked.state);
    said::write(
        tx,
        company,
        (state, &note),
        (&judge.company_day.who, day, judge.company_day.at),
        &known,
        (facts, &seen(checked, facts)),
    )?;
    Ok(())
}

/// Who judges one finding has not looked at others that came since the day was checked: they stay late.
fn seen(checked: &Checked, facts: &Facts) -> Seen {
    match facts.lines() > checked.base() {
        true => Seen {
            lines: checked.base(),
            ..checked.seen.clone()
        },
        false => facts.seen(),
    }
}

fn note(judgement: &Judgement, reopened: bool) -> String {
    let title = &judgement.group.title;
    let (verdict, reason) = (judgement.verdict.label(), &judgement.reason);
    let note = match reopened {
        true => format!(
            "検知「{title}」を「{verdict}」と判断したため、「{}」から「{}」に戻しました。{reason}",
            State::Quiet.label(),
            State::Review.label(),
        ),
        false => format!("検知「{title}」を「{verdict}」と判断しました。{reason}"),
    };
    note.chars().take(LONGEST_NOTE).collect()
}

/// What to answer instead of judging: the same judgement for the second of two clicks, or that somebody else judged meanwhile.
fn meets(
    tx: &mut Tx,
    judge: &Judge,
    reason: &str,
    before: Option<&Judgement>,
) -> Result<Option<Result<Judgement, Refusal>>, StoreError> {
    let Some(before) = before.filter(|before| before.version != judge.version) else {
        return Ok(None);
    };
    let own = before.by == judge.company_day.who.name();
    if own && before.verdict == judge.verdict && before.reason == reason {
        return Ok(Some(Ok(before.clone())));
    }
    let id = before.by.strip_prefix("staff:").unwrap_or_default();
    let name = staff::by_id(tx, id)?.map_or_else(
        || "ほかの人".to_owned(),
        |person| format!("{}さん", person.name),
    );
    Ok(Some(Err(Refusal::new(
        "conflict",
        format!(
            "先に{name}がこの検知を「{}」と判断しました。内容を確かめて、必要なら判断し直してください。",
            before.verdict.label()
        ),
    ))))
}

/// Writes a judgement with its entry in the log.
pub(super) fn write(
    tx: &mut Tx,
    (id, number): (&str, &str),
    company_day: &CompanyDay,
    (group, (verdict, reason), before): (&Group, (Verdict, &str), Option<&Judgement>),
) -> Result<Judgement, StoreError> {
    let (key, at) = (group.key(), company_day.at);
    let judgement = Judgement {
        day: company_day.day,
        group: group.clone(),
        version: before.map_or(1, |before| before.version + 1),
        verdict,
        reason: reason.to_owned(),
        by: company_day.who.name(),
        at,
    };
    let data = CheckData {
        receipt_number: Some(number),
        day: Some(company_day.day.to_string()),
        group: Some(&key),
        verdict: Some(verdict.as_str()),
        version: Some(judgement.version),
        ..CheckData::default()
    };
    let log_index = log(tx, &company_day.who, ("check.judged", id, at), data)?;
    finding_judgement::add(tx, id, &judgement, log_index)?;
    Ok(judgement)
}
