//! Lines on their way from a socket to the store: many in one piece of memory, so that a flood costs no allocation for each.

/// How a line came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    Whole,
    /// Longer than what is read; only its beginning is here.
    TooLong,
    /// It broke off, or its frame lied about its length.
    Broken,
}

/// Lines in the order in which they came.
#[derive(Debug, Default)]
pub struct Parcel {
    bytes: Vec<u8>,
    /// Where each line ends.
    ends: Vec<(usize, Mark)>,
}

/// Bytes that a line costs beside its own.
const EACH: usize = size_of::<(usize, Mark)>();

impl Parcel {
    /// Adds a line without the line feed and zero byte at its end; a blank one is none.
    pub fn add(&mut self, line: &[u8], mark: Mark) {
        let is_end = |byte: &u8| matches!(byte, b'\n' | b'\r' | 0);
        let length = line.iter().rposition(|byte| !is_end(byte));
        let line = &line[..length.map_or(0, |last| last + 1)];
        if !line.trim_ascii().is_empty() {
            self.bytes.extend_from_slice(line);
            self.ends.push((self.bytes.len(), mark));
        }
    }

    pub fn lines(&self) -> impl Iterator<Item = (&[u8], Mark)> {
        let starts = std::iter::once(0).chain(self.ends.iter().map(|(end, _)| *end));
        (starts.zip(&self.ends)).map(|(start, (end, mark))| (&self.bytes[start..*end], *mark))
    }

    /// How many lines it holds.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Bytes of memory that its lines take.
    pub fn size(&self) -> usize {
        self.bytes.len() + self.ends.len() * EACH
    }
}
