//! Writes down which devices were heard and what was refused, and tells the office once of a device that has fallen silent.
//!
//! A silence is one row, known by the device and the hour of its last line; it is written in the transaction that queues the mail, so two nodes raise
//! one. It ends by itself when the device is heard again or is no longer watched, and stays on record.
//!
//! Retry: the next round. Give up: never; what was heard stays in memory until it is written.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::json;
use sonae_core::access::{Action, Grant, StaffRole, allowed};
use sonae_core::silence::{self, Said};
use sonae_db::Tx;
use sonae_store::audit::{self, Act};
use sonae_store::telemetry_silence::{self, How};
use sonae_store::telemetry_source::{self, Kind};
use sonae_store::telemetry_watch;
use sonae_store::{StoreError, outbox, staff};

use super::Stop;
use crate::app::App;
use crate::mail::silence::SilentDevice;

const REST: Duration = Duration::from_secs(60);
const CLOSED: Duration = Duration::from_secs(30);

/// What a round changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Changed {
    pub raised: usize,
    pub ended: usize,
}

/// One round. Gives how long to rest.
pub async fn run(app: App, _stop: Stop) -> Duration {
    let now = app.clock.now();
    match tokio::task::spawn_blocking(move || round(&app, now)).await {
        Ok(Ok(changed)) => {
            if changed.raised > 0 {
                tracing::warn!(devices = changed.raised, "devices have fallen silent");
            }
            REST
        }
        Ok(Err(error)) => {
            tracing::warn!(%error, "devices could not be watched");
            CLOSED
        }
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}

/// Writes the ledger and judges every device.
///
/// # Errors
/// The database could not be read or written.
pub fn round(app: &App, now: Timestamp) -> Result<Changed, StoreError> {
    app.ledger.write(&app.db)?;
    // Most rounds find nothing, and a writer is asked only when one does.
    if app.db.read(|tx| look(app, tx, now))?.is_empty() {
        return Ok(Changed::default());
    }
    app.db.write(|tx| {
        let found = look(app, tx, now)?;
        change(app, tx, &found, now)
    })
}

/// What has to change.
#[derive(Default)]
struct Found {
    raised: Vec<SilentDevice>,
    ended: Vec<(String, How)>,
}

impl Found {
    fn is_empty(&self) -> bool {
        self.raised.is_empty() && self.ended.is_empty()
    }
}

fn look(app: &App, tx: &mut Tx, now: Timestamp) -> Result<Found, StoreError> {
    let open = telemetry_silence::open(tx)?;
    let mut silent: BTreeSet<String> = open.into_iter().map(|one| one.source_id).collect();
    let mut found = Found::default();
    let moment = now + jiff::SignedDuration::from_millis(1);
    for one in telemetry_source::watched(tx, now, moment)? {
        let source = one.source;
        let watch = telemetry_watch::of_source(tx, &source.id)?;
        let watched = silence::Watched {
            from: source.from,
            until: source.end(),
            heard_at: watch.heard_at,
            quiet_hours: watch.silent_after_hours.unwrap_or(quiet_hours(source.kind)),
            listening_since: app.ledger.begun(),
        };
        let was_silent = silent.remove(&source.id);
        match silence::judge(&watched, now) {
            Said::Silent { since } if !was_silent => {
                found.raised.push(SilentDevice {
                    source_id: source.id,
                    assignee: one.assignee,
                    receipt_number: one.receipt_number,
                    product: source.product,
                    serial: source.serial,
                    since,
                    heard_before: watch.heard_at.is_some(),
                });
            }
            // A silence ends when something is heard; that this node listens for less long than it takes is no sign of life.
            Said::Heard if was_silent && has_spoken(tx, &source.id, watch.heard_at)? => {
                found.ended.push((source.id, How::Heard));
            }
            _ => {}
        }
    }
    // Whose period is over, or who was ended.
    found
        .ended
        .extend(silent.into_iter().map(|id| (id, How::Over)));
    Ok(found)
}

/// Whether a device was heard after its open silence began.
fn has_spoken(
    tx: &mut Tx,
    source_id: &str,
    heard_at: Option<Timestamp>,
) -> Result<bool, StoreError> {
    let silences = telemetry_silence::of_source(tx, source_id)?;
    let open = silences.iter().find(|one| one.ended.is_none());
    Ok(open.is_none_or(|open| heard_at.is_some_and(|heard| heard > open.since)))
}

fn change(app: &App, tx: &mut Tx, found: &Found, now: Timestamp) -> Result<Changed, StoreError> {
    for (id, how) in &found.ended {
        telemetry_silence::end(tx, id, *how, now)?;
        note(
            tx,
            now,
            "telemetry_source.silence_ended",
            id,
            json!({ "how": how.as_str() }),
        )?;
    }
    let mut told = Vec::new();
    for device in &found.raised {
        let id = &device.source_id;
        if telemetry_silence::raise(tx, id, device.since, now)? {
            let since = device.since.to_string();
            note(
                tx,
                now,
                "telemetry_source.silent",
                id,
                json!({ "since": since }),
            )?;
            told.push(device);
        }
    }
    if !told.is_empty() {
        tell(app, tx, &told, now)?;
    }
    Ok(Changed {
        raised: told.len(),
        ended: found.ended.len(),
    })
}

/// One mail to each who manages devices, about all that fell silent together; to who does so for cases of their own, about these.
fn tell(
    app: &App,
    tx: &mut Tx,
    devices: &[&SilentDevice],
    now: Timestamp,
) -> Result<(), StoreError> {
    for role in StaffRole::ALL {
        let grant = allowed(role, Action::ManageSources);
        if grant == Grant::No {
            continue;
        }
        for person in staff::active_of(tx, role)? {
            let own = |one: &&SilentDevice| {
                grant == Grant::Yes || one.assignee.as_ref() == Some(&person.id)
            };
            let own: Vec<&SilentDevice> = devices.iter().copied().filter(own).collect();
            if let Some(mail) = app.mailer.devices_silent(&own, &person, now) {
                outbox::put(tx, None, &mail, now, now)?;
            }
        }
    }
    Ok(())
}

fn note(
    tx: &mut Tx,
    at: Timestamp,
    action: &'static str,
    id: &str,
    data: serde_json::Value,
) -> Result<(), StoreError> {
    let act = Act {
        at,
        actor: "system",
        action,
        subject: id,
    };
    audit::append(tx, act, data)?;
    Ok(())
}

/// Hours of quiet after which somebody is told, unless the office set others.
pub fn quiet_hours(kind: Kind) -> u32 {
    match kind {
        Kind::Utm => silence::QUIET_HOURS,
        Kind::Edr => silence::QUIET_HOURS_OF_FINDINGS,
    }
}
