//! `GET /api/v1/log/head`: the newest entry of the audit log. Whoever notes it from time to time can prove later that nothing before it
//! was changed.

use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Serialize;
use sonae_core::audit::{at_text, hex};

use super::problem::Problem;
use crate::app::App;

/// The newest entry of the audit log.
#[derive(Serialize, JsonSchema)]
pub struct LogHead {
    /// Index of the newest entry, from 0; -1 while the log is empty.
    pub log_index: i64,
    /// SHA-256 that binds it and everything before it, 64 lower-case hex digits.
    #[schemars(extend("pattern" = "^[0-9a-f]{64}$"))]
    pub log_hash: String,
    /// When this was asked.
    #[schemars(extend("format" = "date-time"))]
    pub as_of: String,
}

pub async fn head(State(app): State<App>) -> Result<Json<LogHead>, Problem> {
    let tail = app
        .read(sonae_store::audit::tail)
        .await
        .map_err(Problem::of_store)?;
    Ok(Json(LogHead {
        log_index: tail.next_index - 1,
        log_hash: hex(&tail.hash),
        as_of: at_text(app.clock.now()),
    }))
}
