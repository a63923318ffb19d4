//! The syslog listener: each registered device has a port of its own, open for UDP (RFC 5426), TCP (RFC 6587) and TLS (RFC 5425) at once.
//!
//! A syslog line says itself who sent it, and anybody can say anything; the port it came in at, and the address it came from when the office
//! registered one, decide whose it is. See `docs/decisions/0029-a-port-for-each-device.md`.
//!
//! Syslog acknowledges nothing. What came by TCP waits in memory for at most a second (`collector`) and is lost when the program is killed in that
//! second; while the store does not answer nothing more is read, so that the device's own queue fills. What comes by UDP and finds no room is dropped
//! and counted (`ledger`).

mod collector;
mod datagrams;
pub mod framing;
mod gate;
pub mod given;
mod kernel;
pub mod parcel;
pub mod peer;
mod port;
pub mod range;
pub mod room;
mod stream;
pub mod tls;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use sonae_store::telemetry_port;
use sonae_store::telemetry_source::Source;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinHandle;

use self::collector::Collector;
use self::gate::{Delivery, Gate};
use self::peer::Peer;
use self::port::{Port, Shared};
use self::range::Range;
use self::room::Room;
use super::ledger::Why;
use crate::app::App;

/// How often the list of devices is looked at.
const LOOK: Duration = Duration::from_secs(2);
/// Connections of all devices together; each takes at most some 120 KiB.
const MOST_CONNECTIONS: usize = 512;
/// How long a stop waits until everything that came is stored.
const PATIENCE: Duration = Duration::from_secs(10);

/// The running listener of this node.
pub struct Listening {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
    addresses: Vec<SocketAddr>,
}

impl Listening {
    /// The addresses that were open when it started.
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.addresses
    }

    /// Closes the ports and stores what came.
    pub async fn stop(self) {
        // Without a receiver it has ended already.
        let _ = self.stop.send(true);
        if tokio::time::timeout(PATIENCE, self.task).await.is_err() {
            tracing::warn!(
                "the syslog listener is broken off; lines of the last second may be lost"
            );
        }
    }
}

/// Opens the ports of all devices, when the program was told to listen; they follow the list from then on.
pub async fn start(app: App) -> Option<Listening> {
    let range = app.config.ways_in.syslog?;
    let (stop, stopping) = watch::channel(false);
    let (queue, deliveries) = unbounded_channel();
    let collector = Collector::new(app.clone(), deliveries, stopping.clone());
    let files = app.config.ways_in.syslog_files();
    let acceptor = files.as_ref().and_then(|files| files.read().ok());
    let changed = files.as_ref().map(tls::Files::changed);
    let (certificate, current) = watch::channel(acceptor);
    let mut listener = Listener {
        shared: Shared {
            connections: Arc::new(Semaphore::new(MOST_CONNECTIONS)),
            certificate: current,
            tls_only: app.config.ways_in.syslog_tls_only,
        },
        app,
        range,
        room: Room::default(),
        queue,
        certificate,
        changed,
        open: BTreeMap::new(),
        warned: BTreeSet::new(),
    };
    listener.look().await;
    let addresses = listener
        .open
        .values()
        .map(|open| open.port.address)
        .collect();
    let task = tokio::spawn(listener.keep_at(collector, stopping));
    Some(Listening {
        stop,
        task,
        addresses,
    })
}

/// A port and whose it is.
struct Open {
    source: Source,
    peer: String,
    port: Port,
    /// Datagrams that the system dropped there so far.
    dropped: u64,
}

struct Listener {
    app: App,
    range: Range,
    shared: Shared,
    room: Room,
    queue: UnboundedSender<Delivery>,
    certificate: watch::Sender<tls::Certificate>,
    changed: Option<[Option<SystemTime>; 2]>,
    open: BTreeMap<u16, Open>,
    /// Ports that could not be opened, which was told.
    warned: BTreeSet<u16>,
}

