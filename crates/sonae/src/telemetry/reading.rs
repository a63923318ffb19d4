//! Lines of one source into a batch, counted by format and by the reason why one could not be read.

use std::collections::BTreeMap;

use sonae_telemetry::batch::Batch;
use sonae_telemetry::detection::{Record, Why};
use sonae_telemetry::formats::{self, Format, Reading};
use sonae_telemetry::lines::{Piece, text};
use sonae_telemetry::time::Receipt;

/// Reads the lines of one source.
#[derive(Debug)]
pub struct Reader {
    /// What is tried first: what was said, otherwise what the line before was.
    hint: Option<Format>,
    said: bool,
    receipt: Receipt,
    /// Lines by the name of their format.
    pub formats: BTreeMap<&'static str, u64>,
    /// Lines that could not be read, by reason.
    pub unread: BTreeMap<&'static str, u64>,
}

impl Reader {
    /// `format` is tried first with every line when it is given; `received_us` is our clock, in microseconds since 1970 UTC.
    pub fn new(format: Option<Format>, received_us: i64) -> Reader {
        Reader {
            hint: format,
            said: format.is_some(),
            receipt: Receipt::in_japan(received_us),
            formats: BTreeMap::new(),
            unread: BTreeMap::new(),
        }
    }

    /// Reads one line and adds it to the batch, whatever it is.
    pub fn add(&mut self, batch: &mut Batch<'_>, piece: &Piece<'_>) {
        match text(piece) {
            Ok(line) => {
                let reading = self.look(&line);
                if let Some(format) = reading.format {
                    *self.formats.entry(format.code()).or_default() += 1;
                }
                if let Record::Unknown(why) = &reading.record {
                    self.unknown(*why);
                }
                batch.add(&reading.record, piece.bytes);
            }
            Err(why) => {
                self.unknown(why);
                batch.add(&Record::Unknown(why), piece.bytes);
            }
        }
    }

    /// Reads one line without counting it.
    pub fn look<'l>(&mut self, line: &'l str) -> Reading<'l> {
        let reading = formats::read(line, self.hint, self.receipt);
        if let (Some(format), false) = (reading.format, self.said) {
            self.hint = Some(format);
        }
        reading
    }

    fn unknown(&mut self, why: Why) {
        *self.unread.entry(why.code()).or_default() += 1;
    }
}
