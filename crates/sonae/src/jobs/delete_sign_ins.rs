//! Deletes sessions and sign-in links that have expired (links an hour later, since they are counted). They open nothing any more; what is not kept cannot leak.

use std::time::Duration;

use super::Stop;
use crate::app::App;
use crate::staff::sign_in::LINKS_WITHIN;

const REST: Duration = Duration::from_secs(600);

/// Deletes what has expired. Running twice deletes nothing more; after a failure the next round does it.
pub async fn run(app: App, _stop: Stop) -> Duration {
    let now = app.clock.now();
    let deleted = app.write(move |tx| {
        let sessions = sonae_store::session::delete_expired(tx, now)?;
        Ok(sessions + sonae_store::sign_in_link::delete_expired(tx, now - LINKS_WITHIN)?)
    });
    if let Err(error) = deleted.await {
        tracing::warn!(%error, "expired sign-ins could not be deleted");
    }
    REST
}
