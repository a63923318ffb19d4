//! Puts the small blocks of past days together, once a day: a device that sends every few minutes, and alerts that are pulled one by one, leave many.
//!
//! Safe to run twice and on several nodes: each group of blocks is one transaction, and what is together is not touched again. A cluster keeps its blocks
//! as they are.
//!
//! Retry: an hour later. Give up: never; small blocks only take more room and time.

use std::time::Duration;

use sonae_core::calendar::tokyo_date;
use sonae_store::StoreError;
use sonae_telemetry::Day;

use super::Stop;
use crate::app::App;

const REST: Duration = Duration::from_secs(86_400);
const LATER: Duration = Duration::from_secs(3_600);

/// Days before today that are looked at: what comes later than that is little.
const DAYS: i64 = 35;

/// One round. Gives how long to rest.
pub async fn run(app: App, stop: Stop) -> Duration {
    match gather(&app, &stop).await {
        Ok(fewer) => {
            if fewer > 0 {
                tracing::info!(fewer, "small blocks of detections are put together");
            }
            REST
        }
        Err(error) => {
            tracing::warn!(%error, "small blocks of detections could not be put together");
            LATER
        }
    }
}

/// Goes back from yesterday, day by day; gives how many blocks are fewer.
///
/// # Errors
/// The detections could not be read or written. What was put together before stays so.
pub async fn gather(app: &App, stop: &Stop) -> Result<usize, StoreError> {
    let today = Day::of_date(tokyo_date(app.clock.now()));
    let mut fewer = 0;
    for back in 1..=DAYS {
        if *stop.borrow() {
            break;
        }
        let day = Day(today.0 - back);
        fewer += app
            .detections(move |detections| detections.gather(day))
            .await?;
    }
    Ok(fewer)
}
