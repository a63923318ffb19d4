//! Files of logs into the detections, each line once however often a file is given: by command, from the spool folder, or as it grows. Of a JSON
//! document, which is another one each time it is pulled, each record once.

mod name;
mod records;

use std::collections::{BTreeMap, VecDeque};
use std::io::{self, BufRead};
use std::mem;
use std::panic::resume_unwind;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;

use sonae_telemetry::TelemetryError;
use sonae_telemetry::batch::{Batch, Counts, Origin, Prepared, Source};
use sonae_telemetry::block::Packer;
use sonae_telemetry::detections::Detections;
use sonae_telemetry::device_clock::Arrival;
use sonae_telemetry::formats::Format;
use sonae_telemetry::ingest::Answer;
use sonae_telemetry::lines::{Lines, Piece};

use self::name::{Names, Taken, heading, names};
use super::reading::Reader;

/// Batches that are stored in one transaction.
const GROUP: usize = 8;
/// Groups that wait while one is stored and the next one is read.
const WAITING: usize = 1;
/// Bytes of lines in one batch, at most one line more.
const BATCH_BYTES: u64 = 32 << 20;

/// What was read of one input.
#[derive(Debug, Default)]
pub struct Came {
    /// Bytes that were read before and are left alone now.
    pub known: u64,
    /// How far the input is read now.
    pub reached: u64,
    /// Records of a document that were stored before.
    pub known_records: u64,
    pub counts: Counts,
    pub batches: usize,
    /// Lines by the name of their format, and those that could not be read by reason.
    pub formats: BTreeMap<&'static str, u64>,
    pub unread: BTreeMap<&'static str, u64>,
}

/// Why an input was not read to its end. What was stored before stays, and the same input goes on there.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error("the input: {0}")]
    Input(#[from] io::Error),
    #[error(transparent)]
    Store(#[from] TelemetryError),
    /// The same file is read by somebody else just now.
    #[error("the same file is being read elsewhere")]
    Elsewhere,
}

/// Reads the files of one source.
pub struct Files<'d> {
    detections: &'d Detections,
    source: Source,
    arrival: Arrival,
    packer: Packer,
}

