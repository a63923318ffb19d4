//! 対応: a finding is handed to the desk with its evidence, the judgement and the technician's words.

use std::time::Duration;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sonae_core::access::{Action, StaffRole};
use sonae_core::audit::{at_text, hex};
use sonae_core::calendar::japanese::{instant, moment};
use sonae_core::detection_check::group::{Group, action_label, severity_label};
use sonae_core::detection_check::verdict::{self, Verdict};
use sonae_core::detection_check::{Counts, State};
use sonae_core::flow::Refusal;
use sonae_db::Tx;
use sonae_store::desk_finding::{self, New};
use sonae_store::telemetry_source::Watched;
use sonae_store::{StoreError, outbox, staff};
use sonae_telemetry::Day;
use sonae_telemetry::questions::search::Wanted;

use super::facts::{Facts, Known, facts};
use super::logged::{CheckData, log};
use super::said::{conflict, open};
use super::{CompanyDay, Outcome, judge, said, unknown_finding};
use crate::app::App;

/// Lines that are kept as evidence.
pub const MOST_LINES: usize = 20;
/// The longest line that is kept, in bytes; its hash is of the whole.
const LONGEST_LINE: usize = 4_096;
/// Lines that are looked at for those of the group.
const SEARCHED: usize = 200;
const BUDGET: Duration = Duration::from_millis(500);

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

/// What is frozen with a finding.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Evidence {
    pub day: String,
    pub frozen_at: String,
    pub group: Group,
    /// In words.
    pub severity: String,
    pub action: String,
    pub counts: Counts,
    /// Of the group's lines, the newest first.
    pub lines: Vec<EvidenceLine>,
}

/// A line as it came.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct EvidenceLine {
    /// In its company; with the day it names the line.
    pub number: i64,
    pub at: String,
    pub source: String,
    pub destination: String,
    pub user: String,
    pub file: String,
    /// Empty when the raw line is no longer kept.
    pub raw: String,
    /// Of the whole raw line, in hex.
    pub raw_sha256: String,
}

impl Evidence {
    /// When it was frozen, in words.
    pub fn frozen_shown(&self) -> String {
        in_words(&self.frozen_at, moment)
    }
}

impl EvidenceLine {
    /// When it happened, in words.
    pub fn at_shown(&self) -> String {
        in_words(&self.at, instant)
    }
}

fn in_words(at: &str, told: fn(Timestamp) -> String) -> String {
    at.parse().map_or_else(|_| at.to_owned(), told)
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
    let lines = lines(app, (&id, wish.company_day.day), &group, MOST_LINES).await?;
    let now = wish.company_day.at;
    let evidence = Evidence {
        day: wish.company_day.day.to_string(),
        frozen_at: at_text(now),
        severity: severity_label(group.severity).to_owned(),
        action: action_label(group.action).to_owned(),
        group: group.clone(),
        counts,
        lines,
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
        facts,
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

/// Lines of a group on a company's day, the newest first, as they came.
///
/// # Errors
/// The detections could not be read.
pub async fn lines(
    app: &App,
    (company, day): (&str, jiff::civil::Date),
    group: &Group,
    most: usize,
) -> Result<Vec<EvidenceLine>, StoreError> {
    let (company, group) = (company.to_owned(), group.clone());
    app.detections(move |detections| {
        let day = Day::of_date(day);
        let wanted = Wanted {
            device: Some(group.device.clone()),
            rule: Some(group.rule.clone()),
            ..Wanted::all(&company, (day, day))
        };
        let page = detections.search(&wanted, None, SEARCHED, BUDGET)?;
        let same = page.hits.into_iter().filter(|hit| {
            (&hit.title, &hit.category) == (&group.title, &group.category)
                && (hit.severity as u8, hit.action as u8) == (group.severity, group.action)
        });
        let address = |address: &Option<_>, port: Option<u16>| match (address, port) {
            (Some(address), Some(port)) => format!("{address} ポート{port}"),
            (Some(address), None) => format!("{address}"),
            (None, _) => String::new(),
        };
        let mut lines = Vec::new();
        for hit in same.take(most) {
            let raw = detections.line(&company, day, hit.number)?;
            let raw = raw.and_then(|(_, raw)| raw).unwrap_or_default();
            let at = Timestamp::from_microsecond(hit.time_us).unwrap_or_default();
            lines.push(EvidenceLine {
                number: hit.number,
                at: at_text(at),
                source: address(&hit.source, hit.source_port),
                destination: address(&hit.destination, hit.destination_port),
                user: hit.user.unwrap_or_default(),
                file: hit.file.unwrap_or_default(),
                raw_sha256: hex(&Sha256::digest(&raw)),
                raw: String::from_utf8_lossy(&raw[..raw.len().min(LONGEST_LINE)]).into_owned(),
            });
        }
        Ok(lines)
    })
    .await
}
