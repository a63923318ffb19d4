//! A port for a device, given by a command or a page.

use jiff::Timestamp;
use sonae_db::Tx;
use sonae_store::StoreError;
use sonae_store::telemetry_port::{self, Port};

use super::peer::Peer;
use super::range::Range;

/// Why a device gets no port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotGiven {
    /// Nobody listens to syslog.
    NotListening,
    /// What was written is no address and no range.
    NoAddress,
    /// All ports are given.
    NoneFree,
}

impl NotGiven {
    /// What to tell whoever asked, and what to do.
    pub const fn sentences(self) -> (&'static str, &'static str) {
        match self {
            NotGiven::NotListening => (
                "syslogを待ち受けていません。",
                "sonae serve に --syslog を付けて、一度動かしてください。",
            ),
            NotGiven::NoAddress => (
                "送り元のアドレスを読めません。",
                "192.0.2.1 や 192.0.2.0/24 のように書いてください。",
            ),
            NotGiven::NoneFree => (
                "空いているポートがありません。",
                "終わった機器のポートは30日後に空きます。急ぐときは、--syslog の範囲を広げてください。",
            ),
        }
    }
}

/// Gives a device a port of its own; the one it has, when it has one. `peer` is the only address or range that is believed, empty for anybody.
///
/// # Errors
/// The database could not be written.
pub fn give(
    tx: &mut Tx,
    source_id: &str,
    peer: &str,
    at: Timestamp,
) -> Result<Result<Port, NotGiven>, StoreError> {
    let peer = peer.trim();
    if !peer.is_empty() && Peer::parse(peer).is_none() {
        return Ok(Err(NotGiven::NoAddress));
    }
    let Some(ports) = Range::kept(tx)? else {
        return Ok(Err(NotGiven::NotListening));
    };
    let given = telemetry_port::assign(tx, source_id, ports, peer, at)?;
    Ok(given.ok_or(NotGiven::NoneFree))
}
