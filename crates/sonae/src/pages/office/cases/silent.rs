//! Devices from which nothing comes any more, above the list of cases of who manages them.

use sonae_core::access::{Action, Grant, allowed};
use sonae_core::calendar::japanese;
use sonae_db::Tx;
use sonae_store::{StoreError, telemetry_silence};

use crate::pages::office::door::Staff;

/// Devices that are named; how many more there are is said.
const MOST_NAMED: usize = 10;

/// What the notice says; nothing when no device is silent.
#[derive(Clone, Debug, Default)]
pub(super) struct Silent {
    pub(super) count: usize,
    pub(super) devices: Vec<Device>,
    /// How many are not named.
    pub(super) more: usize,
}

#[derive(Clone, Debug)]
pub(super) struct Device {
    pub(super) receipt_number: String,
    pub(super) name: String,
    pub(super) since: String,
}

impl Silent {
    /// What a person is told: of all devices, of those of her own cases, or nothing.
    pub(super) fn of(tx: &mut Tx, staff: &Staff) -> Result<Silent, StoreError> {
        let named = match allowed(staff.role, Action::ManageSources) {
            Grant::No => return Ok(Silent::default()),
            Grant::Yes => telemetry_silence::named(tx, None)?,
            Grant::Assigned => telemetry_silence::named(tx, Some(&staff.id))?,
        };
        let device = |one: &telemetry_silence::Named| Device {
            receipt_number: one.receipt_number.clone(),
            name: format!("{}(製造番号 {})", one.product, one.serial),
            since: japanese::moment(one.silence.since),
        };
        Ok(Silent {
            count: named.len(),
            devices: named.iter().take(MOST_NAMED).map(device).collect(),
            more: named.len().saturating_sub(MOST_NAMED),
        })
    }
}
