//! Numbers and texts as bytes: LEB128, small numbers first.

use crate::TelemetryError;
use crate::error::damaged;

pub(super) fn put(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

pub(super) fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    put(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

/// A signed number as one whose size is that of its distance from zero.
pub(super) fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)) as u64
}

pub(super) fn unzigzag(value: u64) -> i64 {
    (value >> 1) as i64 ^ -((value & 1) as i64)
}

/// Reads what `put` wrote; everything that does not fit is damage.
pub(super) struct Reader<'a>(pub(super) &'a [u8]);

impl<'a> Reader<'a> {
    #[inline]
    pub(super) fn number(&mut self) -> Result<u64, TelemetryError> {
        let mut value = 0u64;
        for (at, byte) in self.0.iter().take(10).enumerate() {
            value |= u64::from(byte & 0x7f) << (7 * at as u32).min(63);
            if byte & 0x80 == 0 {
                self.0 = &self.0[at + 1..];
                return Ok(value);
            }
        }
        damaged("a number that does not end")
    }

    pub(super) fn bytes(&mut self) -> Result<&'a [u8], TelemetryError> {
        let length = self.number()? as usize;
        match self.0.split_at_checked(length) {
            Some((bytes, rest)) => {
                self.0 = rest;
                Ok(bytes)
            }
            None => damaged("a text beyond the end of its block"),
        }
    }

    /// A count of things that each take at least one byte, or none at all when `at_most` bounds them.
    pub(super) fn count(&mut self, at_most: usize) -> Result<usize, TelemetryError> {
        match self.number()? as usize {
            count if count <= at_most => Ok(count),
            _ => damaged("more than a block holds"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back() {
        for value in [0, 1, 127, 128, 300, u64::from(u32::MAX), u64::MAX] {
            let mut out = Vec::new();
            put(&mut out, value);
            let mut reader = Reader(&out);
            assert_eq!(reader.number().unwrap(), value);
            assert!(reader.0.is_empty());
        }
        for value in [0, -1, 1, i64::MIN, i64::MAX] {
            assert_eq!(unzigzag(zigzag(value)), value);
        }
        assert!(Reader(&[0x80; 20]).number().is_err());
        assert!(Reader(&[5, 1]).bytes().is_err());
    }
}
