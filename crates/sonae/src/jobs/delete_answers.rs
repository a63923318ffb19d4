//! Deletes old answers to commands of other systems: they are kept only so that the same command sent again is not done again.

use std::time::Duration;

use jiff::SignedDuration;
use sonae_db::Tx;
use sonae_store::{StoreError, api_answer};

use super::Stop;
use crate::app::App;

const REST: Duration = Duration::from_secs(3600);
/// For how many days a command may be sent again with its `Idempotency-Key`. The description of the interface tells it.
pub const KEPT_DAYS: i64 = 30;
/// Rounds of one run; what is left waits for the next.
const MOST_ROUNDS: u32 = 100;

/// Deletes what is old, some at a time, so that nothing waits long for the writer. A crash or running twice loses nothing that is needed;
/// after a failure the next run goes on.
pub async fn run(app: App, stop: Stop) -> Duration {
    let before = app.clock.now() - SignedDuration::from_hours(KEPT_DAYS * 24);
    let round =
        move |tx: &mut Tx| -> Result<u64, StoreError> { api_answer::delete_before(tx, before) };
    let mut deleted = 0;
    for _ in 0..MOST_ROUNDS {
        match app.write(round).await {
            Ok(0) => break,
            Ok(some) => deleted += some,
            Err(error) => {
                tracing::warn!(%error, "old answers of the interface could not be deleted");
                break;
            }
        }
        if *stop.borrow() {
            break;
        }
    }
    if deleted > 0 {
        tracing::info!(deleted, "old answers of the interface are deleted");
    }
    REST
}
