//! Deletes old deliveries of webhooks: they were told or given up, and the events themselves stand in the cases.

use std::time::Duration;

use jiff::SignedDuration;

use super::Stop;
use crate::app::App;

const REST: Duration = Duration::from_secs(3600);
/// How long the office can see what became of a delivery.
const KEPT: SignedDuration = SignedDuration::from_hours(90 * 24);

/// Deletes what is old. Running twice deletes nothing more; after a failure the next round does it.
pub async fn run(app: App, _stop: Stop) -> Duration {
    let before = app.clock.now() - KEPT;
    match app
        .write(move |tx| sonae_store::webhook::delete_ended(tx, before))
        .await
    {
        Ok(0) => {}
        Ok(deleted) => tracing::info!(deleted, "old deliveries are deleted"),
        Err(error) => tracing::warn!(%error, "old deliveries could not be deleted"),
    }
    REST
}
