//! One connection: plain or encrypted, its messages by length or by line, until it ends or falls silent.

use std::io;
use std::net::IpAddr;
use std::time::Duration;

use socket2::{SockRef, TcpKeepalive};
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;

use super::framing::Framer;
use super::gate::Gate;
use super::parcel::Parcel;
use crate::telemetry::ledger::Why;

/// Bytes that are read at once.
const BUFFER: usize = 16 * 1024;
/// How long a sender may take to say its first byte and to agree on a key.
const GREETING: Duration = Duration::from_secs(20);
/// How long a connection may say nothing. A quiet device keeps it open for a night.
const IDLE: Duration = Duration::from_secs(24 * 3600);
/// After so long without a byte the system asks whether the other end is still there.
const ALIVE: Duration = Duration::from_secs(120);
/// What a connection encrypted by TLS begins with (RFC 8446, 5.1).
const HANDSHAKE: u8 = 0x16;

/// How connections may be encrypted.
#[derive(Clone)]
pub(super) struct Encryption {
    /// None without a certificate.
    pub(super) acceptor: Option<TlsAcceptor>,
    /// Whether connections that are not encrypted are refused.
    pub(super) only: bool,
}

/// Reads a connection to its end.
pub(super) async fn serve(
    gate: &Gate,
    socket: TcpStream,
    peer: IpAddr,
    encryption: &Encryption,
    stop: &mut watch::Receiver<bool>,
) {
    // A device that lost its power never says goodbye.
    let keepalive = TcpKeepalive::new().with_time(ALIVE);
    drop(SockRef::from(&socket).set_tcp_keepalive(&keepalive));
    let mut first = [0];
    let greeted = tokio::select! {
        greeted = socket.peek(&mut first) => greeted,
        _ = stop.wait_for(|stop| *stop) => return,
    };
    match (greeted, &encryption.acceptor) {
        (Ok(0) | Err(_), _) => {}
        (Ok(_), Some(acceptor)) if first[0] == HANDSHAKE => {
            match timeout(GREETING, acceptor.accept(socket)).await {
                Ok(Ok(stream)) => read(gate, stream, peer, stop).await,
                Ok(Err(_)) | Err(_) => gate.refuse(Why::Frame, 1, Some(peer)),
            }
        }
        (Ok(_), _) if encryption.only || first[0] == HANDSHAKE => {
            gate.refuse(Why::Encryption, 1, Some(peer));
        }
        (Ok(_), _) => read(gate, socket, peer, stop).await,
    }
}

/// Reads messages until the stream ends; what came is handed on, however it ended.
async fn read(
    gate: &Gate,
    mut stream: impl AsyncRead + Unpin,
    peer: IpAddr,
    stop: &mut watch::Receiver<bool>,
) {
    let mut framer = Framer::default();
    let mut buffer = vec![0; BUFFER];
    loop {
        let came = tokio::select! {
            came = timeout(IDLE, stream.read(&mut buffer)) => came.unwrap_or(Err(io::ErrorKind::TimedOut.into())),
            _ = stop.wait_for(|stop| *stop) => Ok(0),
        };
        let mut parcel = Parcel::default();
        let taken = match came {
            Ok(0) | Err(_) => break,
            Ok(length) => framer.take(&buffer[..length], &mut parcel),
        };
        if let Some(why) = gate.refusal(peer) {
            gate.refuse(why, parcel.len(), Some(peer));
            return;
        }
        gate.bring(parcel).await;
        if taken.is_err() {
            gate.refuse(Why::Frame, 1, Some(peer));
            return;
        }
    }
    let mut rest = Parcel::default();
    framer.end(&mut rest);
    gate.bring(rest).await;
}
