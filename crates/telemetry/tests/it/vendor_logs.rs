//! Logs of real products, read from a folder that is not part of this project: `SONAE_VENDOR_LOGS=/path cargo test -p sonae-telemetry vendor_logs -- --nocapture`.
//!
//! Every line is recognised or unknown, and at least 97 of 100 are recognised.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use sonae_telemetry::detection::Record;
use sonae_telemetry::formats::Format;

use crate::golden::each;

#[derive(Default)]
struct Count {
    lines: usize,
    detections: usize,
    activities: usize,
    unknown: usize,
    words: BTreeMap<String, usize>,
}

#[test]
fn vendor_logs_are_recognised() {
    let Some(folder) = std::env::var_os("SONAE_VENDOR_LOGS") else {
        println!("skipped: SONAE_VENDOR_LOGS names no folder of vendors' logs");
        return;
    };
    let mut files = Vec::new();
    collect(Path::new(&folder), &mut files);
    files.sort();
    assert!(!files.is_empty(), "no logs in {}", folder.display());
    let mut table: BTreeMap<String, Count> = BTreeMap::new();
    for file in &files {
        let vendor = file.parent().and_then(Path::file_name).unwrap_or_default();
        let count = table
            .entry(vendor.to_string_lossy().into_owned())
            .or_default();
        each(&fs::read(file).expect("a log"), |line, reading| {
            count.lines += 1;
            match &reading.record {
                Record::Detection(found) => {
                    count.detections += 1;
                    for (field, word) in found.unknown_words() {
                        *count.words.entry(format!("{field} {word:?}")).or_default() += 1;
                    }
                }
                Record::Activity(_) => count.activities += 1,
                Record::Unknown(why) => {
                    count.unknown += 1;
                    let start: String = line.chars().take(120).collect();
                    println!("{}: unknown ({why:?}): {start}", file.display());
                }
            }
            if std::env::var_os("SONAE_VENDOR_LOGS_SHOW").is_some() {
                let format = reading.format.map_or("-", Format::code);
                println!("{format}: {:?}", reading.record);
            }
        });
    }
    println!(
        "{:<14} {:>7} {:>10} {:>10} {:>7} {:>10}",
        "vendor", "lines", "detections", "activities", "unknown", "recognised"
    );
    let (mut lines, mut unknown) = (0, 0);
    for (vendor, count) in &table {
        let share = 100.0 * (count.lines - count.unknown) as f64 / count.lines.max(1) as f64;
        println!(
            "{vendor:<14} {:>7} {:>10} {:>10} {:>7} {share:>9.1}%",
            count.lines, count.detections, count.activities, count.unknown
        );
        for (word, times) in &count.words {
            println!("  unknown word: {word} × {times}");
        }
        lines += count.lines;
        unknown += count.unknown;
    }
    let share = 100.0 * (lines - unknown) as f64 / lines as f64;
    println!(
        "{:<14} {lines:>7} {:>10} {:>10} {unknown:>7} {share:>9.1}%",
        "all", "", ""
    );
    assert!(share >= 97.0, "{share:.1} of 100 lines are recognised");
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for path in fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
    {
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|ending| {
            ["log", "json", "ndjson"]
                .iter()
                .any(|known| ending == *known)
        }) {
            files.push(path);
        }
    }
}
