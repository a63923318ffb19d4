//! Walking over a JSON document to the records in it, a byte at a time.

use super::WRAPPERS;

/// What is done with the byte that was looked at.
pub(super) enum Step {
    Skip,
    Begin,
    Keep,
    End,
    Drop,
}

/// Walks over a JSON document byte by byte. A record is an object in which no array of a wrapper's key begins.
#[derive(Default)]
pub(super) struct Scan {
    quoted: bool,
    escaped: bool,
    /// Brackets within the record that is being kept.
    depth: u32,
    key: Vec<u8>,
    after_key: bool,
    /// What is being kept stands under a key beside the records: `"pages": {…}` is none.
    beside: bool,
    pub(super) too_long: bool,
}

impl Scan {
    pub(super) fn take(&mut self, byte: u8) -> Step {
        let keep = |depth: u32| if depth > 0 { Step::Keep } else { Step::Skip };
        if self.quoted {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => self.quoted = false,
                _ if self.key.len() < 16 => self.key.push(byte),
                _ => {}
            }
            return keep(self.depth);
        }
        match byte {
            b'"' => {
                self.quoted = true;
                self.key.clear();
                self.after_key = false;
            }
            b':' => self.after_key = true,
            b'{' => {
                if self.depth == 0 {
                    self.beside = self.after_key;
                }
                self.depth += 1;
                self.after_key = false;
                return if self.depth == 1 {
                    Step::Begin
                } else {
                    Step::Keep
                };
            }
            // The array of a wrapper: the records are within it.
            b'[' if self.after_key && self.depth > 0 && self.wraps() => {
                self.depth = 0;
                self.after_key = false;
                return Step::Drop;
            }
            b'[' if self.depth > 0 => self.depth += 1,
            b'}' | b']' if self.depth > 0 => {
                self.depth -= 1;
                self.after_key = false;
                return match self.depth {
                    0 if self.beside => Step::Drop,
                    0 => Step::End,
                    _ => Step::Keep,
                };
            }
            b',' => self.after_key = false,
            _ => {}
        }
        keep(self.depth)
    }

    fn wraps(&self) -> bool {
        WRAPPERS.iter().any(|key| key.as_bytes() == self.key)
    }
}
