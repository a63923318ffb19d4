//! Every sample is read as the snapshot beside it says.
//!
//! `samples/<format>/<name>.log` was written from the vendor's description of its format; `<name>.expected` is what is read of it. With
//! `SONAE_WRITE_EXPECTED=1` the snapshots are written anew, to be read in the difference.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use sonae_telemetry::detection::{Activity, Detection, Record};
use sonae_telemetry::formats::{self, Format, Reading};
use sonae_telemetry::lines::{self, Lines};
use sonae_telemetry::time::Receipt;

/// 2026-06-02 09:00 in Japan.
const RECEIVED: Receipt = Receipt::in_japan(1_780_358_400_000_000);

pub(crate) fn folders() -> Vec<(Format, PathBuf)> {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    (Format::ALL.iter())
        .map(|format| (*format, samples.join(format.code())))
        .collect()
}

pub(crate) fn logs(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = (fs::read_dir(folder).expect("a folder of samples").flatten())
        .map(|entry| entry.path())
        .filter(|path| {
            path.extension()
                .is_some_and(|ending| ending != "expected" && ending != "md")
        })
        .collect();
    files.sort();
    files
}

/// Reads all lines of a file, each with the format of the one before as hint.
pub(crate) fn each(bytes: &[u8], mut found: impl FnMut(&str, &Reading<'_>)) {
    let mut lines = Lines::new(bytes);
    let mut hint = None;
    while let Some(piece) = lines.next().expect("memory can be read") {
        match lines::text(&piece) {
            Ok(text) => {
                let reading = formats::read(&text, hint, RECEIVED);
                hint = reading.format.or(hint);
                found(&text, &reading);
            }
            Err(why) => found(
                "",
                &Reading {
                    format: None,
                    record: Record::Unknown(why),
                },
            ),
        }
    }
}

#[test]
fn samples_are_read_as_expected() {
    let write = std::env::var_os("SONAE_WRITE_EXPECTED").is_some();
    let mut wrong = Vec::new();
    for (format, folder) in folders() {
        let files = logs(&folder);
        assert!(!files.is_empty(), "{format:?} has no samples");
        for file in files {
            let mut shown = String::new();
            each(&fs::read(&file).expect("a sample"), |_, reading| {
                show(&mut shown, reading)
            });
            let expected = file.with_extension("expected");
            if write {
                fs::write(&expected, &shown).expect("a snapshot");
            } else if fs::read_to_string(&expected).unwrap_or_default() != shown {
                wrong.push(format!("{} is read as\n{shown}", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A line is its own vendor's: nobody else may take it, whatever stood before it.
#[test]
fn samples_are_recognised_whatever_the_hint() {
    for (format, folder) in folders() {
        for file in logs(&folder) {
            each(&fs::read(&file).expect("a sample"), |line, reading| {
                for hint in Format::ALL {
                    let again = formats::read(line, Some(hint), RECEIVED);
                    assert_eq!(
                        again.format, reading.format,
                        "{format:?} after {hint:?}: {line}"
                    );
                    assert_eq!(
                        again.record, reading.record,
                        "{format:?} after {hint:?}: {line}"
                    );
                }
            });
        }
    }
}

fn show(out: &mut String, reading: &Reading<'_>) {
    let format = reading.format.map_or("-", Format::code);
    let line = match &reading.record {
        Record::Detection(found) => format!("{format} detection {}", detection(found)),
        Record::Activity(found) => format!("{format} activity {}", activity(found)),
        Record::Unknown(why) => format!("{format} unknown {why:?}"),
    };
    writeln!(out, "{line}").expect("a text takes every line");
}

fn instant(at: Option<i64>) -> String {
    at.and_then(|at| jiff::Timestamp::from_microsecond(at).ok())
        .map_or_else(|| "-".to_owned(), |at| at.to_string())
}

fn activity(found: &Activity<'_>) -> String {
    let device = found.device.as_deref().unwrap_or("-");
    let mut text = format!(
        "{} {device} {} {}",
        instant(found.time_us),
        found.class_uid,
        found.kind
    );
    if let Some((seen, lost)) = found.packets {
        write!(text, " packets={seen} lost={lost}").expect("a text takes every line");
    }
    text
}

fn detection(found: &Detection<'_>) -> String {
    let end = |address: &Option<std::borrow::Cow<'_, str>>, port: Option<u16>| {
        let address = address.as_deref().unwrap_or("-");
        port.map_or_else(
            || address.to_owned(),
            |port| format!("{address} port {port}"),
        )
    };
    let mut text = format!(
        "{} {}\n  title: {}\n  rule: {} category: {}\n  severity: {:?} ({}) action: {:?} ({})\n  from: {} to: {}",
        instant(found.time_us),
        found.device.as_deref().unwrap_or("-"),
        found.title,
        found.rule,
        found.category,
        found.severity,
        found.graded,
        found.action,
        found.said,
        end(&found.source.address, found.source.port),
        end(&found.destination.address, found.destination.port),
    );
    let more = [
        ("country", &found.country),
        ("user", &found.user),
        ("file", &found.file),
        ("alert", &found.alert_id),
    ];
    for (name, value) in more {
        if let Some(value) = value {
            write!(text, "\n  {name}: {value}").expect("a text takes every line");
        }
    }
    if found.count != 1 {
        write!(text, "\n  count: {}", found.count).expect("a text takes every line");
    }
    text
}
