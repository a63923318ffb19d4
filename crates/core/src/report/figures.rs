//! What a report is made from: plain figures, frozen as JSON when it is made. The same figures give the same report.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::month::Month;
use crate::audit::hex;

/// Raised when the figures are computed or written otherwise; frozen ones keep theirs.
pub const FORMAT: u32 = 2;

/// A company's month. Its JSON, as `json` writes it, is what is frozen and hashed: nothing in it depends on when or where it was computed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    pub format: u32,
    pub month: Month,
    /// The devices as the office registered them, by the beginning of their period.
    pub watched: Vec<Watched>,
    /// The devices as their lines name them, by name.
    pub devices: Vec<Device>,
    pub total: Counts,
    /// Every day on which something was detected.
    pub days: BTreeMap<Date, Counts>,
    /// Most events first: the first hundred, and the gravest of those that were not stopped.
    pub rules: Vec<Rule>,
    pub distinct_rules: usize,
    /// Distinct addresses of findings on the Internet's side.
    pub outside_addresses: i64,
    pub lines: Lines,
    /// The month before, if anything was watched then.
    pub before: Option<Before>,
    pub rest: Rest,
    /// What the daily check made of the detections, where it is kept.
    pub judged: Option<Judged>,
}

/// What a company was lent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Utm,
    Edr,
}

/// A registered device, with the part of the month in which it was watched.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Watched {
    pub kind: Kind,
    pub product: String,
    pub serial: String,
    /// Within the month; the second one excluded.
    pub from: Timestamp,
    pub until: Timestamp,
    /// Whether its period began, or ended, within the month.
    pub began: bool,
    pub ended: bool,
}

/// A device as it was heard.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Device {
    pub name: String,
    /// Hours in which it said anything, of those in which it was watched.
    pub hours: i64,
    pub of_hours: i64,
    pub lines: i64,
    pub detections: i64,
    /// From and to; only silences of half a day and more.
    pub gaps: Vec<(Timestamp, Timestamp)>,
    /// Packets it saw and lost, where it counts them.
    pub packets: Option<(i64, i64)>,
}

/// Detections, split two ways.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    pub events: i64,
    /// By `severity_id` of OCSF: unknown, informational, low, medium, high, critical, fatal.
    pub severity: [i64; 7],
    /// Unknown, blocked, allowed, detected only, other (isolated, repaired).
    pub action: [i64; 5],
}

/// Places in [`Counts::action`].
pub const UNKNOWN: usize = 0;
pub const BLOCKED: usize = 1;
pub const ALLOWED: usize = 2;
pub const DETECTED: usize = 3;
pub const OTHER: usize = 4;

impl Counts {
    /// Stopped, or dealt with otherwise: isolated, repaired.
    pub fn handled(&self) -> i64 {
        self.action[BLOCKED] + self.action[OTHER]
    }

    /// Let through, told only, or not told what was done.
    pub fn open(&self) -> i64 {
        self.action[ALLOWED] + self.action[DETECTED] + self.action[UNKNOWN]
    }

    pub fn add(&mut self, other: &Counts) {
        self.events += other.events;
        (self.severity.iter_mut().zip(other.severity)).for_each(|(sum, one)| *sum += one);
        (self.action.iter_mut().zip(other.action)).for_each(|(sum, one)| *sum += one);
    }
}

/// What one rule of a product said in one severity.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rule {
    pub rule: String,
    pub title: String,
    /// The vendor's word.
    pub category: String,
    /// Place in [`Counts::severity`].
    pub severity: usize,
    pub counts: Counts,
    /// Of its events that were not stopped: what the daily check found harmless, and what is an attack or looks like one. Not known before the
    /// second format.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub harmless: i64,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub attack: i64,
}

/// Figures that were frozen before a field existed keep their JSON and with it their hash.
fn is_zero(count: &i64) -> bool {
    *count == 0
}

/// Lines, whatever they were counted as: with the figures they show what a report was computed from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Lines {
    pub detections: i64,
    pub activities: i64,
    /// By reason.
    pub unknown: BTreeMap<String, i64>,
    /// Lines whose device's clock was not believed.
    pub clock_doubtful: i64,
}

