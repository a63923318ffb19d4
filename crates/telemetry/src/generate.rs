//! Invented load whose truth is known: lines of Suricata, FortiGate and Defender for any number of companies and days.
//!
//! The same plan makes the same lines. What a line is to be counted as is written down while it is made, not read from it, so that whoever reads, stores
//! and asks can be held to it. Addresses are those set aside for documentation (RFC 5737).

mod defender;
mod eve;
mod fortigate;
mod prepared;

use std::collections::{BTreeMap, BTreeSet};

use crate::detection::{Action, Severity};
use crate::formats::Format;

/// What is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    pub seed: u64,
    /// Companies 0 to this; each has one or two devices.
    pub companies: u32,
    /// Days since 1970-01-01 in Tokyo.
    pub first_day: i64,
    pub days: u32,
    /// Lines of a device on a usual day; days differ by a half up and down.
    pub lines: u32,
}

/// What one device wrote on one day, in the order of its clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    pub company: u32,
    pub day: i64,
    pub format: Format,
    /// As the lines name it.
    pub device: String,
    pub lines: Vec<String>,
}

/// What detections are counted by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell {
    pub company: u32,
    pub day: i64,
    pub device: String,
    pub rule: String,
    pub severity: Severity,
    pub action: Action,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    pub lines: u64,
    /// More than lines where a line stands for several events.
    pub events: u64,
    pub sources: BTreeSet<String>,
}

/// What the lines are to be counted as.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Truth {
    pub detections: BTreeMap<Cell, Sum>,
    /// Lines by company, day and kind.
    pub activities: BTreeMap<(u32, i64, &'static str), u64>,
    /// Lines by company and day that no format can read.
    pub unknown: BTreeMap<(u32, i64), u64>,
    /// Lines of detections that repeat an alert under the same id.
    pub repeated: u64,
}

impl Plan {
    /// One batch after another, by day, then company, then device, each with its truth.
    pub fn batches(self) -> impl Iterator<Item = (Batch, Truth)> {
        let last = self.first_day + i64::from(self.days);
        (self.first_day..last).flat_map(move |day| {
            (0..self.companies).flat_map(move |company| {
                devices(company).map(move |format| self.batch(company, day, format))
            })
        })
    }

    /// What one device of a company writes on a day.
    #[must_use]
    pub fn batch(self, company: u32, day: i64, format: Format) -> (Batch, Truth) {
        let stream = u64::from(company) << 32 ^ (day as u64) << 8 ^ format as u64;
        let mut dice = Dice::new(self.seed ^ stream.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let usual = u64::from(self.lines.max(2));
        // Nobody alerts a person a thousand times a day: Defender writes few lines.
        let usual = if format == Format::Defender {
            usual / 50 + 2
        } else {
            usual
        };
        let lines = usual / 2 + dice.below(usual + 1);
        let mut sheet = Sheet {
            batch: Batch {
                company,
                day,
                format,
                device: named(company, format),
                lines: Vec::new(),
            },
            truth: Truth::default(),
            dice,
            alerts: Vec::new(),
        };
        for number in 0..lines {
            let within = 86_400_000_000 * number / lines;
            let at_us = day * 86_400_000_000 - 9 * 3_600_000_000 + within as i64;
            sheet.line(at_us);
        }
        (sheet.batch, sheet.truth)
    }

    /// The truth of all batches together.
    #[must_use]
    pub fn truth(self) -> Truth {
        let mut whole = Truth::default();
        self.batches().for_each(|(_, truth)| whole.add(truth));
        whole
    }
}

impl Truth {
    pub fn add(&mut self, other: Truth) {
        for (cell, sum) in other.detections {
            let known = self.detections.entry(cell).or_default();
            known.lines += sum.lines;
            known.events += sum.events;
            known.sources.extend(sum.sources);
        }
        for (key, lines) in other.activities {
            *self.activities.entry(key).or_default() += lines;
        }
        for (key, lines) in other.unknown {
            *self.unknown.entry(key).or_default() += lines;
        }
        self.repeated += other.repeated;
    }

