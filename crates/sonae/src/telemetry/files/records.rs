//! A JSON document, such as an answer of a vendor's interface: each record is a batch of its own, known by the alert's id or by its bytes.
//!
//! Pulled again, a document holds the same records at other places, so how far it was read says nothing; nothing is noted of the document itself.

use std::collections::BTreeMap;
use std::io::{self, BufRead};
use std::mem;
use std::panic::resume_unwind;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;

use sonae_telemetry::batch::{Batch, Prepared};
use sonae_telemetry::detection::{Record, Why};
use sonae_telemetry::detections::Detections;
use sonae_telemetry::formats::{Format, Reading};
use sonae_telemetry::ingest::{Answer, MOST_BATCHES};
use sonae_telemetry::lines::{Lines, Piece, text};
use sonae_telemetry::pulled;

use super::{Came, Failure, Files, WAITING};
use crate::telemetry::reading::Reader;

/// Bytes of the records that are stored in one transaction, at most one record more.
const GROUP_BYTES: u64 = 8 << 20;

/// A record that is ready, and what is told of it once it is stored.
struct Ready {
    batch: Prepared,
    bytes: u64,
    format: Option<Format>,
    unread: Option<Why>,
}

impl Files<'_> {
    /// Stores the records of a document that were not stored before.
    pub(super) fn records(
        &mut self,
        mut lines: Lines<impl BufRead>,
        format: Option<Format>,
    ) -> Result<Came, Failure> {
        let mut reader = Reader::new(format, self.arrival.received_us);
        let detections = self.detections;
        let (groups, waiting) = sync_channel(WAITING);
        let (read, stored) = thread::scope(|scope| {
            let storing = scope.spawn(move || store(detections, waiting.iter()));
            let read = self.groups_of_records(&mut lines, &mut reader, &groups);
            drop(groups);
            let stored = storing.join();
            (read, stored.unwrap_or_else(|panic| resume_unwind(panic)))
        });
        let came = stored?;
        read?;
        Ok(came)
    }

    /// Reads a document to its end in groups that somebody else stores. Ends early when nobody takes them any more.
    fn groups_of_records(
        &mut self,
        lines: &mut Lines<impl BufRead>,
        reader: &mut Reader,
        groups: &SyncSender<Vec<Ready>>,
    ) -> io::Result<()> {
        let (mut group, mut bytes) = (Vec::new(), 0);
        while let Some(piece) = lines.next()? {
            bytes += piece.bytes.len() as u64;
            group.push(self.record(&piece, reader));
            if group.len() == MOST_BATCHES || bytes >= GROUP_BYTES {
                if groups.send(mem::take(&mut group)).is_err() {
                    return Ok(());
                }
                bytes = 0;
            }
        }
        // Nobody takes it only when what came before could not be stored, which is told.
        drop(groups.send(group));
        Ok(())
    }

    fn record(&mut self, piece: &Piece<'_>, reader: &mut Reader) -> Ready {
        let unread = |why| Reading {
            format: None,
            record: Record::Unknown(why),
        };
        let line = text(piece);
        let reading = match &line {
            Ok(line) => reader.look(line),
            Err(why) => unread(*why),
        };
        let origin = pulled::origin(&reading, piece.bytes);
        let mut batch = Batch::begin(self.source.clone(), origin, self.arrival, &mut self.packer);
        batch.add(&reading.record, piece.bytes);
        Ready {
            batch: batch.prepare(),
            bytes: piece.bytes.len() as u64,
            format: reading.format,
            unread: match reading.record {
                Record::Unknown(why) => Some(why),
                Record::Detection(_) | Record::Activity(_) => None,
            },
        }
    }
}

/// Stores groups of records in their order; gives what was new in them.
fn store(
    detections: &Detections,
    groups: impl IntoIterator<Item = Vec<Ready>>,
) -> Result<Came, Failure> {
    let mut came = Came::default();
    for group in groups {
        let (batches, about): (Vec<Prepared>, Vec<_>) = (group.into_iter())
            .map(|one| (one.batch, (one.bytes, one.format, one.unread)))
            .unzip();
        for (answer, (bytes, format, unread)) in detections.store(&batches).into_iter().zip(about) {
            match answer? {
                Answer::Stored(counts) => {
                    came.counts.add(counts);
                    came.batches += 1;
                    came.reached += bytes;
                    count(&mut came.formats, format.map(Format::code));
                    count(&mut came.unread, unread.map(Why::code));
                }
                // It is the same record, whatever it says now.
                Answer::Before(_) | Answer::Conflict | Answer::ReadTo(_) => {
                    came.known_records += 1;
                    came.known += bytes;
                    came.reached += bytes;
                }
            }
        }
    }
    Ok(came)
}

fn count(sums: &mut BTreeMap<&'static str, u64>, key: Option<&'static str>) {
    if let Some(key) = key {
        *sums.entry(key).or_default() += 1;
    }
}
