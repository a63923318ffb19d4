//! The ports at which devices' syslog is listened to: each belongs to one device, so a line is known by where it came in.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use jiff::{SignedDuration, Timestamp};
use sonae_db::Tx;

use crate::telemetry_source::Source;
use crate::{StoreError, ms, telemetry_source};

/// So long after its device ended nobody else gets a port: a device that nobody unplugged goes on sending there, and its lines must not count
/// for another company.
pub const REST: SignedDuration = SignedDuration::from_hours(30 * 24);
/// Ports that are listened to at once; a programme lends a few hundred devices.
pub const MOST_PORTS: u32 = 4_000;

/// Where a device sends its syslog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Port {
    pub port: u16,
    /// The only address or range (CIDR) that is believed; empty when anybody is.
    pub peer: String,
}

/// Gives a device the lowest free port of a range; the one it has, when it has one. `None` when none is free.
pub fn assign(
    tx: &mut Tx,
    source_id: &str,
    range: RangeInclusive<u16>,
    peer: &str,
    at: Timestamp,
) -> Result<Option<Port>, StoreError> {
    let over = ms(at.checked_sub(REST).unwrap_or(Timestamp::MIN));
    tx.execute(
        "DELETE FROM telemetry_port WHERE source_id IN
         (SELECT id FROM telemetry_source WHERE until_ms < $1 OR ended_at_ms < $1)",
        &[over.into()],
    )?;
    if let Some(port) = of_source(tx, source_id)? {
        return Ok(Some(port));
    }
    let rows = tx.query(
        "SELECT port FROM telemetry_port WHERE port >= $1 AND port <= $2",
        &[
            i64::from(*range.start()).into(),
            i64::from(*range.end()).into(),
        ],
    )?;
    let taken: BTreeSet<i64> = rows.iter().map(|row| row.int(0)).collect();
    let mut free = range.filter(|port| !taken.contains(&i64::from(*port)));
    let Some(port) = free.next() else {
        return Ok(None);
    };
    tx.execute(
        "INSERT INTO telemetry_port (port, source_id, peer) VALUES ($1, $2, $3)",
        &[i64::from(port).into(), source_id.into(), peer.into()],
    )?;
    let peer = peer.to_owned();
    Ok(Some(Port { port, peer }))
}

/// The port of a device.
pub fn of_source(tx: &mut Tx, source_id: &str) -> Result<Option<Port>, StoreError> {
    let row = tx.query_opt(
        "SELECT port, peer FROM telemetry_port WHERE source_id = $1",
        &[source_id.into()],
    )?;
    row.map(|row| port(row.int(0), row.text(1))).transpose()
}

/// Every device that is listened to, with its port, by port. Those whose period is over are among them until they are ended or their port is
/// free again, so that what they still send is counted.
pub fn listened(tx: &mut Tx, at: Timestamp) -> Result<Vec<(Source, Port)>, StoreError> {
    let over = ms(at.checked_sub(REST).unwrap_or(Timestamp::MIN));
    let rows = tx.query(
        "SELECT p.source_id, p.port, p.peer FROM telemetry_port p JOIN telemetry_source s ON s.id = p.source_id
         WHERE s.ended_at_ms IS NULL AND s.until_ms >= $1 ORDER BY p.port LIMIT $2",
        &[over.into(), MOST_PORTS.into()],
    )?;
    let mut listened = Vec::with_capacity(rows.len());
    for row in &rows {
        if let Some(source) = telemetry_source::by_id(tx, row.text(0))? {
            listened.push((source, port(row.int(1), row.text(2))?));
        }
    }
    Ok(listened)
}

fn port(number: i64, peer: &str) -> Result<Port, StoreError> {
    Ok(Port {
        port: u16::try_from(number)
            .map_err(|_| StoreError::Damaged("a port out of range".into()))?,
        peer: peer.to_owned(),
    })
}
