//! How many EVE lines of about 1,000 bytes one core reads in a second, beside a plain `serde_json` prototype in the same run.
//!
//! `cargo xtask bench telemetry [--lines N] [--rounds N]`. All lines stand in memory; one thread; the time is that of the thread on its core, the
//! best round of each counts, and rounds take turns, so that a busy machine slows all alike.

use std::hint::black_box;
use std::time::Instant;

use serde_json::Value;
use sonae_telemetry::detection::Record;
use sonae_telemetry::formats::{self, Format};
use sonae_telemetry::generate::Plan;
use sonae_telemetry::lines::{self, Lines};
use sonae_telemetry::time::Receipt;

const RECEIVED: Receipt = Receipt::in_japan(1_780_358_400_000_000);

fn main() {
    let number = |name: &str, usual: u32| {
        let mut arguments = std::env::args().skip_while(|argument| argument != name);
        arguments
            .nth(1)
            .and_then(|text| text.parse().ok())
            .unwrap_or(usual)
    };
    let (count, rounds) = (number("--lines", 40_000), number("--rounds", 7));
    let load = |format: Format, company: u32, alerts: bool| -> Vec<String> {
        let plan = Plan {
            seed: 1,
            companies: 1,
            first_day: 20_605,
            days: 1,
            lines: count * 4,
        };
        let (batch, _) = plan.batch(company, plan.first_day, format);
        let wanted = |line: &String| !alerts || line.contains("\"payload\"");
        batch
            .lines
            .into_iter()
            .filter(wanted)
            .take(count as usize)
            .collect()
    };
    println!("lines per second on one core, best of {rounds} rounds");
    table("EVE alerts", &load(Format::Suricata, 0, true), rounds);
    table(
        "EVE as a sensor writes it",
        &load(Format::Suricata, 0, false),
        rounds,
    );
    let fortigate = load(Format::FortiGate, 1, false);
    let best = (0..rounds)
        .map(|_| timed(&fortigate, ours))
        .fold(0.0, f64::max);
    report("FortiGate as it writes", "sonae", &fortigate, best);
}

type Work = fn(&[String]) -> usize;

fn table(name: &str, lines: &[String], rounds: u32) {
    let works: [(&str, Work); 4] = [
        ("sonae: parse and normalise", ours),
        ("sonae: cut from bytes, parse and normalise", from_bytes),
        ("serde_json: parse", parsed),
        ("serde_json: parse and normalise", prototype),
    ];
    let mut best = [0.0; 4];
    for _ in 0..rounds {
        for ((_, work), best) in works.iter().zip(&mut best) {
            *best = timed(lines, *work).max(*best);
        }
    }
    for ((what, _), best) in works.iter().zip(best) {
        report(name, what, lines, best);
    }
}

fn report(name: &str, what: &str, lines: &[String], per_second: f64) {
    let bytes: usize = lines.iter().map(String::len).sum();
    let mean = bytes as f64 / lines.len() as f64;
    println!(
        "{name} ({mean:.0} bytes) | {what:<42} | {per_second:>9.0} lines/s | {:>5.0} MB/s",
        per_second * mean / 1e6
    );
}

fn timed(lines: &[String], work: Work) -> f64 {
    let (start, before) = (Instant::now(), on_core());
    let found = black_box(work(black_box(lines)));
    assert!(found <= lines.len());
    let wall = start.elapsed().as_secs_f64();
    let spent =
        (before.zip(on_core())).map_or(wall, |(before, after)| (after - before) as f64 / 1e9);
    lines.len() as f64 / spent
}

/// Nanoseconds that this thread was on a core, where the system tells it (Linux): what others do on the machine is not counted.
fn on_core() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split(' ').next()?.parse().ok()
}

fn ours(lines: &[String]) -> usize {
    let mut hint = None;
    let mut detections = 0;
    for line in lines {
        let reading = formats::read(line, hint, RECEIVED);
        hint = reading.format.or(hint);
        detections += usize::from(matches!(black_box(&reading.record), Record::Detection(_)));
    }
    detections
}

/// From one buffer of bytes, as a file or a request brings them. The joining is part of the time and costs a few in a hundred.
fn from_bytes(lines: &[String]) -> usize {
    let bytes = lines.join("\n").into_bytes();
    let mut input = Lines::new(&bytes[..]);
    let (mut hint, mut detections) = (None, 0);
    while let Some(piece) = input.next().expect("memory can be read") {
        let Ok(text) = lines::text(&piece) else {
            continue;
        };
        let reading = formats::read(&text, hint, RECEIVED);
        hint = reading.format.or(hint);
        detections += usize::from(matches!(black_box(&reading.record), Record::Detection(_)));
    }
    detections
}

fn parsed(lines: &[String]) -> usize {
    (lines.iter())
        .filter(|line| black_box(serde_json::from_str::<Value>(line)).is_ok())
        .count()
}

/// The fields of a detection, as whoever has no need of speed would take them.
#[derive(Debug)]
#[expect(dead_code, reason = "the fields are made, not read")]
struct Plain {
    time_us: Option<i64>,
    device: String,
    title: String,
    rule: String,
    category: String,
    severity: u8,
    action: u8,
    ends: [(String, u16); 2],
    file: Option<String>,
}

fn prototype(lines: &[String]) -> usize {
    let mut detections = 0;
    for line in lines {
        let Ok(event) = serde_json::from_str::<Value>(line) else {
            continue;
        };
        if event["event_type"] != "alert" {
            continue;
        }
        detections += 1;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let alert = &event["alert"];
        let time = event["timestamp"]
            .as_str()
            .and_then(|at| at.parse::<jiff::Timestamp>().ok());
        let verdict = event["verdict"]["action"]
            .as_str()
            .or(alert["action"].as_str());
        black_box(Plain {
            time_us: time.map(jiff::Timestamp::as_microsecond),
            device: text(&event["host"]),
            title: text(&alert["signature"]),
            rule: format!("{}:{}", alert["gid"], alert["signature_id"]),
            category: text(&alert["category"]),
            severity: alert["severity"].as_u64().unwrap_or(0) as u8,
            action: match verdict {
                Some("drop" | "blocked") => 1,
                Some("pass") => 2,
                Some("allowed" | "alert") => 3,
                _ => 0,
            },
            ends: [("src_ip", "src_port"), ("dest_ip", "dest_port")].map(|(address, port)| {
                (
                    text(&event[address]),
                    event[port].as_u64().unwrap_or(0) as u16,
                )
            }),
            file: event["http"]["url"].as_str().map(str::to_owned),
        });
    }
    detections
}
