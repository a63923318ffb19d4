//! `GET …/figures` and `…/pdf`: what is frozen of a revision, byte for byte, so that its hash can be checked.

use axum::extract::State;
use axum::response::Response;
use schemars::JsonSchema;
use sonae_core::report::life::MOST_REVISIONS;
use sonae_store::monthly_report as reports;

use super::super::address::Parts;
use super::super::kept;
use super::super::parameters::Parameters;
use super::super::problem::{Kind, Problem};
use super::open;
use crate::app::App;
use crate::office::reports::found::Found;

/// What the address of something frozen can say. It is read name by name and only described here.
#[derive(JsonSchema)]
pub struct RevisionQuery {
    /// The newest one when it is missing.
    #[schemars(range(min = 1, max = 50))]
    pub revision: Option<u32>,
}

pub async fn figures(
    State(app): State<App>,
    Parts(named): Parts<(String, String)>,
    parameters: Parameters,
) -> Result<Response, Problem> {
    let found = open(&app, &named).await?;
    let revision = wanted(&found, &parameters)?;
    let frozen = app
        .read(move |tx| reports::frozen(tx, found.which(), revision))
        .await
        .map_err(Problem::of_store)?;
    let (figures, _) = frozen.ok_or_else(no_revision)?;
    Ok(kept::json(figures))
}

pub async fn pdf(
    State(app): State<App>,
    Parts(named): Parts<(String, String)>,
    parameters: Parameters,
) -> Result<Response, Problem> {
    let found = open(&app, &named).await?;
    let revision = wanted(&found, &parameters)?;
    let name = format!(
        "report-{}-{}-{revision}",
        found.stored.receipt_number, found.month
    );
    let pdf = app
        .read(move |tx| reports::pdf(tx, found.which(), revision))
        .await
        .map_err(Problem::of_store)?;
    Ok(kept::pdf(&name, pdf.ok_or_else(no_revision)?))
}

fn wanted(found: &Found, parameters: &Parameters) -> Result<u32, Problem> {
    let mut read = parameters.reader();
    let message = format!("1から{MOST_REVISIONS}までの版の番号を送ってください。");
    let revision = read.parsed("revision", &message, |text| {
        let revision: Option<u32> = text.parse().ok();
        revision.filter(|revision| (1..=MOST_REVISIONS).contains(revision))
    });
    read.finish()?;
    let newest = found.report.as_ref().map(|report| report.revision);
    revision.or(newest).ok_or_else(no_revision)
}

fn no_revision() -> Problem {
    Problem::new(
        Kind::NotFound,
        "その版か、そのPDFはありません。版は GET /api/v1/reports/{受付番号}/{月} で確かめられます。",
    )
}
