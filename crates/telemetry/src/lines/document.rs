//! Walking over a JSON document to the records in it, a byte at a time.

/// Keys whose array of objects holds records, in the outermost object or within it: Graph, Sophos, Vision One, exports of clouds. Within a record they
/// are its own: an event of Sophos has `"core_remedy_items":{"items":[{…}]}`.
const ANYWHERE: [&[u8]; 4] = [b"value", b"events", b"items", b"Records"];
/// Keys that do so only in the outermost object and before anything of its own, since records have such fields themselves: Falcon, SentinelOne.
const OUTERMOST: [&[u8]; 4] = [b"resources", b"data", b"alerts", b"results"];
/// What a wrapper says of itself.
const ABOUT: [&[u8]; 13] = [
    b"meta",
    b"errors",
    b"pagination",
    b"page",
    b"pages",
    b"total",
    b"count",
    b"status",
    b"success",
    b"has_more",
    b"next_cursor",
    b"nextLink",
    b"totalCount",
];
/// No key of a wrapper is longer.
const LONGEST_KEY: usize = 16;

/// What is done with the byte that was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Skip,
    /// A record begins with this byte; what was kept before was its wrapper.
    Begin,
    Keep,
    /// The record ends with this byte.
    End,
    /// What was kept is no record.
    Drop,
}

/// Where the walk stands. A record is an object that is no wrapper.
#[derive(Debug, Default)]
pub(super) struct Scan {
    quoted: bool,
    escaped: bool,
    /// Brackets within what is being kept.
    depth: u32,
    /// Arrays around it.
    arrays: u32,
    key: Vec<u8>,
    after_key: bool,
    /// The outermost object has a field that no wrapper has.
    own: bool,
    /// How far out a text or number stands that no wrapper has, among what is not closed yet.
    told: Option<u32>,
    /// The outermost array is nobody's field: it may hold whole pages.
    bare: bool,
    /// The array that has just begun may be a wrapper's.
    wrapping: bool,
    /// What is being kept says something about the whole: `"pages": {…}` beside the records, or a wrapper without any.
    beside: bool,
}

impl Scan {
    pub(super) fn take(&mut self, byte: u8) -> Step {
        if self.quoted {
            self.within_text(byte);
            return self.kept();
        }
        if byte.is_ascii_whitespace() {
            return self.kept();
        }
        let wrapping = std::mem::take(&mut self.wrapping);
        if self.after_key && !matches!(byte, b'{' | b'[') {
            self.after_key = false;
            self.tell();
        }
        match byte {
            b'"' => {
                self.quoted = true;
                self.key.clear();
            }
            b':' => {
                self.after_key = true;
                let known = ABOUT.contains(&&*self.key) || OUTERMOST.contains(&&*self.key);
                self.own |= self.depth == 1 && !known;
            }
            b'{' if self.depth == 0 || wrapping => {
                if wrapping {
                    self.arrays += 1;
                }
                self.beside = self.after_key && !wrapping;
                self.after_key = false;
                (self.own, self.told) = (false, None);
                self.depth = 1;
                return Step::Begin;
            }
            b'[' if self.depth == 0 => {
                self.bare = self.arrays == 0 && !self.after_key;
                self.arrays += 1;
            }
            b']' if self.depth == 0 => self.arrays = self.arrays.saturating_sub(1),
            b'{' | b'[' => {
                self.wrapping = byte == b'[' && self.after_key && self.wraps();
                self.depth += 1;
                self.after_key = false;
            }
            b'}' | b']' if self.depth > 0 => return self.close(wrapping),
            _ => {}
        }
        self.kept()
    }

    fn within_text(&mut self, byte: u8) {
        match byte {
            _ if self.escaped => self.escaped = false,
            b'\\' => self.escaped = true,
            b'"' => self.quoted = false,
            _ if self.key.len() < LONGEST_KEY => self.key.push(byte),
            _ => {}
        }
    }

    fn close(&mut self, empty_wrapper: bool) -> Step {
        self.beside |= empty_wrapper && self.told.is_none();
        self.depth -= 1;
        self.told = self.told.filter(|depth| *depth <= self.depth);
        match self.depth {
            0 if self.beside => Step::Drop,
            0 => Step::End,
            _ => Step::Keep,
        }
    }

    fn kept(&self) -> Step {
        if self.depth > 0 {
            Step::Keep
        } else {
            Step::Skip
        }
    }

    /// Notes that a text, a number or the like stands under the key.
    fn tell(&mut self) {
        let of_a_wrapper = ABOUT.contains(&&*self.key) || self.key.starts_with(b"@");
        if self.depth > 0 && !of_a_wrapper {
            self.told = Some(self.told.map_or(self.depth, |told| told.min(self.depth)));
        }
    }

    /// Whether the array that begins here is a wrapper's. Within an array there are records, or pages of them where nothing of a record's own was told.
    fn wraps(&self) -> bool {
        let quiet = self.told.is_none();
        match self.arrays {
            0 if ANYWHERE.contains(&&*self.key) => self.depth == 1 || quiet,
            0 => self.depth == 1 && !self.own && OUTERMOST.contains(&&*self.key),
            1 => self.bare && self.depth == 1 && quiet && ANYWHERE.contains(&&*self.key),
            _ => false,
        }
    }
}

/// Whether the beginning of an input is a wrapper on one line: an object with the array of one in its outermost part.
pub(super) fn is_wrapper(start: &[u8]) -> bool {
    let mut scan = Scan::default();
    let mut began = false;
    for byte in start {
        let (wrapping, depth) = (scan.wrapping, scan.depth);
        match scan.take(*byte) {
            Step::Begin if began => return wrapping && depth == 2,
            Step::Begin => began = true,
            Step::End => return false,
            // Nothing was in it.
            Step::Drop => return true,
            Step::Skip | Step::Keep => {}
        }
    }
    false
}
