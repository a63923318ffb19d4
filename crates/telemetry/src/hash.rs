//! A quick hash for tables of this process: the multiplication of FxHash with a last mixing. What is hashed comes from devices, so a table must be
//! small and short-lived, or its keys made by us; a flood of colliding keys then costs one batch its speed and nothing else.

use std::hash::{BuildHasherDefault, Hasher};

pub(crate) type Quick = BuildHasherDefault<Mix>;

#[derive(Default)]
pub(crate) struct Mix(u64);

const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;

impl Mix {
    fn take(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(23) ^ word).wrapping_mul(FACTOR);
    }
}

impl Hasher for Mix {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.take(u64::from_le_bytes(*word));
        }
        let mut last = [0; 8];
        last[..rest.len()].copy_from_slice(rest);
        self.take(u64::from_le_bytes(last) ^ ((bytes.len() as u64) << 56));
    }

    fn write_u8(&mut self, value: u8) {
        self.take(u64::from(value));
    }

    fn write_u32(&mut self, value: u32) {
        self.take(u64::from(value));
    }

    fn write_u64(&mut self, value: u64) {
        self.take(value);
    }

    fn write_i64(&mut self, value: i64) {
        self.take(value as u64);
    }

    fn write_usize(&mut self, value: usize) {
        self.take(value as u64);
    }

    fn finish(&self) -> u64 {
        (self.0 ^ (self.0 >> 32)).wrapping_mul(FACTOR)
    }
}

/// A hash that is stored, and therefore never changes: FNV-1a of 64 bits with the last mixing of MurmurHash3, since its low bits alone are weak.
pub(crate) fn stable(bytes: &[u8]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325u64;
    for byte in bytes {
        hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    }
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^ (hash >> 33)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stored_hash_never_changes() {
        assert_eq!(stable(b""), 0xefd0_1f60_ba99_2926);
        let odd = (0..1000).filter(|n: &u32| stable(n.to_string().as_bytes()) % 2 == 1);
        assert_eq!(odd.count(), 499);
    }
}
