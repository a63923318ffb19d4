//! The raw lines of a block: each with its length, compressed together.

use super::bytes::{Reader, put_bytes};
use super::{Packer, unpack};
use crate::TelemetryError;

/// Packs what `push` gathered.
pub(crate) fn pack_lines(packer: &mut Packer, gathered: &[u8]) -> Vec<u8> {
    packer.pack(gathered)
}

/// Adds one line to those that are gathered.
pub(super) fn push(gathered: &mut Vec<u8>, line: &[u8]) {
    put_bytes(gathered, line);
}

/// All lines of a block, in its order.
pub(crate) fn unpack_lines(packed: &[u8]) -> Result<Vec<Vec<u8>>, TelemetryError> {
    let plain = unpack(packed)?;
    let mut reader = Reader(&plain);
    let mut lines = Vec::new();
    while !reader.0.is_empty() {
        lines.push(reader.bytes()?.to_vec());
    }
    Ok(lines)
}
