//! Messages by UDP (RFC 5426): one in each datagram. Nobody can be told to wait, so what finds no room is dropped and counted.

use std::io;

use tokio::net::UdpSocket;
use tokio::sync::watch;

use super::gate::Gate;
use super::parcel::{Mark, Parcel};

/// No datagram is longer.
const LONGEST: usize = 65_536;
/// Datagrams that are handed on together when they wait already.
const TOGETHER: usize = 256;
/// Bytes after which what was gathered is handed on.
const ENOUGH: usize = 64 * 1024;
/// Rounds for what the system still has when the port is closed: more than its buffer holds.
const LAST_ROUNDS: usize = 1_000;

/// Reads datagrams until the port is closed.
pub(super) async fn serve(gate: &Gate, socket: &UdpSocket, stop: &mut watch::Receiver<bool>) {
    let mut buffer = vec![0; LONGEST];
    loop {
        let first = tokio::select! {
            first = socket.recv_from(&mut buffer) => first,
            _ = stop.wait_for(|stop| *stop) => break,
        };
        gather(gate, socket, &mut buffer, first);
    }
    // What came before the end is read; what comes later finds no port.
    for _ in 0..LAST_ROUNDS {
        let next = socket.try_recv_from(&mut buffer);
        if next.is_err() {
            break;
        }
        gather(gate, socket, &mut buffer, next);
    }
}

/// Takes the first datagram and what waits behind it.
fn gather(
    gate: &Gate,
    socket: &UdpSocket,
    buffer: &mut [u8],
    first: io::Result<(usize, std::net::SocketAddr)>,
) {
    let mut parcel = Parcel::default();
    let mut next = first;
    for _ in 0..TOGETHER {
        // Errors of a socket for datagrams tell of earlier answers, never of what waits.
        let Ok((length, from)) = next else {
            break;
        };
        match gate.refusal(from.ip()) {
            Some(why) => gate.refuse(why, 1, Some(from.ip())),
            None => parcel.add(&buffer[..length], Mark::Whole),
        }
        if parcel.size() >= ENOUGH {
            break;
        }
        next = socket.try_recv_from(buffer);
    }
    if !parcel.is_empty() {
        gate.offer(parcel);
    }
}
