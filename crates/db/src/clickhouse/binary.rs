//! Rows for writing, in the form `RowBinary`: little-endian numbers, texts behind their length.

/// Rows one behind the other; the columns are put in the order in which the statement names them.
#[derive(Default)]
pub struct Rows(Vec<u8>);

impl Rows {
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn u8(&mut self, value: u8) {
        self.0.push(value);
    }

    pub fn u32(&mut self, value: u32) {
        self.0.extend(value.to_le_bytes());
    }

    pub fn u64(&mut self, value: u64) {
        self.0.extend(value.to_le_bytes());
    }

    pub fn i64(&mut self, value: i64) {
        self.0.extend(value.to_le_bytes());
    }

    /// A `String`, which holds any bytes.
    pub fn string(&mut self, value: &[u8]) {
        let mut length = value.len();
        while length >= 0x80 {
            self.0.push(length as u8 | 0x80);
            length >>= 7;
        }
        self.0.push(length as u8);
        self.0.extend(value);
    }
}
