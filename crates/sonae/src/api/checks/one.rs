//! `GET /api/v1/checks/{day}/{receipt_number}`: one company's day with its findings, what they were judged to be, and what was said of it.

use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Serialize;
use sonae_core::access::Action;
use sonae_core::audit::at_text;
use sonae_core::calendar::tokyo_date;
use sonae_core::detection_check::Counts;
use sonae_core::detection_check::group::Group;
use sonae_core::detection_check::rules::Standing;
use sonae_store::check_day::{self, Said};
use sonae_store::finding_judgement::Judgement;
use sonae_store::suppression::Kept;

use super::super::address::Parts;
use super::super::done::Done;
use super::super::door::Caller;
use super::super::problem::Problem;
use super::list::{CheckSummary, summary};
use super::{company_day, no_check, words_of};
use crate::app::App;
use crate::office::checks::facts::{Facts, Known, facts};
use crate::office::checks::sheet::sheet;
use crate::office::people::People;

/// 企業の1日と、その検知
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Check")]
pub struct CheckView {
    #[serde(flatten)]
    pub summary: CheckSummary,
    /// The gravest first.
    pub groups: Vec<GroupView>,
    /// How many there are; more than `groups` holds when the list is cut.
    pub all_groups: usize,
    /// Everything that was said of the day, the oldest first.
    pub history: Vec<EntryView>,
    /// Numbers of the findings that were handed to the desk.
    pub findings: Vec<i64>,
}

/// Detections that mean the same.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "DetectionGroup")]
pub struct GroupView {
    /// Names it in what is sent.
    pub key: String,
    pub device: String,
    /// The vendor's id of the rule, its title and its category.
    pub rule: String,
    pub title: String,
    pub category: String,
    #[schemars(extend("enum" = ["unknown", "informational", "low", "medium", "high", "critical", "fatal"]))]
    pub severity: &'static str,
    /// What the device did.
    #[schemars(extend("enum" = ["unknown", "blocked", "allowed", "detected", "other"]))]
    pub action: &'static str,
    pub lines: i64,
    /// What the lines stand for; a line may stand for several.
    pub events: i64,
    #[schemars(extend("format" = "date-time"))]
    pub first_at: String,
    #[schemars(extend("format" = "date-time"))]
    pub last_at: String,
    /// Whether it stands in the way of 異常なし.
    pub open: bool,
    /// Null while nobody judged it.
    pub judgement: Option<JudgementView>,
    /// The suppression that hides it on this day.
    pub suppressed: Option<SuppressedView>,
    /// The number under which the desk has it.
    pub finding: Option<i64>,
}

/// What a technician judged a group to be, in the verdicts of OCSF.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CheckJudgement")]
pub struct JudgementView {
    #[schemars(extend("enum" = ["true_positive", "suspicious", "false_positive", "benign", "test", "insufficient_data"]))]
    pub verdict: &'static str,
    pub reason: String,
    /// Send it with the next judgement.
    pub version: i64,
    pub judged: Done,
}

/// 抑止
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Suppressed")]
pub struct SuppressedView {
    pub reason: String,
    /// Its last day.
    #[schemars(extend("format" = "date"))]
    pub until: String,
    pub owner: Done,
}

/// Something that was said of the day.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CheckEntry")]
pub struct EntryView {
    pub version: i64,
    #[schemars(extend("enum" = ["quiet", "review", "handling"]))]
    pub state: &'static str,
    pub note: String,
    /// Lines of detections that were seen.
    pub lines: i64,
    /// Whether the day was signed before.
    pub corrects: bool,
    pub said: Done,
}

pub async fn one(
    State(app): State<App>,
    caller: Caller,
    Parts(named): Parts<(String, String)>,
) -> Result<Json<CheckView>, Problem> {
    let asked = company_day(&app, &caller, &named)?;
    let sheet = sheet(&app, asked.day, &asked.who, Action::ReadChecks).await;
    let mut lines = sheet.map_err(Problem::of_store)?.into_iter();
    let line = lines.find(|line| line.company.receipt_number == asked.receipt_number);
    let line = line.ok_or_else(no_check)?;
    let (id, day) = (line.company_id().to_owned(), asked.day);
    let facts = facts(&app, &id, day).await.map_err(Problem::of_store)?;
    let company = id.clone();
    let (known, history, people) = app
        .read(move |tx| {
            Ok((
                Known::read(tx, &company, day)?,
                check_day::history(tx, &company, day)?,
                People::read(tx)?,
            ))
        })
        .await
        .map_err(Problem::of_store)?;
    let today = tokyo_date(app.clock.now());
    Ok(Json(CheckView {
        summary: summary(&line, (day, today), &people),
        groups: groups((&id, day), &facts, &known, &people),
        all_groups: facts.groups,
        history: (history.into_iter())
            .map(|said| entry(said, &people))
            .collect(),
        findings: known.desk.iter().map(|made| made.number).collect(),
    }))
}

fn groups(
    (company, day): (&str, jiff::civil::Date),
    facts: &Facts,
    known: &Known,
    people: &People,
) -> Vec<GroupView> {
    let standing = known.day(company, day, facts);
    let pairs = facts.findings.iter().zip(&standing.findings);
    let view = |((group, counts), standing): (&(Group, Counts), &Standing)| {
        let key = group.key();
        let (severity, action) = words_of(group);
        let instant =
            |us| at_text(jiff::Timestamp::from_microsecond(us).unwrap_or(jiff::Timestamp::MIN));
        GroupView {
            judgement: known.judged.get(&key).map(|one| judgement(one, people)),
            suppressed: (known.hidden_by(company, group, day)).map(|kept| hidden(kept, people)),
            finding: (known.desk.iter())
                .find(|made| made.group_key == key)
                .map(|made| made.number),
            open: standing.is_open(),
            key,
            device: group.device.clone(),
            rule: group.rule.clone(),
            title: group.title.clone(),
            category: group.category.clone(),
            severity,
            action,
            lines: counts.lines,
            events: counts.events,
            first_at: instant(counts.first_us),
            last_at: instant(counts.last_us),
        }
    };
    pairs.map(view).collect()
}

fn judgement(judgement: &Judgement, people: &People) -> JudgementView {
    JudgementView {
        verdict: judgement.verdict.as_str(),
        reason: judgement.reason.clone(),
        version: judgement.version,
        judged: Done::new(&judgement.by, judgement.at, people),
    }
}

fn hidden(kept: &Kept, people: &People) -> SuppressedView {
    SuppressedView {
        reason: kept.reason.clone(),
        until: kept.what.until.to_string(),
        owner: Done::new(&kept.owner, kept.created_at, people),
    }
}

fn entry(said: Said, people: &People) -> EntryView {
    EntryView {
        version: said.version,
        state: said.state.as_str(),
        lines: said.lines,
        corrects: said.corrects,
        said: Done::new(&said.by, said.at, people),
        note: said.note,
    }
}
