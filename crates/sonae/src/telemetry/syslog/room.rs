//! How much may wait in memory between the sockets and the store. Who holds no room waits (TCP) or drops (UDP).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Bytes of one unit of room.
const UNIT: usize = 1024;
/// Units in all: 32 MiB.
const ALL: usize = 32 * 1024;
/// Units of one device, so that a flood leaves room for the others: 4 MiB.
const OF_SOURCE: usize = 4 * 1024;

/// The room of one listener.
#[derive(Debug)]
pub struct Room {
    all: Arc<Semaphore>,
    sources: Mutex<HashMap<String, Arc<Semaphore>>>,
}

/// The room of one device within it.
#[derive(Clone, Debug)]
pub struct Share {
    all: Arc<Semaphore>,
    own: Arc<Semaphore>,
}

/// Room that is taken until this is dropped.
#[derive(Debug)]
pub struct Held {
    _own: OwnedSemaphorePermit,
    _all: OwnedSemaphorePermit,
}

impl Default for Room {
    fn default() -> Room {
        Room {
            all: Arc::new(Semaphore::new(ALL)),
            sources: Mutex::default(),
        }
    }
}

impl Room {
    /// The share of a device; the same each time.
    pub fn of(&self, source: &str) -> Share {
        let mut sources = (self.sources.lock()).unwrap_or_else(PoisonError::into_inner);
        let own = (sources.entry(source.to_owned()))
            .or_insert_with(|| Arc::new(Semaphore::new(OF_SOURCE)));
        Share {
            all: self.all.clone(),
            own: own.clone(),
        }
    }
}

impl Share {
    /// Takes room for so many bytes, when there is some.
    pub fn take_now(&self, bytes: usize) -> Option<Held> {
        let units = units(bytes);
        let own = self.own.clone().try_acquire_many_owned(units).ok()?;
        let all = self.all.clone().try_acquire_many_owned(units).ok()?;
        Some(Held {
            _own: own,
            _all: all,
        })
    }

    /// Waits for room for so many bytes; `None` never comes, since nobody closes the room.
    pub async fn take(&self, bytes: usize) -> Option<Held> {
        let units = units(bytes);
        let own = self.own.clone().acquire_many_owned(units).await.ok()?;
        let all = self.all.clone().acquire_many_owned(units).await.ok()?;
        Some(Held {
            _own: own,
            _all: all,
        })
    }
}

/// A parcel is smaller than a share, and a bigger one would only wait for the whole of it.
fn units(bytes: usize) -> u32 {
    let units = bytes.div_ceil(UNIT).clamp(1, OF_SOURCE);
    u32::try_from(units).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_of_one_device_leaves_room_for_the_others() {
        let room = Room::default();
        let (loud, quiet) = (room.of("loud"), room.of("quiet"));
        let parcels: Vec<Held> = std::iter::from_fn(|| loud.take_now(64 * UNIT)).collect();
        assert_eq!(parcels.len(), OF_SOURCE / 64);
        assert!(room.of("loud").take_now(1).is_none() && quiet.take_now(1).is_some());
        drop(parcels);
        assert!(loud.take_now(OF_SOURCE * UNIT * 9).is_some());
        let others: Vec<Held> = (0..2 * ALL / OF_SOURCE)
            .filter_map(|name| room.of(&name.to_string()).take_now(OF_SOURCE * UNIT))
            .collect();
        assert_eq!(
            (others.len(), quiet.take_now(1).is_none()),
            (ALL / OF_SOURCE, true)
        );
    }
}