    /// All lines, whatever they are counted as.
    #[must_use]
    pub fn lines(&self) -> u64 {
        let detections: u64 = self.detections.values().map(|sum| sum.lines).sum();
        detections + self.activities.values().sum::<u64>() + self.unknown.values().sum::<u64>()
    }
}

/// The devices of a company: an open sensor or a firewall, every other one with Defender.
fn devices(company: u32) -> impl Iterator<Item = Format> {
    let network = if company.is_multiple_of(2) {
        Format::Suricata
    } else {
        Format::FortiGate
    };
    let endpoint = (company % 4 >= 2).then_some(Format::Defender);
    [Some(network), endpoint].into_iter().flatten()
}

/// The device's name in its lines.
fn named(company: u32, format: Format) -> String {
    match format {
        Format::FortiGate => format!("FGT60FEX{company:08}"),
        Format::Defender => format!("pc-01.c{company:04}.example.jp"),
        _ => format!("sensor-{company:04}"),
    }
}

/// A batch that is being written, with its truth.
struct Sheet {
    batch: Batch,
    truth: Truth,
    dice: Dice,
    /// Numbers of the alerts that may come again.
    alerts: Vec<usize>,
}

/// A finding as the generator means it.
struct Finding<'a> {
    rule: &'a str,
    severity: Severity,
    action: Action,
    events: u64,
    source: Option<&'a str>,
}

impl Sheet {
    fn line(&mut self, at_us: i64) {
        let line = match self.dice.below(1000) {
            // What nobody can read: noise, and lines that break off.
            0..6 => self.noise(),
            6..10 => self.broken(at_us),
            _ => self.told(at_us),
        };
        self.batch.lines.push(line);
    }

    fn told(&mut self, at_us: i64) -> String {
        match self.batch.format {
            Format::FortiGate => fortigate::line(self, at_us),
            Format::Defender => defender::line(self, at_us),
            _ => eve::line(self, at_us),
        }
    }

    fn noise(&mut self) -> String {
        *self
            .truth
            .unknown
            .entry((self.batch.company, self.batch.day))
            .or_default() += 1;
        let words = [
            "link up on port",
            "ntp synchronised",
            "ログを開始しました",
            "%SYS-5-RESTART",
            "????",
        ];
        format!(
            "{} {}",
            words[self.dice.index(words.len())],
            self.dice.below(100_000)
        )
    }

    /// A JSON line without its end; a line of pairs cannot break off visibly, so FortiGate loses its beginning too.
    fn broken(&mut self, at_us: i64) -> String {
        let company = self.batch.company;
        let (before, alerts) = (std::mem::take(&mut self.truth), self.alerts.len());
        let mut line = self.told(at_us);
        self.truth = before;
        self.alerts.truncate(alerts);
        *self
            .truth
            .unknown
            .entry((company, self.batch.day))
            .or_default() += 1;
        match self.batch.format {
            Format::FortiGate => line[..30].to_owned(),
            _ => {
                line.truncate(line.len() / 2);
                line
            }
        }
    }

    fn finding(&mut self, finding: &Finding<'_>) {
        let cell = Cell {
            company: self.batch.company,
            day: self.batch.day,
            device: self.batch.device.clone(),
            rule: finding.rule.to_owned(),
            severity: finding.severity,
            action: finding.action,
        };
        let sum = self.truth.detections.entry(cell).or_default();
        sum.lines += 1;
        sum.events += finding.events;
        sum.sources.extend(finding.source.map(str::to_owned));
    }

    fn activity(&mut self, kind: &'static str) {
        let key = (self.batch.company, self.batch.day, kind);
        *self.truth.activities.entry(key).or_default() += 1;
    }

    /// An address of the outside: few that come often, many that come seldom.
    fn outside(&mut self) -> String {
        match self.dice.below(3) {
            0 => format!("203.0.113.{}", 1 + self.dice.below(5)),
            1 => format!("203.0.113.{}", 1 + self.dice.below(254)),
            _ => format!("198.51.100.{}", 1 + self.dice.below(254)),
        }
    }

    fn inside(&mut self) -> String {
        format!("192.0.2.{}", 1 + self.dice.below(40))
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014): a few lines, and the same numbers on every machine.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    #[must_use]
    pub const fn new(seed: u64) -> Dice {
        Dice(seed)
    }

    pub const fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below the bound; 0 when the bound is 0.
    pub const fn below(&mut self, bound: u64) -> u64 {
        let roll = self.roll();
        if bound == 0 { 0 } else { roll % bound }
    }

    /// A place in a list of that length.
    pub const fn index(&mut self, length: usize) -> usize {
        self.below(length as u64) as usize
    }
}

/// `2026-06-01T09:00:00.123456` in the zone that is so many seconds east.
fn clock(at_us: i64, offset_s: i64) -> String {
    let local = jiff::Timestamp::from_microsecond(at_us + offset_s * 1_000_000).unwrap_or_default();
    let local = jiff::tz::Offset::UTC.to_datetime(local);
    format!(
        "{}T{:02}:{:02}:{:02}.{:06}",
        local.date(),
        local.hour(),
        local.minute(),
        local.second(),
        local.subsec_nanosecond() / 1000
    )
}
