//! `GET /healthz` and `GET /readyz`: for whoever watches over the process.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Serialize;

use super::problem::{Kind, Problem};
use crate::app::App;

/// How long the database may take to answer a read before this node counts as not ready.
const READY_WITHIN: Duration = Duration::from_secs(2);

/// How soon to ask again, in seconds.
const AGAIN: u32 = 5;

#[derive(Serialize, JsonSchema)]
pub struct Health {
    #[schemars(extend("const" = "ok"))]
    pub status: &'static str,
    /// The program's version.
    pub version: &'static str,
}

const OK: Health = Health {
    status: "ok",
    version: env!("CARGO_PKG_VERSION"),
};

/// The process is up.
pub async fn healthz() -> Json<Health> {
    Json(OK)
}

/// The database answers.
pub async fn readyz(State(app): State<App>) -> Result<Json<Health>, Problem> {
    let read = app.read(sonae_store::audit::tail);
    match tokio::time::timeout(READY_WITHIN, read).await {
        Ok(Ok(_)) => Ok(Json(OK)),
        Ok(Err(error)) => {
            tracing::warn!(%error, "not ready: the database does not answer");
            Err(not_ready())
        }
        Err(_) => {
            tracing::warn!("not ready: the database takes too long");
            Err(not_ready())
        }
    }
}

fn not_ready() -> Problem {
    Problem::new(
        Kind::Busy,
        "データベースが応答しません。少し待ってから、もう一度お試しください。",
    )
    .after(AGAIN)
}
