//! Bytes of files and requests, cut into lines that are read: bounded, in UTF-8, elements of a JSON array or of a wrapper singly.
//!
//! Architecture invariant: no more than one record is held, and none is longer than [`LONGEST`]. Whatever cannot be read is handed on as it came, with
//! the reason, so that it can be kept.

mod document;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::io::{self, BufRead};

use crate::detection::Why;
use document::{Scan, Step};

/// Bytes of the longest line or element that is read. Alerts of Defender with all their evidence reach some ten thousand.
pub const LONGEST: usize = 256 * 1024;

/// One line or element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece<'a> {
    /// The bytes without the newline; of what was too long, only the beginning.
    pub bytes: &'a [u8],
    /// Where it begins in the input.
    pub offset: u64,
    /// Whether more than [`LONGEST`] bytes were there.
    pub too_long: bool,
}

/// Cuts an input into pieces.
#[derive(Debug)]
pub struct Lines<R> {
    input: R,
    offset: u64,
    buffer: Vec<u8>,
    /// None until the first byte is seen.
    shape: Option<Shape>,
    scan: Scan,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    Lines,
    /// A JSON array, or an object over several lines.
    Document,
}

impl<R: BufRead> Lines<R> {
    pub fn new(input: R) -> Lines<R> {
        Lines {
            input,
            offset: 0,
            buffer: Vec::new(),
            shape: None,
            scan: Scan::default(),
        }
    }

    /// Bytes that were taken from the input: the position to go on from.
    #[must_use]
    pub const fn position(&self) -> u64 {
        self.offset
    }

    /// The next piece that is not blank; none at the end.
    ///
    /// # Errors
    /// The input cannot be read.
    #[expect(
        clippy::should_implement_trait,
        reason = "a piece borrows the buffer, which an iterator cannot hand out"
    )]
    pub fn next(&mut self) -> io::Result<Option<Piece<'_>>> {
        match self.shape()? {
            Shape::Lines => self.line(),
            Shape::Document => self.element(),
        }
    }

    /// Whether the input is a JSON document, whose pieces are the records in it.
    ///
    /// # Errors
    /// The input cannot be read.
    pub fn is_document(&mut self) -> io::Result<bool> {
        Ok(self.shape()? == Shape::Document)
    }

    fn shape(&mut self) -> io::Result<Shape> {
        if let Some(shape) = self.shape {
            return Ok(shape);
        }
        let shape = self.look()?;
        Ok(*self.shape.insert(shape))
    }

    /// What the input is, by its first bytes: `[`, or `{` alone on its line, begins a document.
    fn look(&mut self) -> io::Result<Shape> {
        let start = self.input.fill_buf()?;
        let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
        let mut bytes = start.iter().skip_while(|byte| byte.is_ascii_whitespace());
        Ok(match bytes.next() {
            Some(b'[') => match bytes.find(|byte| !byte.is_ascii_whitespace()) {
                Some(b'{' | b'[' | b']') => Shape::Document,
                // `[LAN_LOCAL-default-A]IN=eth0` is a line.
                _ => Shape::Lines,
            },
            Some(b'{') => {
                let spread =
                    bytes.find(|byte| !matches!(byte, b' ' | b'\t' | b'\r')) == Some(&b'\n');
                match spread || document::is_wrapper(start) {
                    true => Shape::Document,
                    false => Shape::Lines,
                }
            }
            _ => Shape::Lines,
        })
    }

    fn line(&mut self) -> io::Result<Option<Piece<'_>>> {
        loop {
            self.buffer.clear();
            let offset = self.offset;
            let mut too_long = false;
            let mut ended = false;
            while !ended {
                let bytes = self.input.fill_buf()?;
                if bytes.is_empty() {
                    break;
                }
                let newline = memchr::memchr(b'\n', bytes);
                ended = newline.is_some();
                let taken = newline.map_or(bytes.len(), |at| at + 1);
                let text = &bytes[..newline.unwrap_or(taken)];
                let room = LONGEST - self.buffer.len();
                too_long |= text.len() > room;
                self.buffer.extend_from_slice(&text[..text.len().min(room)]);
                self.input.consume(taken);
                self.offset += taken as u64;
            }
            if self.offset == offset {
                return Ok(None);
            }
            if !self.buffer.trim_ascii().is_empty() {
                let bytes = self.buffer.strip_suffix(b"\r").unwrap_or(&self.buffer);
                return Ok(Some(Piece {
                    bytes,
                    offset,
                    too_long,
                }));
            }
        }
    }

    /// The next element of the arrays of a document: an object that stands in a top array, or in one of a wrapper.
    fn element(&mut self) -> io::Result<Option<Piece<'_>>> {
        let mut too_long = false;
        self.buffer.clear();
        let mut offset = self.offset;
        loop {
            let bytes = self.input.fill_buf()?;
            if bytes.is_empty() {
                // A document that breaks off: what is left is handed on.
                let rest = !self.buffer.is_empty();
                return Ok(rest.then_some(Piece {
                    bytes: &self.buffer,
                    offset,
                    too_long,
                }));
            }
            let mut taken = 0;
            let mut step = Step::Skip;
            for byte in bytes {
                taken += 1;
                step = self.scan.take(*byte);
                match step {
                    Step::Skip => {}
                    Step::Begin => {
                        (offset, too_long) = (self.offset + taken as u64 - 1, false);
                        self.buffer.clear();
                        self.buffer.push(*byte);
                    }
                    Step::Keep | Step::End if self.buffer.len() < LONGEST => {
                        self.buffer.push(*byte)
                    }
                    Step::Keep | Step::End => too_long = true,
                    Step::Drop => self.buffer.clear(),
                }
                if step == Step::End {
                    break;
                }
            }
            self.input.consume(taken);
            self.offset += taken as u64;
            if step == Step::End {
                return Ok(Some(Piece {
                    bytes: &self.buffer,
                    offset,
                    too_long,
                }));
            }
        }
    }
}

/// The text of a piece: UTF-8 as it stands, otherwise Shift_JIS when that fits, otherwise Latin-1 when it has no control characters.
///
/// # Errors
/// [`Why::TooLong`] and [`Why::Encoding`].
pub fn text<'a>(piece: &Piece<'a>) -> Result<Cow<'a, str>, Why> {
    if piece.too_long {
        return Err(Why::TooLong);
    }
    if let Ok(text) = std::str::from_utf8(piece.bytes) {
        return Ok(Cow::Borrowed(text));
    }
    // A zero byte stands in no text of these encodings: it is UTF-16 or no text at all.
    if piece.bytes.contains(&0) {
        return Err(Why::Encoding);
    }
    let japanese =
        encoding_rs::SHIFT_JIS.decode_without_bom_handling_and_without_replacement(piece.bytes);
    if let Some(text) = japanese {
        return Ok(Cow::Owned(text.into_owned()));
    }
    let controls =
        |byte: &u8| matches!(byte, 0x80..0xA0) || byte.is_ascii_control() && *byte != b'\t';
    match piece.bytes.iter().any(controls) {
        true => Err(Why::Encoding),
        false => Ok(Cow::Owned(
            piece.bytes.iter().map(|byte| char::from(*byte)).collect(),
        )),
    }
}
