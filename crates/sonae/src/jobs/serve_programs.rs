//! Takes up revisions that were published on another node.
//!
//! Retry: the next round. Give up: never.

use std::time::Duration;

use super::Stop;
use crate::app::App;
use crate::office::served;

/// How late another node may serve a new revision.
const REST: Duration = Duration::from_secs(15);

/// One round. Gives how long to rest.
pub async fn run(app: App, _stop: Stop) -> Duration {
    let programs = app.programs.clone();
    if let Err(error) = app.read(move |tx| served::take_up(tx, &programs)).await {
        tracing::warn!(%error, "published revisions could not be looked up");
    }
    REST
}
