//! Invented lines for the cases.

use std::borrow::Cow;

use sonae_db::Db;

use crate::batch::{Batch, Origin, Prepared, Source};
use crate::block::Packer;
use crate::detection::{Action, Activity, Detection, Endpoint, Record, Severity, Why};
use crate::detections::Detections;
use crate::device_clock::Arrival;
use crate::ingest::{Answer, store};
use crate::{Day, Dictionary};

/// 2026-03-10 12:00 in Tokyo.
pub(crate) const NOON: i64 = 1_773_111_600_000_000;
pub(super) const HOUR: i64 = 3_600_000_000;

pub(super) fn today() -> Day {
    Day::of(NOON)
}

/// What a line says, small enough to be made at random.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Said {
    pub(super) kind: u8,
    pub(super) time_us: i64,
    pub(super) device: u8,
    pub(super) rule: u8,
    pub(super) source: u8,
    pub(super) destination: u8,
    pub(super) count: u32,
}

/// A detection of a rule at a time, from one source.
pub(crate) fn detection(time_us: i64, rule: u8, source: u8) -> Said {
    Said {
        kind: 0,
        time_us,
        device: 0,
        rule,
        source,
        destination: 1,
        count: 1,
    }
}

impl Said {
    pub(super) fn severity(&self) -> Severity {
        match self.rule % 3 {
            0 => Severity::High,
            1 => Severity::Low,
            _ => Severity::Unknown,
        }
    }

    pub(super) fn action(&self) -> Action {
        match self.rule % 2 {
            0 => Action::Blocked,
            _ => Action::Unknown,
        }
    }

    pub(super) fn rule_id(&self) -> String {
        format!("1:{}", 2_000_000 + u32::from(self.rule))
    }

    pub(super) fn title(&self) -> String {
        format!("ET SAMPLE 見本の検知 {}", self.rule)
    }

    pub(super) fn device_name(&self) -> Option<String> {
        (self.device > 0).then(|| format!("FG-{}", self.device))
    }

    pub(super) fn source_address(&self) -> String {
        match self.source % 4 {
            0 => format!("2001:db8::{:x}", self.source),
            1 => format!("PC-{}.example.jp", self.source),
            _ => format!("203.0.113.{}", self.source),
        }
    }

    pub(super) fn destination_address(&self) -> String {
        format!("192.168.1.{}", self.destination)
    }

    pub(super) fn raw(&self) -> String {
        format!("{{\"sample\":\"{self:?}\",\"note\":\"検知の見本の行です\"}}")
    }

    pub(super) fn record(&self) -> Record<'static> {
        match self.kind {
            0 => Record::Detection(Box::new(Detection {
                time_us: Some(self.time_us),
                device: self.device_name().map(Cow::Owned),
                title: self.title().into(),
                rule: self.rule_id().into(),
                category: Cow::Borrowed("Attempted Administrator Privilege Gain"),
                severity: self.severity(),
                graded: Cow::Borrowed("7"),
                action: self.action(),
                said: Cow::Borrowed(if self.rule.is_multiple_of(2) {
                    "dropped"
                } else {
                    "pondered"
                }),
                source: Endpoint {
                    address: Some(self.source_address().into()),
                    port: Some(40_000 + u16::from(self.source)),
                },
                destination: Endpoint {
                    address: Some(self.destination_address().into()),
                    port: None,
                },
                country: (self.source > 9).then_some(Cow::Borrowed("NL")),
                user: (self.rule > 9).then_some(Cow::Borrowed("見本 太郎")),
                file: None,
                count: self.count,
                alert_id: None,
            })),
            1 => Record::Activity(Activity {
                time_us: Some(self.time_us),
                device: self.device_name().map(Cow::Owned),
                class_uid: 4001,
                kind: Cow::Owned(format!("kind.{}", self.rule % 3)),
                packets: (self.rule.is_multiple_of(2)).then_some((u64::from(self.count) * 100, 1)),
            }),
            _ => Record::Unknown(if self.rule.is_multiple_of(2) {
                Why::Format
            } else {
                Why::Broken
            }),
        }
    }
}

/// A live batch that was sent with an id.
pub(crate) fn sent(company: &str, id: &str, lines: &[Said]) -> Prepared {
    let origin = Origin::Sent {
        batch_id: id.to_owned(),
        hash: [lines.len() as u8; 32],
    };
    batch(company, origin, lines)
}

pub(super) fn batch(company: &str, origin: Origin, lines: &[Said]) -> Prepared {
    let source = Source {
        id: format!("source of {company}"),
        company: company.to_owned(),
        device: format!("SN-{company}"),
    };
    let arrival = Arrival {
        received_us: NOON,
        live: false,
    };
    let mut packer = Packer::new();
    let mut batch = Batch::begin(source, origin, arrival, &mut packer);
    for line in lines {
        batch.add(&line.record(), line.raw().as_bytes());
    }
    batch.prepare()
}

pub(super) fn stored(detections: &Detections, group: &[Prepared]) -> Vec<Answer> {
    let answers = detections.store(group).into_iter();
    answers.map(|one| one.expect("a batch is stored")).collect()
}

/// The same in a database.
pub(crate) fn stored_in(db: &Db, group: &[Prepared]) -> Vec<Answer> {
    store(db, &mut Dictionary::default(), group).expect("a batch is stored")
}
