//! Writing down who read whose personal data, without keeping anybody from her work.

use std::time::Duration;

use sonae_store::case_read::{self, Reading};

use crate::app::App;

/// How long a page waits for the entries; they are written all the same when that takes longer.
const WAIT: Duration = Duration::from_millis(200);

/// Records readings that are due, in one transaction. What goes wrong stands in the log.
pub async fn note(app: &App, readings: Vec<Reading>) {
    if readings.is_empty() {
        return;
    }
    let app = app.clone();
    let written = tokio::spawn(async move {
        let record = app.write(move |tx| {
            for reading in &readings {
                case_read::record(tx, reading)?;
            }
            Ok(())
        });
        if let Err(error) = record.await {
            tracing::error!(%error, "the reading of a case was not recorded");
        }
    });
    // The work goes on by itself when the time is up.
    drop(tokio::time::timeout(WAIT, written).await);
}
