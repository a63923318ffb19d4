//! `POST /api/v1/programs/{id}/eligibility`: what any subset of the answers already decides. Nothing is kept.

use axum::Json;
use axum::extract::State;
use sonae_core::application::read::{Mode, read};
use sonae_core::eligibility::{self, Verdict};

use super::address::Id;
use super::body::JsonBody;
use super::problem::Problem;
use super::programs::running;
use crate::app::App;

pub async fn judge(
    State(app): State<App>,
    Id(id): Id,
    JsonBody(body): JsonBody,
) -> Result<Json<Verdict>, Problem> {
    let program = &running(&app, &id)?.program;
    let answers = read(program, &body, Mode::Partial).map_err(Problem::invalid)?;
    Ok(Json(eligibility::judge(program, &answers)))
}
