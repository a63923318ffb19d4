//! One device's door: whose lines are taken, and the way on to the store.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use sonae_store::telemetry_source::Source;
use tokio::sync::mpsc::UnboundedSender;

use super::parcel::Parcel;
use super::peer::Peer;
use super::room::{Held, Share};
use crate::app::App;
use crate::telemetry::ledger::Why;

/// Lines on their way, with the room that they take.
pub(super) struct Delivery {
    pub(super) source: Arc<Source>,
    pub(super) parcel: Parcel,
    pub(super) _room: Held,
}

/// What every connection and datagram of one device passes.
pub(super) struct Gate {
    pub(super) app: App,
    pub(super) source: Arc<Source>,
    /// The only senders that are believed; anybody when none.
    pub(super) peer: Option<Peer>,
    pub(super) share: Share,
    /// What is in it is bounded by the room that it holds.
    pub(super) queue: UnboundedSender<Delivery>,
    /// Whether the log was told that somebody else knocks; once is enough for each time that the port is open.
    pub(super) told: AtomicBool,
}

impl Gate {
    /// Why nothing of this sender is taken now, if so.
    pub(super) fn refusal(&self, peer: IpAddr) -> Option<Why> {
        if self.peer.is_some_and(|believed| !believed.holds(peer)) {
            if !self.told.swap(true, Relaxed) {
                tracing::warn!(
                    source = self.source.id,
                    "lines come from an address that is not believed"
                );
            }
            return Some(Why::Peer);
        }
        let open = self.source.is_open(self.app.clock.now());
        (!open).then_some(Why::Period)
    }

    /// Counts what is not taken.
    pub(super) fn refuse(&self, why: Why, lines: usize, peer: Option<IpAddr>) {
        let now = self.app.clock.now();
        (self.app.ledger).refused(&self.source.id, why, lines as u64, now, peer);
    }

    /// Hands lines on when there is room for them now; drops and counts them otherwise.
    pub(super) fn offer(&self, parcel: Parcel) {
        match self.share.take_now(parcel.size()) {
            Some(room) => self.deliver(parcel, room),
            None => self.refuse(Why::Full, parcel.len(), None),
        }
    }

    /// Hands lines on as soon as there is room for them.
    pub(super) async fn bring(&self, parcel: Parcel) {
        if parcel.is_empty() {
            return;
        }
        if let Some(room) = self.share.take(parcel.size()).await {
            self.deliver(parcel, room);
        }
    }

    fn deliver(&self, parcel: Parcel, room: Held) {
        let lines = parcel.len();
        let delivery = Delivery {
            source: self.source.clone(),
            parcel,
            _room: room,
        };
        if self.queue.send(delivery).is_err() {
            // The collector ends after every port; only a defect of it comes here.
            self.refuse(Why::Lost, lines, None);
        }
    }
}
