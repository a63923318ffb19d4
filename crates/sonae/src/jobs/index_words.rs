//! Writes the words of new applications, by which search finds them. Until then they are looked through, so nothing is missed; a rush is
//! taken up little by little, so that the door does not wait.

use std::time::Duration;

use sonae_store::word;

use super::Stop;
use crate::app::App;

/// Cases of one transaction: a few milliseconds, between which applications are received.
const ROUND: u32 = 50;
const BETWEEN_ROUNDS: Duration = Duration::from_millis(200);
const REST: Duration = Duration::from_secs(2);
/// Rest after a failure, so that a database in trouble is not asked all the time.
const AFTER_FAILURE: Duration = Duration::from_secs(30);

/// Takes up some cases; two nodes that do so at once take turns.
pub async fn run(app: App, _stop: Stop) -> Duration {
    // Looked at without the writers' lock first: mostly there is nothing.
    let round = match app.read(word::is_waiting).await {
        Ok(false) => return REST,
        Ok(true) => app.write(|tx| word::index(tx, ROUND)).await,
        Err(error) => Err(error),
    };
    match round {
        Ok(_) => BETWEEN_ROUNDS,
        Err(error) => {
            tracing::warn!(%error, "the words of new applications could not be written");
            AFTER_FAILURE
        }
    }
}
