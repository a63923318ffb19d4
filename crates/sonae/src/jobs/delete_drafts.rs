//! Deletes unfinished forms and lists that were only tried out, once they have expired: personal data that nobody asked to keep.

use std::time::Duration;

use super::Stop;
use crate::app::App;

const REST: Duration = Duration::from_secs(600);

/// Deletes what has expired. Running twice deletes nothing more; after a failure the next round does it.
pub async fn run(app: App, _stop: Stop) -> Duration {
    let now = app.clock.now();
    match app
        .write(move |tx| {
            let lists = sonae_store::earlier_import::delete_expired(tx, now)?;
            Ok(sonae_store::draft::delete_expired(tx, now)? + lists)
        })
        .await
    {
        Ok(0) => {}
        Ok(deleted) => tracing::info!(deleted, "expired drafts are deleted"),
        Err(error) => tracing::warn!(%error, "expired drafts could not be deleted"),
    }
    REST
}
