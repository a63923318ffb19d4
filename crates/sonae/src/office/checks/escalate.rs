//! 対応: a finding is handed to the desk with its evidence, the judgement and the technician's words.

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use sonae_core::access::{Action, StaffRole};
use sonae_core::audit::{at_text, hex};
use sonae_core::detection_check::State;
use sonae_core::detection_check::group::{Group, action_label, severity_label};
use sonae_core::detection_check::verdict::{self, Verdict};
use sonae_core::flow::Refusal;
use sonae_db::Tx;
use sonae_store::desk_finding::{self, New};
use sonae_store::telemetry_source::Watched;
use sonae_store::{StoreError, outbox, staff};

use super::evidence::{Evidence, FROZEN, lines};
use super::facts::{Facts, Known, facts};
use super::logged::{CheckData, log};
use super::said::{conflict, open};
use super::{CompanyDay, Outcome, judge, said, unknown_finding};
use crate::app::App;

/// A finding to be handed on.
#[derive(Clone, Debug)]
pub struct Escalate {
    pub company_day: CompanyDay,
    /// The group's key.
    pub key: String,
    pub verdict: Verdict,
    /// To the desk, and the reason of the judgement.
    pub words: String,
    /// The version of the day that the person saw; 0 when nothing was said.
    pub version: i64,
}

/// Hands a finding on, once; gives its number.
///
/// # Errors
/// A database failed.
pub async fn escalate(app: &App, wish: Escalate) -> Outcome<i64> {
    escalate_and(app, wish, |_, _| Ok(())).await
}

/// The same, with something that is kept in the transaction that hands it on.
///
/// # Errors
/// A database failed.
pub async fn escalate_and(
    app: &App,
    wish: Escalate,
    keep: impl Fn(&mut Tx, i64) -> Result<(), StoreError> + Send + 'static,
) -> Outcome<i64> {
    let company = match open(app, &wish.company_day).await? {
        Ok(company) => company,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let words = match checked(&wish) {
        Ok(words) => words,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let id = company.source.application_id.clone();
    let facts = facts(app, &id, wish.company_day.day).await?;
    let Some((group, counts)) = facts.find(&wish.key).cloned() else {
        return Ok(Err(unknown_finding()));
    };
    let day = wish.company_day.day;
    let lines = lines(app, (&id, day), (&group, counts), FROZEN).await?;
    let now = wish.company_day.at;
    let evidence = Evidence {
        day: day.to_string(),
        frozen_at: at_text(now),
        severity: severity_label(group.severity).to_owned(),
        action: action_label(group.action).to_owned(),
        group: group.clone(),
        counts,
        lines: lines.found,
        lines_cut: lines.cut,
    };
    let evidence = serde_json::to_string(&evidence)?;
    let inner = app.clone();
    app.write(move |tx| {
        let company = match wish.company_day.open(tx, Action::CheckDetections)? {
            Ok(company) => company,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let ready = Ready {
            wish: &wish,
            words: &words,
            group: &group,
            evidence: &evidence,
            facts: &facts,
        };
        let made = write(&inner, tx, &company, &ready, now)?;
        if let Ok(number) = &made {
            keep(tx, *number)?;
        }
        Ok(made)
    })
    .await
}

fn checked(wish: &Escalate) -> Result<String, Refusal> {
    if wish.verdict.settles() {
        return Err(Refusal::new(
            "settled",
            "サポートセンターに渡すときは、「本物の攻撃や感染」「疑わしい」「情報が足りない」のどれかを選んでください。",
        ));
    }
    verdict::reason(&wish.words).map_err(|refusal| match refusal.code {
        "no_reason" => Refusal::new(
            "no_words",
            "サポートセンターへの言葉を書いてください。何が起きていて、会社に何を確かめてほしいかがわかるようにします。",
        ),
        _ => refusal,
    })
}

struct Ready<'a> {
    wish: &'a Escalate,
    words: &'a str,
    group: &'a Group,
    evidence: &'a str,
    facts: &'a Facts,
}

fn write(
    app: &App,
    tx: &mut Tx,
    company: &Watched,
    ready: &Ready<'_>,
    at: Timestamp,
) -> Outcome<i64> {
    let Ready {
        wish,
        words,
        group,
        facts,
        ..
    } = *ready;
    let (id, company_day) = (&company.source.application_id, &wish.company_day);
    let day = company_day.day;
    let known = Known::read(tx, id, day)?;
    // The second of two clicks, or of two people, finds what the first made.
    if let Some(made) = known.desk.iter().find(|made| made.group_key == wish.key) {
        return Ok(Ok(made.number));
    }
    if let Some(before) = known
        .checked
        .as_ref()
        .filter(|before| before.version != wish.version)
    {
        return Ok(Err(conflict(tx, before)?));
    }
    let before = known.judged.get(&wish.key);
    let number = &company.receipt_number;
    if before.is_none_or(|before| (before.verdict, &*before.reason) != (wish.verdict, words)) {
        judge::write(
            tx,
            (id, number),
            company_day,
            (group, (wish.verdict, words), before),
        )?;
    }
    let finding = add(tx, id, (number, company_day), ready, at)?;
    let note = format!("所見{finding}をサポートセンターに渡しました。");
    said::write(
        tx,
        company,
        (State::Handling, &note),
        (&company_day.who, day, at),
        &known,
        (facts, &facts.seen()),
    )?;
    tell_desk(app, tx, finding, at)?;
    Ok(Ok(finding))
}

/// Adds the finding under the next number, with its entry in the log.
fn add(
    tx: &mut Tx,
    id: &str,
    (number, company_day): (&str, &CompanyDay),
    ready: &Ready<'_>,
    at: Timestamp,
) -> Result<i64, StoreError> {
    let (wish, day) = (ready.wish, company_day.day);
    let sha256 = hex(&Sha256::digest(ready.evidence.as_bytes()));
    let finding = desk_finding::next_number(tx)?;
    let data = CheckData {
        receipt_number: Some(number),
        day: Some(day.to_string()),
        group: Some(&wish.key),
        verdict: Some(wish.verdict.as_str()),
        finding: Some(finding),
        evidence_sha256: Some(&sha256),
        ..CheckData::default()
    };
    let log_index = log(tx, &company_day.who, ("check.escalated", id, at), data)?;
    let new = New {
        application_id: id,
        day,
        group: ready.group,
        verdict: wish.verdict,
        words: ready.words,
        evidence: (ready.evidence, &sha256),
        by: &company_day.who.name(),
        at,
    };
    desk_finding::add(tx, finding, &new, log_index)?;
    Ok(finding)
}

/// One mail to each person of the desk.
fn tell_desk(app: &App, tx: &mut Tx, number: i64, at: Timestamp) -> Result<(), StoreError> {
    for person in staff::active_of(tx, StaffRole::Desk)? {
        if let Some(mail) = app
            .mailer
            .finding_made(number, (&person.email, &person.name), at)
        {
            outbox::put(tx, None, &mail, at, at)?;
        }
    }
    Ok(())
}
