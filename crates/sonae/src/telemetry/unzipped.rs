//! Input as it stands or compressed with gzip, told apart by its first bytes.

use std::io::{self, BufRead, BufReader, Read};

use flate2::bufread::MultiGzDecoder;

/// What a file of gzip begins with (RFC 1952, 2.3.1).
pub const GZIP: [u8; 2] = [0x1f, 0x8b];
/// Bytes that are read at once.
const BUFFER: usize = 256 * 1024;

/// The input's plain bytes; several members of gzip one after another are one.
///
/// # Errors
/// The input cannot be read.
pub fn unzipped<'r>(input: impl Read + 'r) -> io::Result<Box<dyn BufRead + 'r>> {
    let mut input = BufReader::with_capacity(BUFFER, input);
    Ok(match input.fill_buf()?.starts_with(&GZIP) {
        true => Box::new(BufReader::with_capacity(BUFFER, MultiGzDecoder::new(input))),
        false => Box::new(input),
    })
}
