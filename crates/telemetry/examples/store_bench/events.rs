//! What is stored as a table for other engines: tabs between values, none of which holds one.

use std::fs::File;
use std::io::{BufWriter, Write};

use sonae_telemetry::block::Entry;
use sonae_telemetry::detections::Detections;
use sonae_telemetry::{Day, TelemetryError};

/// Why nothing more is written.
#[derive(Debug)]
#[expect(dead_code, reason = "it is told in a panic only")]
enum Unwritten {
    Read(TelemetryError),
    Write(std::io::Error),
}

impl From<TelemetryError> for Unwritten {
    fn from(error: TelemetryError) -> Unwritten {
        Unwritten::Read(error)
    }
}

impl From<sonae_db::DbError> for Unwritten {
    fn from(error: sonae_db::DbError) -> Unwritten {
        Unwritten::Read(error.into())
    }
}

/// Writes every detection of all companies within some days.
pub(crate) fn write(detections: &Detections, companies: usize, days: (i64, i64), file: &str) {
    let mut out = BufWriter::new(File::create(file).expect("a file"));
    for company in 0..companies {
        let named = format!("company {company}");
        let each = |entry: &Entry, _: Option<&[u8]>| {
            event(&mut out, &named, entry).map_err(Unwritten::Write)
        };
        let written = detections.lines(&named, (Day(days.0), Day(days.1)), each);
        written.expect("read and written");
    }
    out.flush().expect("written");
}

fn event(out: &mut impl Write, company: &str, entry: &Entry) -> std::io::Result<()> {
    let address = |found: &Option<_>| found.as_ref().map_or_else(String::new, ToString::to_string);
    writeln!(
        out,
        "{company}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}",
        entry.time_us,
        entry.device,
        entry.rule,
        entry.title,
        entry.category,
        entry.severity as u8,
        entry.action as u8,
        address(&entry.source),
        address(&entry.destination),
        entry.count,
    )
}
