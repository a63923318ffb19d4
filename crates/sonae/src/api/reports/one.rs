//! `GET /api/v1/reports/{receipt_number}/{month}`: one company's month, with the revisions of its report.

use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Serialize;

use super::super::address::Parts;
use super::super::done::Done;
use super::super::problem::Problem;
use super::list::{ReportSummary, made};
use super::open;
use crate::app::App;
use crate::office::people::People;

/// 企業の1か月と、そのレポートの版
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Report")]
pub struct ReportView {
    #[serde(flatten)]
    pub summary: ReportSummary,
    /// Of its devices in the month.
    #[schemars(extend("items" = { "type": "string", "enum": ["utm", "edr"] }))]
    pub kinds: Vec<&'static str>,
    /// The newest first.
    pub revisions: Vec<RevisionView>,
}

/// A revision of a report, with the hash of its frozen figures.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ReportRevision")]
pub struct RevisionView {
    pub revision: u32,
    /// In hex.
    pub figures_sha256: String,
    pub made: Done,
}

pub async fn one(
    State(app): State<App>,
    Parts(named): Parts<(String, String)>,
) -> Result<Json<ReportView>, Problem> {
    let found = open(&app, &named).await?;
    let people = app.read(People::read).await.map_err(Problem::of_store)?;
    let revisions = found.revisions.iter();
    Ok(Json(ReportView {
        summary: ReportSummary {
            month: found.month.to_string(),
            receipt_number: found.stored.receipt_number.clone(),
            program: found.stored.program_id.clone(),
            name: found.stored.answers.name.clone().unwrap_or_default(),
            state: found.state().as_str(),
            report: found.report.as_ref().map(|report| made(report, &people)),
        },
        kinds: found.kinds.iter().map(|kind| kind.as_str()).collect(),
        revisions: revisions
            .map(|(revision, act, hash)| RevisionView {
                revision: *revision,
                figures_sha256: hash.clone(),
                made: Done::new(&act.by, act.at, &people),
            })
            .collect(),
    }))
}
