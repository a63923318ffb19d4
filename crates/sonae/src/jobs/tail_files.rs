//! Follows the files of `--telemetry-tail`: what a product writes on this machine, line by line, through rotation.
//!
//! Two nodes on one file do no harm: the one whose position is behind is told so and goes on from the other's.
//!
//! Retry: the next round. Give up: never.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use sonae_store::StoreError;
use sonae_store::telemetry_source;
use sonae_telemetry::TelemetryError;
use sonae_telemetry::batch;
use sonae_telemetry::device_clock::Arrival;

use super::Stop;
use crate::app::App;
use crate::telemetry::files::{Failure, Files};
use crate::telemetry::tail::Tail;

const REST: Duration = Duration::from_secs(1);
const CLOSED: Duration = Duration::from_secs(10);
const NOTHING_TO_READ: Duration = Duration::from_secs(3600);

/// The files that this node follows, each with its device's id.
#[derive(Debug, Default)]
pub struct Tails(Mutex<Option<Vec<(String, Tail)>>>);

/// One round. Gives how long to rest.
pub async fn run(app: App, stop: Stop, tails: Arc<Tails>) -> Duration {
    if app.config.ways_in.telemetry_tail.is_empty() {
        return NOTHING_TO_READ;
    }
    let now = app.clock.now();
    match tokio::task::spawn_blocking(move || round(&app, &tails, now, &stop)).await {
        Ok(Ok(true)) => REST,
        Ok(Ok(false)) => CLOSED,
        Ok(Err(error)) => {
            tracing::warn!(%error, "files could not be followed");
            CLOSED
        }
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}

/// Looks at each file once; whether all could be read.
///
/// # Errors
/// The office's database could not be read.
pub fn round(app: &App, tails: &Tails, now: Timestamp, stop: &Stop) -> Result<bool, StoreError> {
    let mut tails = tails.0.lock().unwrap_or_else(PoisonError::into_inner);
    let tails = tails.get_or_insert_with(|| {
        let files = app.config.ways_in.telemetry_tail.iter();
        files
            .map(|one| (one.source.clone(), Tail::of(one.file.clone())))
            .collect()
    });
    let mut all = true;
    for (id, tail) in tails {
        if *stop.borrow() {
            break;
        }
        match one(app, id, tail, now)? {
            Ok(()) => {}
            Err(failure) => {
                all = false;
                tracing::warn!(source = id, error = %failure, "a file could not be followed");
            }
        }
    }
    Ok(all)
}

fn one(
    app: &App,
    id: &str,
    tail: &mut Tail,
    now: Timestamp,
) -> Result<Result<(), Failure>, StoreError> {
    let Some(source) = app.db.read(|tx| telemetry_source::by_id(tx, id))? else {
        return Ok(Ok(()));
    };
    // Outside of its period the file is left where it stands; what is written until then is read when it begins.
    if !source.is_open(now) {
        return Ok(Ok(()));
    }
    let detections = match app.detections.get() {
        Ok(detections) => detections,
        Err(error) => return Ok(Err(TelemetryError::Db(error).into())),
    };
    let named = batch::Source {
        id: source.id,
        company: source.application_id,
        device: source.serial,
    };
    let arrival = Arrival {
        received_us: now.as_microsecond(),
        live: true,
    };
    let mut files = Files::new(detections, named, arrival);
    Ok(tail.look(&mut files).map(|lines| {
        if lines > 0 {
            app.ledger.heard(id, now);
        }
    }))
}
