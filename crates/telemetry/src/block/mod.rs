//! A block: up to some thousand lines of one company and one day, by columns, with its own table of texts, compressed; and beside it the raw
//! lines in the same order. A block needs nothing else to be read, so what is stored can be proved and a company's data is in its blocks only.

mod bytes;
mod coding;
mod draft;
mod lines;
mod read;

pub use read::{Block, Entry};

pub(crate) use coding::Tables;
pub(crate) use read::{action, severity, why};

pub(crate) use draft::{Draft, Packed, Told, why_number};
pub(crate) use lines::{pack_lines, unpack_lines};

/// Lines of a block.
pub(crate) const ENTRIES: usize = 2048;
/// Bytes of raw lines after which a block is closed; the last line may go beyond.
pub(crate) const RAW: usize = 1 << 20;
/// What a stored block may unpack to: a block and one longest line, with room. More is damage.
pub(crate) const UNPACKED: usize = 64 << 20;
/// Level of zstd: higher ones are slower and hardly smaller.
pub(crate) const LEVEL: i32 = 1;

/// The columns of a block, in their order.
#[derive(Clone, Copy)]
pub(crate) enum Column {
    /// The line's number in its company, as the distance from the one before.
    Number,
    /// Microseconds that count, as the distance from the line before.
    Time,
    /// Microseconds of our clock, as the distance from the line before.
    Received,
    /// 0: the device told the time that counts; 1: it told none; else 2 + its distance from the time that counts.
    DeviceTime,
    /// 0 for a detection, else why the line is unknown.
    Why,
    Device,
    Rule,
    Title,
    Category,
    Severity,
    Graded,
    Action,
    Said,
    Source,
    /// 0 for none, else port + 1.
    SourcePort,
    Destination,
    DestinationPort,
    Country,
    User,
    File,
    Count,
    AlertId,
}

pub(crate) const COLUMNS: usize = Column::AlertId as usize + 1;
/// Columns that hold distances.
pub(crate) const DISTANCES: [Column; 3] = [Column::Number, Column::Time, Column::Received];

/// A packer keeps its working memory from block to block.
pub struct Packer(zstd::bulk::Compressor<'static>);

impl Packer {
    /// # Panics
    /// Never: the level is one that zstd knows.
    pub fn new() -> Packer {
        Packer(zstd::bulk::Compressor::new(LEVEL).expect("the level is one of zstd's"))
    }

    pub(crate) fn pack(&mut self, plain: &[u8]) -> Vec<u8> {
        let packed = self.0.compress(plain);
        packed.expect("memory alone could fail, and the buffer is as large as zstd asks for")
    }
}

impl Default for Packer {
    fn default() -> Packer {
        Packer::new()
    }
}

/// Unpacks what a packer made.
pub(crate) fn unpack(packed: &[u8]) -> Result<Vec<u8>, crate::TelemetryError> {
    // A packer writes the size into the frame; a frame without it is not ours.
    let told = zstd::zstd_safe::get_frame_content_size(packed)
        .ok()
        .flatten();
    let size = told.map_or(UNPACKED + 1, |size| size as usize);
    if size > UNPACKED {
        return crate::error::damaged("a block that unpacks to more than a block");
    }
    zstd::bulk::decompress(packed, size)
        .or_else(|_| crate::error::damaged("a block that does not unpack"))
}
