//! What is made is read as it was meant.

use sonae_telemetry::detection::Record;
use sonae_telemetry::formats::{self, Format};
use sonae_telemetry::generate::{Cell, Plan, Truth};
use sonae_telemetry::time::Receipt;

const PLAN: Plan = Plan {
    seed: 7,
    companies: 8,
    first_day: 20_605,
    days: 4,
    lines: 400,
};

/// Truth by reading.
fn read(plan: Plan) -> Truth {
    let mut found = Truth::default();
    for (batch, _) in plan.batches() {
        let receipt = Receipt::in_japan((batch.day + 1) * 86_400_000_000);
        let mut ids = std::collections::BTreeSet::new();
        for line in &batch.lines {
            let reading = formats::read(line, Some(batch.format), receipt);
            match reading.record {
                Record::Detection(detection) => {
                    let at = detection.time_us.expect("every line has a time");
                    let day = (at + 9 * 3_600_000_000).div_euclid(86_400_000_000);
                    assert_eq!(day, batch.day, "{line}");
                    let again = detection
                        .alert_id
                        .clone()
                        .is_some_and(|id| !ids.insert(id.into_owned()));
                    found.repeated += u64::from(again);
                    let cell = Cell {
                        company: batch.company,
                        day,
                        device: detection.device.unwrap_or_default().into_owned(),
                        rule: detection.rule.into_owned(),
                        severity: detection.severity,
                        action: detection.action,
                    };
                    let sum = found.detections.entry(cell).or_default();
                    sum.lines += 1;
                    sum.events += u64::from(detection.count);
                    sum.sources
                        .extend(detection.source.address.map(std::borrow::Cow::into_owned));
                }
                Record::Activity(activity) => {
                    let kind = KINDS
                        .iter()
                        .find(|kind| **kind == activity.kind)
                        .expect("a known kind");
                    *found
                        .activities
                        .entry((batch.company, batch.day, kind))
                        .or_default() += 1;
                }
                Record::Unknown(_) => {
                    *found.unknown.entry((batch.company, batch.day)).or_default() += 1
                }
            }
        }
    }
    found
}

const KINDS: [&str; 10] = [
    "flow",
    "dns",
    "tls",
    "http",
    "anomaly",
    "stats",
    "traffic.forward",
    "utm.webfilter",
    "utm.app-ctrl",
    "event.system",
];

#[test]
fn generated_lines_are_read_as_they_were_meant() {
    let truth = PLAN.truth();
    assert_eq!(read(PLAN), truth);
    let made: usize = PLAN.batches().map(|(batch, _)| batch.lines.len()).sum();
    assert_eq!(truth.lines(), made as u64);
    assert!(truth.repeated > 0 && !truth.unknown.is_empty());
    for format in [Format::Suricata, Format::FortiGate, Format::Defender] {
        assert!(PLAN.batches().any(|(batch, _)| batch.format == format));
    }
}

#[test]
fn the_same_plan_makes_the_same_lines() {
    assert!(PLAN.batches().eq(PLAN.batches()));
    let other = Plan { seed: 8, ..PLAN };
    assert!(!PLAN.batches().eq(other.batches()));
}

#[test]
fn alerts_of_suricata_are_about_a_thousand_bytes() {
    let (batch, _) = PLAN.batch(0, PLAN.first_day, Format::Suricata);
    let alerts: Vec<usize> = (batch.lines.iter())
        .filter(|line| line.contains("\"payload\""))
        .map(String::len)
        .collect();
    let mean = alerts.iter().sum::<usize>() / alerts.len();
    assert!((950..1300).contains(&mean), "{mean}");
}