impl Listener {
    async fn keep_at(mut self, collector: Collector, mut stop: watch::Receiver<bool>) {
        let collecting = tokio::spawn(collector.work());
        while tokio::time::timeout(LOOK, stop.wait_for(|stop| *stop))
            .await
            .is_err()
        {
            self.look().await;
        }
        self.count_drops();
        for (_, open) in std::mem::take(&mut self.open) {
            open.port.close().await;
        }
        let app = self.app.clone();
        // The collector ends when nobody can send any more.
        drop(self);
        let _ = collecting.await;
        let _ = tokio::task::spawn_blocking(move || app.ledger.write(&app.db)).await;
    }

    /// Opens and closes ports so that they are those of the list, and counts what the system dropped.
    async fn look(&mut self) {
        let now = self.app.clock.now();
        let listened = match self
            .app
            .read(move |tx| telemetry_port::listened(tx, now))
            .await
        {
            Ok(listened) => listened,
            Err(error) => {
                tracing::warn!(%error, "the ports of devices could not be read; those that are open stay open");
                return;
            }
        };
        let mut wanted: HashMap<u16, (Source, String)> = (listened.into_iter())
            .filter(|(_, port)| self.range.holds(port.port))
            .map(|(source, port)| (port.port, (source, port.peer)))
            .collect();
        self.count_drops();
        let (kept, gone): (BTreeMap<_, _>, BTreeMap<_, _>) = std::mem::take(&mut self.open)
            .into_iter()
            .partition(|(number, open)| {
                (wanted.get(number))
                    .is_some_and(|(source, peer)| (source, peer) == (&open.source, &open.peer))
            });
        self.open = kept;
        for (_, open) in gone {
            open.port.close().await;
        }
        wanted.retain(|number, _| !self.open.contains_key(number));
        for (number, (source, peer)) in wanted {
            self.open_one(number, source, peer).await;
        }
        self.renew_certificate();
    }

    async fn open_one(&mut self, number: u16, source: Source, peer: String) {
        let believed = Peer::parse(&peer);
        if believed.is_none() && !peer.is_empty() {
            self.warn(number, &io::Error::other("its peer is no address"));
            return;
        }
        let gate = Gate {
            app: self.app.clone(),
            source: Arc::new(source.clone()),
            peer: believed,
            share: self.room.of(&source.id),
            queue: self.queue.clone(),
            told: false.into(),
        };
        match Port::open(self.range.ip, number, gate, &self.shared).await {
            Ok(port) => {
                self.warned.remove(&number);
                let dropped = 0;
                self.open.insert(
                    number,
                    Open {
                        source,
                        peer,
                        port,
                        dropped,
                    },
                );
            }
            Err(error) => self.warn(number, &error),
        }
    }

    /// Another node of the same machine may have the port; it is tried again at each look.
    fn warn(&mut self, port: u16, error: &io::Error) {
        if self.warned.insert(port) {
            tracing::warn!(port, %error, "a port of a device could not be opened");
        }
    }

    fn count_drops(&mut self) {
        let drops = kernel::drops();
        let now = self.app.clock.now();
        for (number, open) in &mut self.open {
            let dropped = drops.get(number).copied().unwrap_or(0);
            let more = dropped.saturating_sub(open.dropped);
            (self.app.ledger).refused(&open.source.id, Why::System, more, now, None);
            open.dropped = dropped;
        }
    }

    fn renew_certificate(&mut self) {
        let Some(files) = self.app.config.ways_in.syslog_files() else {
            return;
        };
        let changed = Some(files.changed());
        if changed == self.changed {
            return;
        }
        match files.read() {
            Ok(acceptor) => {
                tracing::info!("the certificate of the syslog listener was read again");
                self.changed = changed;
                // Connections that are open keep the one they began with.
                self.certificate.send_replace(Some(acceptor));
            }
            // Certificate and key are replaced one after the other; between the two they do not belong together.
            Err(error) => {
                tracing::warn!(%error, "the certificate of the syslog listener could not be read again")
            }
        }
    }
}
