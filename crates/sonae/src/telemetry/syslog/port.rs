//! One device's port, open for datagrams and connections.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use socket2::SockRef;
use tokio::net::{TcpListener, UdpSocket};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

use super::gate::Gate;
use super::stream::{self, Encryption};
use super::{datagrams, tls};
use crate::telemetry::ledger::Why;

/// Connections of one device; most keep one.
const MOST_CONNECTIONS: usize = 16;
/// Bytes that the system may keep for datagrams while we are busy; it may grant less.
const RECEIVE_BUFFER: usize = 4 << 20;
/// How long to rest when a connection cannot be accepted, for want of descriptors.
const AFTER_A_FAILURE: Duration = Duration::from_millis(200);

/// What all ports of a node share.
#[derive(Clone)]
pub(super) struct Shared {
    /// Connections of all devices together.
    pub(super) connections: Arc<Semaphore>,
    pub(super) certificate: watch::Receiver<tls::Certificate>,
    pub(super) tls_only: bool,
}

/// An open port; it closes when this is stopped.
pub(super) struct Port {
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
    pub(super) address: SocketAddr,
}

impl Port {
    /// Opens a port for datagrams and connections.
    ///
    /// # Errors
    /// Somebody else has it, or the address is not ours.
    pub(super) async fn open(
        ip: IpAddr,
        number: u16,
        gate: Gate,
        shared: &Shared,
    ) -> io::Result<Port> {
        let listener = TcpListener::bind((ip, number)).await?;
        let address = listener.local_addr()?;
        let datagrams = match shared.tls_only {
            true => None,
            false => Some(UdpSocket::bind(address).await?),
        };
        let (stop, stopping) = watch::channel(false);
        let gate = Arc::new(gate);
        let mut tasks = JoinSet::new();
        if let Some(socket) = datagrams {
            drop(SockRef::from(&socket).set_recv_buffer_size(RECEIVE_BUFFER));
            let (gate, mut stopping) = (gate.clone(), stopping.clone());
            tasks.spawn(async move { datagrams::serve(&gate, &socket, &mut stopping).await });
        }
        let shared = shared.clone();
        tasks.spawn(async move { accept(&gate, &listener, &shared, stopping).await });
        Ok(Port {
            stop,
            tasks,
            address,
        })
    }

    /// Takes nothing more, and waits until what came is handed on.
    pub(super) async fn close(self) {
        // The tasks hold the other end until they have ended.
        let _ = self.stop.send(true);
        self.tasks.join_all().await;
    }
}

async fn accept(
    gate: &Arc<Gate>,
    listener: &TcpListener,
    shared: &Shared,
    mut stop: watch::Receiver<bool>,
) {
    let own = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stop.wait_for(|stop| *stop) => break,
        };
        while connections.try_join_next().is_some() {}
        let Ok((socket, from)) = accepted else {
            tokio::time::sleep(AFTER_A_FAILURE).await;
            continue;
        };
        let peer = from.ip();
        if let Some(why) = gate.refusal(peer) {
            gate.refuse(why, 1, Some(peer));
            continue;
        }
        let places = (
            own.clone().try_acquire_owned(),
            shared.connections.clone().try_acquire_owned(),
        );
        let (Ok(place), Ok(of_all)) = places else {
            gate.refuse(Why::Crowded, 1, Some(peer));
            continue;
        };
        let encryption = Encryption {
            acceptor: shared.certificate.borrow().clone(),
            only: shared.tls_only,
        };
        let (gate, mut stop) = (gate.clone(), stop.clone());
        connections.spawn(async move {
            stream::serve(&gate, socket, peer, &encryption, &mut stop).await;
            drop((place, of_all));
        });
    }
    connections.join_all().await;
}