impl<'d> Files<'d> {
    pub fn new(detections: &'d Detections, source: Source, arrival: Arrival) -> Files<'d> {
        let packer = Packer::new();
        Files {
            detections,
            source,
            arrival,
            packer,
        }
    }

    /// Stores what of an input was not stored before: of lines what comes after those that are known, of a document the records that are not.
    /// `format` is tried first with every line when it is given.
    ///
    /// # Errors
    /// See [`Failure`].
    pub fn read(&mut self, input: impl BufRead, format: Option<Format>) -> Result<Came, Failure> {
        let mut lines = Lines::new(input);
        if lines.is_document()? {
            return self.records(lines, format);
        }
        let heading = heading(&mut lines)?;
        let Some(names) = names(&heading) else {
            return Ok(Came::default());
        };
        let (name, known) = self.name(names)?;
        let unread = Unread {
            lines,
            heading,
            from: known,
        };
        let mut reader = Reader::new(format, self.arrival.received_us);
        let detections = self.detections;
        let (groups, waiting) = sync_channel(WAITING);
        let (reached, stored) = thread::scope(|scope| {
            let storing = scope.spawn(move || store(detections, waiting.iter()));
            let reached = self.groups(&name, unread, &mut reader, &groups);
            drop(groups);
            let stored = storing.join();
            (reached, stored.unwrap_or_else(|panic| resume_unwind(panic)))
        });
        let (counts, batches) = stored?;
        Ok(Came {
            known,
            reached: reached?,
            known_records: 0,
            counts,
            batches,
            formats: reader.formats,
            unread: reader.unread,
        })
    }

    /// Reads an input to its end in groups of batches that somebody else stores; gives how far it was read. Ends early when nobody takes them any more.
    fn groups(
        &mut self,
        name: &str,
        mut unread: Unread<impl BufRead>,
        reader: &mut Reader,
        groups: &SyncSender<Vec<Prepared>>,
    ) -> io::Result<u64> {
        let mut reached = unread.from;
        let mut ready = Vec::with_capacity(GROUP);
        loop {
            let origin = Origin::Read {
                file: name.to_owned(),
                from: reached,
                to: reached,
            };
            let mut batch =
                Batch::begin(self.source.clone(), origin, self.arrival, &mut self.packer);
            let ended = unread.fill(&mut batch, reader)?;
            if batch.lines() > 0 {
                reached = unread.position();
                batch.reached(reached);
                ready.push(batch.prepare());
            }
            if ended || ready.len() == GROUP {
                let group = mem::replace(&mut ready, Vec::with_capacity(GROUP));
                if groups.send(group).is_err() || ended {
                    return Ok(reached);
                }
            }
        }
    }

    /// Stores whole lines that stand in a file from `from` on; the file's name is one that `name_of` gave.
    ///
    /// # Errors
    /// See [`Failure`].
    pub fn append(&mut self, name: &str, from: u64, whole_lines: &[u8]) -> Result<Came, Failure> {
        let to = from + whole_lines.len() as u64;
        let origin = Origin::Read {
            file: name.to_owned(),
            from,
            to,
        };
        let mut reader = Reader::new(None, self.arrival.received_us);
        let mut batch = Batch::begin(self.source.clone(), origin, self.arrival, &mut self.packer);
        for line in whole_lines.split(|byte| *byte == b'\n') {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if !line.trim_ascii().is_empty() {
                let kept = line.len().min(sonae_telemetry::lines::LONGEST);
                let too_long = kept < line.len();
                reader.add(
                    &mut batch,
                    &Piece {
                        bytes: &line[..kept],
                        offset: 0,
                        too_long,
                    },
                );
            }
        }
        let (counts, batches) = store(self.detections, [vec![batch.prepare()]])?;
        Ok(Came {
            known: from,
            reached: to,
            known_records: 0,
            counts,
            batches,
            formats: reader.formats,
            unread: reader.unread,
        })
    }

    /// The name by which a file that begins so is known, and how far it was read; none before it has a line.
    ///
    /// # Errors
    /// See [`Failure`].
    pub fn name_of(&self, start: impl BufRead) -> Result<Option<(String, u64)>, Failure> {
        let heading = heading(&mut Lines::new(start))?;
        names(&heading).map(|names| self.name(names)).transpose()
    }

    /// Which of a file's names is known, and how far the file was read.
    fn name(&self, names: Names) -> Result<(String, u64), Failure> {
        for name in [&names.telling, &names.heading].into_iter().flatten() {
            let known = self.detections.read_to(&self.source.id, name)?;
            if known > 0 {
                return Ok((name.clone(), known));
            }
        }
        let name = names.telling.or(names.heading);
        Ok((name.expect("a file with a line has a name"), 0))
    }
}

/// Stores groups of batches in their order; gives what they held and how many batches there were.
fn store(
    detections: &Detections,
    groups: impl IntoIterator<Item = Vec<Prepared>>,
) -> Result<(Counts, usize), Failure> {
    let (mut sum, mut batches) = (Counts::default(), 0);
    for group in groups {
        for answer in detections.store(&group) {
            let Answer::Stored(counts) = answer? else {
                return Err(Failure::Elsewhere);
            };
            sum.add(counts);
            batches += 1;
        }
    }
    Ok((sum, batches))
}

/// What of an input is still to be read: the lines that were taken to know it, then the others.
struct Unread<R> {
    lines: Lines<R>,
    heading: VecDeque<Taken>,
    /// What begins before was stored before.
    from: u64,
}

impl<R: BufRead> Unread<R> {
    /// Fills a batch; whether the input ended.
    fn fill(&mut self, batch: &mut Batch<'_>, reader: &mut Reader) -> io::Result<bool> {
        let mut bytes = 0;
        while let Some(Taken {
            bytes: line,
            offset,
            too_long,
        }) = self.heading.pop_front()
        {
            if offset >= self.from {
                reader.add(
                    batch,
                    &Piece {
                        bytes: &line,
                        offset,
                        too_long,
                    },
                );
            }
        }
        while !batch.is_full() && bytes < BATCH_BYTES {
            let Some(piece) = self.lines.next()? else {
                return Ok(true);
            };
            if piece.offset >= self.from {
                bytes += piece.bytes.len() as u64;
                reader.add(batch, &piece);
            }
        }
        Ok(false)
    }

    fn position(&self) -> u64 {
        self.lines.position()
    }
}
