//! `GET /api/v1/findings/{number}/evidence`: the lines on which a finding rests, byte for byte as they are kept, so that their hash can be checked.

use axum::extract::State;
use axum::response::Response;

use super::super::address::Id;
use super::super::door::Caller;
use super::super::kept;
use super::super::problem::Problem;
use super::open;
use crate::app::App;

pub async fn show(
    State(app): State<App>,
    caller: Caller,
    Id(number): Id,
) -> Result<Response, Problem> {
    let (_, evidence) = open(&app, &caller, &number).await?;
    Ok(kept::json(evidence))
}
