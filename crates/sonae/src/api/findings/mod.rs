//! `/api/v1/findings`: what technicians handed to the desk (所見): listed, read with its evidence, taken and closed.

pub mod act;
pub mod evidence;

use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sonae_core::access::Action;
use sonae_core::receipt_number;
use sonae_db::Tx;
use sonae_store::StoreError;
use sonae_store::desk_finding::{self, Finding, Stage, Wanted};

use super::address::Id;
use super::checks::{who, words};
use super::done::Done;
use super::door::Caller;
use super::page::{MOST, PAGE, cut};
use super::parameters::Parameters;
use super::problem::{Kind, Problem};
use crate::app::App;
use crate::office::people::People;

/// The most findings that are looked at for a page.
const LOOKED_AT: usize = 2_000;

/// Which findings are wanted. All conditions hold together.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct FindingQuery {
    #[schemars(extend("enum" = ["open", "taken", "closed", null]))]
    pub state: Option<String>,
    /// One company's only.
    #[schemars(length(max = 50))]
    pub receipt_number: Option<String>,
    /// `next` of the page before.
    #[schemars(length(max = 100))]
    pub cursor: Option<String>,
    /// Findings of one page; 50 when nothing is said.
    #[schemars(range(min = 1, max = 200))]
    pub limit: Option<u32>,
}

/// A page of findings, the newest first.
#[derive(Serialize, JsonSchema)]
pub struct FindingList {
    pub findings: Vec<FindingView>,
    /// Send it as `cursor` for the next page; null on the last one.
    pub next: Option<String>,
}

/// 所見
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Finding")]
pub struct FindingView {
    pub number: i64,
    pub receipt_number: String,
    /// The company's name.
    pub name: String,
    /// The day of the check, in Tokyo.
    #[schemars(extend("format" = "date"))]
    pub day: String,
    /// The group's key in the check.
    pub group: String,
    pub title: String,
    #[schemars(extend("enum" = ["unknown", "informational", "low", "medium", "high", "critical", "fatal"]))]
    pub severity: &'static str,
    /// What the device did.
    #[schemars(extend("enum" = ["unknown", "blocked", "allowed", "detected", "other"]))]
    pub action: &'static str,
    #[schemars(extend("enum" = ["true_positive", "suspicious", "insufficient_data", "false_positive", "benign", "test"]))]
    pub verdict: &'static str,
    /// The technician's, to the desk.
    pub words: String,
    /// Of the evidence as it is kept, in hex.
    pub evidence_sha256: String,
    #[schemars(extend("enum" = ["open", "taken", "closed"]))]
    pub state: &'static str,
    pub made: Done,
    pub taken: Option<Done>,
    pub closed: Option<Done>,
    /// How it ended; null until then.
    pub closing: Option<String>,
}

pub async fn list(
    State(app): State<App>,
    caller: Caller,
    parameters: Parameters,
) -> Result<Json<FindingList>, Problem> {
    let (wanted, before, limit) = read(&parameters)?;
    let ((mut found, stopped), people) = app
        .read(move |tx| {
            let found = hers(tx, &caller, &wanted, (before, limit + 1))?;
            Ok((found, People::read(tx)?))
        })
        .await
        .map_err(Problem::of_store)?;
    let more = cut(&mut found, limit);
    let last = found.last().filter(|_| more).map(|last| last.number);
    Ok(Json(FindingList {
        next: last.or(stopped).map(|number| number.to_string()),
        findings: found.iter().map(|finding| view(finding, &people)).collect(),
    }))
}

/// So many findings that are this token's to read, and the number before which nobody looked any more.
fn hers(
    tx: &mut Tx,
    caller: &Caller,
    wanted: &Wanted,
    (mut before, most): (i64, usize),
) -> Result<(Vec<Finding>, Option<i64>), StoreError> {
    let (mut hers, mut looked_at) = (Vec::new(), 0);
    while hers.len() < most {
        if looked_at >= LOOKED_AT {
            return Ok((hers, Some(before)));
        }
        let listed = desk_finding::list(tx, wanted, before, MOST)?;
        let Some(last) = listed.last() else {
            break;
        };
        (before, looked_at) = (last.number, looked_at + listed.len());
        hers.extend(listed.into_iter().filter(|one| may_read(caller, one)));
    }
    Ok((hers, None))
}

pub async fn one(
    State(app): State<App>,
    caller: Caller,
    Id(number): Id,
) -> Result<Json<FindingView>, Problem> {
    let (finding, _) = open(&app, &caller, &number).await?;
    let people = app.read(People::read).await.map_err(Problem::of_store)?;
    Ok(Json(view(&finding, &people)))
}

fn read(parameters: &Parameters) -> Result<(Wanted, i64, usize), Problem> {
    let mut read = parameters.reader();
    let wanted = Wanted {
        stage: (read.one_of("state", &Stage::ALL.map(Stage::as_str)))
            .and_then(|word| Stage::parse(&word)),
        receipt_number: read.parsed(
            "receipt_number",
            "受付番号を確かめてください。",
            receipt_number::read,
        ),
    };
    let before = read.cursor(|text| text.parse().ok().filter(|number: &i64| *number > 0));
    let limit = read.limit();
    read.finish()?;
    let limit = limit.unwrap_or(PAGE) as usize;
    Ok((wanted, before.unwrap_or(i64::MAX), limit))
}

fn may_read(caller: &Caller, finding: &Finding) -> bool {
    let people = (&finding.assignee, &finding.expert);
    who(caller).may_of(Action::ReadFindings, people, &finding.status)
}

/// A finding with its evidence, when it is this token's to read.
///
/// # Errors
/// `not-found`.
pub(super) async fn open(
    app: &App,
    caller: &Caller,
    number: &str,
) -> Result<(Finding, String), Problem> {
    let number: i64 = number.parse().map_err(|_| no_finding())?;
    let found = app.read(move |tx| desk_finding::find(tx, number)).await;
    let found = found.map_err(Problem::of_store)?;
    let hers = found.filter(|(finding, _)| may_read(caller, finding));
    hers.ok_or_else(no_finding)
}

fn no_finding() -> Problem {
    Problem::new(
        Kind::NotFound,
        "その番号の所見はありません。GET /api/v1/findings で確かめてください。",
    )
}

fn view(finding: &Finding, people: &People) -> FindingView {
    let (severity, action) = words(finding.severity, finding.action);
    FindingView {
        number: finding.number,
        receipt_number: finding.receipt_number.clone(),
        name: finding.name.clone(),
        day: finding.day.to_string(),
        group: finding.group_key.clone(),
        title: finding.title.clone(),
        severity,
        action,
        verdict: finding.verdict.as_str(),
        words: finding.words.clone(),
        evidence_sha256: finding.evidence_sha256.clone(),
        state: finding.stage.as_str(),
        made: Done::new(&finding.made_by, finding.made_at, people),
        taken: Done::of(finding.taken.as_ref(), people),
        closed: Done::of(finding.closed.as_ref(), people),
        closing: Some(finding.closing.clone()).filter(|closing| !closing.is_empty()),
    }
}