impl Lines {
    pub fn unread(&self) -> i64 {
        self.unknown.values().sum()
    }
}

/// The month before, in a few numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Before {
    pub counts: Counts,
    pub hours: i64,
}

/// The other companies, nobody recognisable.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "told", rename_all = "snake_case")]
pub enum Rest {
    /// A quarter, half and three quarters of the companies have at most so many; the company itself is one of the members.
    Yes {
        kind: Kind,
        members: usize,
        events: [i64; 3],
        blocked: [i64; 3],
        /// Per cent of the companies without any detection, in steps of five.
        without: usize,
        /// The company's own detections, rounded as the quartiles are. Not known before the second format.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        own: Option<i64>,
    },
    /// Too few companies: somebody could be recognised.
    Few { kind: Kind, floor: usize },
    /// Told together with another group, somebody could be recognised.
    Close { kind: Kind },
}

/// How the daily checks of a month ended.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Judged {
    /// Days whose check somebody signed, of those that were to be.
    pub checked_days: i64,
    pub of_days: i64,
    /// What was not stopped, once for each day, device and rule: judged harmless, or on a day of which 異常なし was said; attacks and what looks
    /// like one; those of them that the desk was given; what nobody judged yet.
    pub harmless: i64,
    pub attack: i64,
    pub escalated: i64,
    pub open: i64,
}

impl Figures {
    /// What is frozen: one line of JSON, fields in the order of the structs, keys of maps in their own.
    pub fn json(&self) -> String {
        serde_json::to_string(self).expect("figures have text keys and finite numbers")
    }

    /// Reads what was frozen; none for a format that is not ours.
    pub fn parse(json: &str) -> Option<Figures> {
        serde_json::from_str(json).ok()
    }

    /// SHA-256 of the frozen JSON, in hex.
    pub fn sha256(&self) -> String {
        hex(&Sha256::digest(self.json()))
    }

    pub fn has(&self, kind: Kind) -> bool {
        self.watched.iter().any(|one| one.kind == kind)
    }

    /// Hours in which devices were heard, and in which they were watched; of several devices together.
    pub fn hours(&self) -> (i64, i64) {
        let heard = self.devices.iter().map(|one| one.hours).sum();
        let silent: i64 = self.silent().map(Watched::hours).sum();
        let watched: i64 = self.devices.iter().map(|one| one.of_hours).sum();
        (heard, watched + silent)
    }

    /// Hours in which UTMs were heard, and in which they were watched, as far as lines name them by their serial number.
    pub fn utm_hours(&self) -> (i64, i64) {
        let of = |device: &&Device| {
            let mut utms = self.watched.iter().filter(|one| one.kind == Kind::Utm);
            utms.any(|one| one.serial.eq_ignore_ascii_case(&device.name))
        };
        let utms = self.devices.iter().filter(of);
        utms.fold((0, 0), |(heard, all), one| {
            (heard + one.hours, all + one.of_hours)
        })
    }

    /// Devices that were watched and certainly never heard: with nothing heard all of them, otherwise those whose serial number no line names
    /// while every name that was heard is a registered one. A line may name a device in its own way, and then nobody can tell.
    pub fn silent(&self) -> impl Iterator<Item = &Watched> {
        let known =
            |name: &str| (self.watched.iter()).any(|one| one.serial.eq_ignore_ascii_case(name));
        let sure = self.devices.iter().all(|device| known(&device.name));
        let heard =
            |serial: &str| (self.devices.iter()).any(|one| one.name.eq_ignore_ascii_case(serial));
        (self.watched.iter()).filter(move |one| sure && !heard(&one.serial))
    }
}

impl Watched {
    pub fn hours(&self) -> i64 {
        self.until.duration_since(self.from).as_hours().max(0)
    }
}

impl Kind {
    pub fn label(self) -> &'static str {
        match self {
            Kind::Utm => "UTM",
            Kind::Edr => "EDR",
        }
    }
}
