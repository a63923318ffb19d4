//! A batch that was sent over HTTPS: bytes, plain or in gzip, into lines that are ready to be stored.

use std::io::{self, BufRead, BufReader, Read};

use flate2::bufread::MultiGzDecoder;
use sha2::{Digest, Sha256};
use sonae_telemetry::batch::{Batch, MOST_LINES, Origin, Prepared, Source};
use sonae_telemetry::block::Packer;
use sonae_telemetry::device_clock::Arrival;
use sonae_telemetry::lines::Lines;

use super::reading::Reader;

/// Bytes of a batch on the wire, at most.
pub const LARGEST_SENT: usize = 8 << 20;
/// Bytes of a batch when it is unpacked, at most.
pub const LARGEST_PLAIN: u64 = 64 << 20;
/// Bytes that are read at once.
const BUFFER: usize = 64 * 1024;

/// What a device or its collector sent.
pub struct Sent {
    pub source: Source,
    pub batch_id: String,
    /// As it came, at most [`LARGEST_SENT`].
    pub body: Vec<u8>,
    pub is_gzip: bool,
    /// Our clock, in microseconds since 1970 UTC.
    pub received_us: i64,
}

/// Why nothing of a batch is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// More than [`LARGEST_PLAIN`].
    TooLarge,
    /// More than [`MOST_LINES`].
    TooManyLines,
    /// Not a single line.
    Empty,
    /// The gzip breaks off or is none.
    Broken,
}

/// Reads the lines of a batch. Costs time: not for a thread that others wait for.
///
/// # Errors
/// Nothing is stored of what does not fit.
pub fn prepare(sent: Sent, packer: &mut Packer) -> Result<Prepared, Unfit> {
    let origin = Origin::Sent {
        batch_id: sent.batch_id,
        hash: [0; 32],
    };
    let arrival = Arrival {
        received_us: sent.received_us,
        live: true,
    };
    let mut batch = Batch::begin(sent.source, origin, arrival, packer);
    let mut reader = Reader::new(None, sent.received_us);
    let body = sent.body.as_slice();
    let mut plain = match sent.is_gzip {
        true => Plain::new(Box::new(MultiGzDecoder::new(body))),
        false => Plain::new(Box::new(body)),
    };
    let read = read(&mut plain, &mut batch, &mut reader);
    match read {
        _ if plain.bytes > LARGEST_PLAIN => Err(Unfit::TooLarge),
        Err(_) => Err(Unfit::Broken),
        Ok(false) => Err(Unfit::TooManyLines),
        Ok(true) if batch.lines() == 0 => Err(Unfit::Empty),
        Ok(true) => {
            batch.hashed(plain.hash.finalize().into());
            Ok(batch.prepare())
        }
    }
}

/// Whether everything fitted into the batch.
fn read(plain: &mut Plain<'_>, batch: &mut Batch<'_>, reader: &mut Reader) -> io::Result<bool> {
    let input: &mut dyn BufRead = &mut BufReader::with_capacity(BUFFER, plain);
    let mut lines = Lines::new(input);
    while let Some(piece) = lines.next()? {
        if batch.lines() == MOST_LINES {
            return Ok(false);
        }
        reader.add(batch, &piece);
    }
    Ok(true)
}

/// Counts and hashes what is read: the same lines are the same batch, however they were packed on the way.
struct Plain<'b> {
    input: Box<dyn Read + 'b>,
    hash: Sha256,
    bytes: u64,
}

impl<'b> Plain<'b> {
    fn new(input: Box<dyn Read + 'b>) -> Plain<'b> {
        Plain {
            input,
            hash: Sha256::new(),
            bytes: 0,
        }
    }
}

impl Read for Plain<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(buffer)?;
        self.hash.update(&buffer[..read]);
        self.bytes += read as u64;
        match self.bytes > LARGEST_PLAIN {
            true => Err(io::ErrorKind::FileTooLarge.into()),
            false => Ok(read),
        }
    }
}
