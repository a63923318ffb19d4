//! Lines of every format, changed at random: nothing may panic, and memory may not grow.
//!
//! `cargo xtask fuzz telemetry [--lines N] [--seed S] [--format NAME]`: N changed lines for each format. A panic names the seed and the number of the line
//! that repeat it.

use std::cell::Cell;
use std::fs;
use std::path::Path;
use std::time::Instant;

use sonae_telemetry::detection::{Record, Why};
use sonae_telemetry::formats::{self, Format};
use sonae_telemetry::generate::{Dice, Plan};
use sonae_telemetry::lines::{self, Lines, Piece};
use sonae_telemetry::time::Receipt;

/// Memory may differ by this much between the first tenth and the end.
const MOST_GROWTH: u64 = 8 << 20;

fn main() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        let (format, seed, number) = AT.get();
        eprintln!("{format}: seed {seed}, line {number}");
        usual(info);
    }));
    let text = |name: &str| {
        let mut arguments = std::env::args().skip_while(|argument| argument != name);
        arguments.nth(1)
    };
    let number = |name: &str, usual: u64| {
        text(name)
            .and_then(|text| text.parse().ok())
            .unwrap_or(usual)
    };
    let (count, seed) = (number("--lines", 1_000_000), number("--seed", 1));
    let only = text("--format");
    println!(
        "{:<18} {:>11} {:>8} {:>8} {:>8} {:>9} {:>9}",
        "format", "lines", "finding", "activity", "unknown", "lines/s", "RSS +KB"
    );
    let formats = Format::ALL
        .into_iter()
        .filter(|format| only.as_deref().is_none_or(|only| only == format.code()));
    for format in formats {
        let seeds = seeds(format);
        fuzz(format, &seeds, count, seed);
    }
    if only.is_none() {
        documents(count / 20, seed);
    }
}

/// Lines to begin with: the samples, and generated ones where there are.
fn seeds(format: Format) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("samples")
        .join(format.code());
    let mut found = Vec::new();
    for path in fs::read_dir(folder)
        .expect("samples")
        .flatten()
        .map(|entry| entry.path())
    {
        if path.extension().is_some_and(|ending| ending == "expected") {
            continue;
        }
        let bytes = fs::read(path).expect("a sample");
        let mut input = Lines::new(&bytes[..]);
        while let Some(piece) = input.next().expect("memory can be read") {
            found.push(piece.bytes.to_vec());
        }
    }
    let plan = Plan {
        seed: 1,
        companies: 4,
        first_day: 20_605,
        days: 1,
        lines: 50,
    };
    for (batch, _) in plan.batches().filter(|(batch, _)| batch.format == format) {
        found.extend(batch.lines.into_iter().map(String::into_bytes));
    }
    found
}

fn fuzz(format: Format, seeds: &[Vec<u8>], count: u64, seed: u64) {
    let receipt = Receipt::in_japan(1_780_358_400_000_000);
    let mut kinds = [0_u64; 3];
    let mut early = 0;
    let start = Instant::now();
    let mut line = Vec::new();
    for number in 0..count {
        if number == count / 10 {
            early = resident();
        }
        let mut dice = Dice::new(seed.wrapping_mul(1 << 40) ^ number);
        change(&mut line, seeds, &mut dice);
        // A panic below is repeated by the seed and this number.
        AT.set((format.code(), seed, number));
        let piece = Piece {
            bytes: &line,
            offset: 0,
            too_long: false,
        };
        let kind = match lines::text(&piece) {
            Ok(text) => match formats::read(&text, Some(format), receipt).record {
                Record::Detection(found) => {
                    assert!(
                        found.title.len() <= 400 && found.count > 0,
                        "a bound is broken"
                    );
                    0
                }
                Record::Activity(_) => 1,
                Record::Unknown(_) => 2,
            },
            Err(Why::Encoding | Why::TooLong | Why::Broken | Why::Format) => 2,
        };
        kinds[kind] += 1;
    }
    let grown = resident().saturating_sub(early);
    let rate = count as f64 / start.elapsed().as_secs_f64();
    let [findings, activities, unknown] =
        kinds.map(|kind| 100.0 * kind as f64 / count.max(1) as f64);
    println!(
        "{:<18} {count:>11} {findings:>7.1}% {activities:>7.1}% {unknown:>7.1}% {rate:>9.0} {:>9}",
        format.code(),
        grown / 1024
    );
    assert!(grown < MOST_GROWTH, "memory grew by {grown} bytes");
}

