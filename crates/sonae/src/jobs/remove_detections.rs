//! Removes detections that are older or more than the operator keeps, once a day, and never what somebody still needs (`telemetry::needed`).
//!
//! Leased: of several nodes one removes. Safe to run twice: what is gone is not found again, and what a crash leaves half removed counts no more and is
//! removed by the next round, when the lease has run out. Each removal is noted in the office's log by who did it.
//!
//! Retry: an hour later, also while another node removes. Give up: never; what is too much stays until it may go.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use sonae_core::calendar::tokyo_date;
use sonae_store::audit::{self, Act};
use sonae_store::{StoreError, job_lease};
use sonae_telemetry::Day;
use sonae_telemetry::retention::{Removed, Until};

use super::Stop;
use crate::app::App;
use crate::office::checks::compare::compare;
use crate::telemetry::kept::KeptArgs;
use crate::telemetry::needed::needed;

const REST: Duration = Duration::from_secs(86_400);
const LATER: Duration = Duration::from_secs(3_600);

/// Longer than a round takes: rows of a cluster go within minutes.
const LEASE: SignedDuration = SignedDuration::from_hours(6);
const NAME: &str = "remove_detections";

/// One round. Gives how long to rest.
pub async fn run(app: App, _stop: Stop) -> Duration {
    match alone(&app, &app.config.kept).await {
        Ok(Some(_)) => REST,
        Ok(None) => LATER,
        Err(error) => {
            tracing::warn!(%error, "old detections could not be removed");
            LATER
        }
    }
}

/// As `remove`, unless another node is at it: then `None`, and nothing is removed.
///
/// # Errors
/// As `remove`; the lease is given back then as well.
pub async fn alone(app: &App, kept: &KeptArgs) -> Result<Option<Removed>, StoreError> {
    let now = app.clock.now();
    let until = now.checked_add(LEASE).unwrap_or(Timestamp::MAX);
    let taken = app.write(move |tx| job_lease::take(tx, NAME, now, until));
    if !taken.await? {
        return Ok(None);
    }
    let removed = remove(app, kept).await;
    app.write(move |tx| job_lease::give_back(tx, NAME, until))
        .await?;
    removed.map(Some)
}

/// Removes what is not kept; gives what went by age and by size together.
///
/// # Errors
/// One of the databases could not be read or written. What went before is gone, and its line in the log may be missing.
pub async fn remove(app: &App, kept: &KeptArgs) -> Result<Removed, StoreError> {
    let (keep, most) = (kept.keep(), kept.most_bytes());
    if keep.is_none() && most.is_none() {
        return Ok(Removed::default());
    }
    let now = app.clock.now();
    // Detections that came late to a signed day stay until somebody looked at them, so they are noticed before anything goes.
    look(app).await?;
    let today = tokyo_date(now);
    let needed = app.read(move |tx| needed(tx, now)).await?;
    let until = Until {
        today: Day::of_date(today),
        needed: Day::of_date(needed.from),
    };
    if let Some(holds) = keep.and_then(|keep| needed.held(today, keep)) {
        tracing::warn!(needed_from = %needed.from, held_by = %holds, "detections stay for longer than they should be kept");
    }
    let (removed, left) = app
        .detections(move |detections| {
            let mut removed = Removed::default();
            if let Some(keep) = keep {
                removed = detections.by_age(until, keep)?;
            }
            let Some(most) = most else {
                return Ok((removed, None));
            };
            let more = detections.by_size(until, most)?;
            removed.lines += more.lines;
            removed.months += more.months;
            let left = detections.stored()?;
            Ok((removed, (left > most).then_some(left)))
        })
        .await?;
    if let Some(bytes) = left {
        let held_by = needed.held_by.as_ref().map(ToString::to_string);
        tracing::warn!(bytes, needed_from = %needed.from, held_by, "more detections than should be kept: those from this day on are still needed");
    }
    if removed == Removed::default() {
        return Ok(removed);
    }
    let data = json!({
        "months": removed.months,
        "lines": removed.lines,
        "batches": removed.batches,
        "kept_from": needed.from.to_string(),
        "days": kept.detections_days,
        "line_days": kept.detections_line_days,
        "gigabytes": kept.detections_gigabytes,
    });
    app.write(move |tx| {
        let act = Act {
            at: now,
            actor: "system",
            action: "telemetry.removed",
            subject: "detections",
        };
        audit::append(tx, act, data.clone()).map(drop)
    })
    .await?;
    tracing::info!(
        months = removed.months,
        lines = removed.lines,
        "old detections are removed"
    );
    // What is left of each day is what lines that come later are measured by.
    look(app).await?;
    Ok(removed)
}

/// Compares what was seen with what is there.
async fn look(app: &App) -> Result<(), StoreError> {
    let app = app.clone();
    crate::app::blocking(move || compare(&app)).await.map(drop)
}