thread_local! {
    static AT: Cell<(&'static str, u64, u64)> = const { Cell::new(("", 0, 0)) };
}

/// Signs that mean something to one format or another.
const SIGNS: [&[u8]; 24] = [
    b"\"",
    b"\\",
    b"{",
    b"}",
    b"[",
    b"]",
    b"=",
    b"|",
    b":",
    b",",
    b" ",
    b"\t",
    b"<",
    b">",
    b"\\u",
    b"\\ud83d",
    b"(",
    b"'",
    b"1780304585123456789",
    b"-1",
    b"CEF:0|",
    b"LEEF:2.0|",
    b"\xe3\x81",
    b"\0",
];

/// A line of the format with one to four changes. What leaves a line whole is done more often than what breaks it: a reader is tried behind its door.
fn change(line: &mut Vec<u8>, seeds: &[Vec<u8>], dice: &mut Dice) {
    line.clear();
    line.extend_from_slice(&seeds[dice.index(seeds.len())]);
    for _ in 0..=dice.below(4) {
        let at = dice.index(line.len() + 1);
        let end = (at + 1 + dice.index(30)).min(line.len());
        match dice.below(24) {
            0 => line.truncate(at),
            1..4 => drop(line.drain(at..end)),
            4..7 => line.insert(at, dice.roll() as u8),
            7..11 if at < line.len() => line[at] ^= 1 << dice.below(8),
            11..14 => drop(line.splice(at..at, SIGNS[dice.index(SIGNS.len())].iter().copied())),
            14..18 if at < line.len() => {
                drop(line.splice(at..=at, SIGNS[dice.index(SIGNS.len())].iter().copied()))
            }
            18..21 => {
                let piece = line[at..end].to_vec();
                drop(line.splice(at..at, piece));
            }
            // The end of another line: fields where nobody expects them.
            21 => {
                let other = &seeds[dice.index(seeds.len())];
                let from = dice.index(other.len() + 1);
                line.truncate(at);
                line.extend_from_slice(&other[from..]);
            }
            _ => line.drain(..at.min(20)).for_each(drop),
        }
    }
}

/// Bytes of this process in memory, where the system tells them (Linux).
fn resident() -> u64 {
    let pages = fs::read_to_string("/proc/self/statm").ok();
    let pages = pages.and_then(|text| text.split(' ').nth(1)?.parse::<u64>().ok());
    pages.unwrap_or(0) * 4096
}

/// Whole documents, changed and cut into pieces that are read.
fn documents(count: u64, seed: u64) {
    let receipt = Receipt::in_japan(1_780_358_400_000_000);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let folders = Format::ALL.map(|format| folder.join(format.code()));
    let files = folders
        .iter()
        .flat_map(|folder| fs::read_dir(folder).expect("samples").flatten());
    let seeds: Vec<Vec<u8>> = (files.map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|ending| ending != "expected"))
        .map(|path| fs::read(path).expect("a sample"))
        .collect();
    let (mut early, mut pieces, start) = (0, 0_u64, Instant::now());
    let mut document = Vec::new();
    for number in 0..count {
        if number == count / 10 {
            early = resident();
        }
        change(
            &mut document,
            &seeds,
            &mut Dice::new(seed.wrapping_mul(1 << 40) ^ number),
        );
        AT.set(("documents", seed, number));
        let mut input = Lines::new(&document[..]);
        while let Some(piece) = input.next().expect("memory can be read") {
            pieces += 1;
            if let Ok(text) = lines::text(&piece) {
                drop(formats::read(&text, None, receipt));
            }
        }
        assert_eq!(
            input.position(),
            document.len() as u64,
            "something was left unread"
        );
    }
    let grown = resident().saturating_sub(early);
    let rate = pieces as f64 / start.elapsed().as_secs_f64();
    println!(
        "{:<18} {pieces:>11} from {count} changed documents {rate:>15.0} {:>9}",
        "documents",
        grown / 1024
    );
    assert!(grown < MOST_GROWTH, "memory grew by {grown} bytes");
}
