//! Lines of devices: which product wrote one, and what it says.
//!
//! Architecture invariant: every line comes through [`read`], which never fails and never panics. A line that no format knows is
//! [`Record::Unknown`] and is kept by whoever asked.

mod cef;
mod checkpoint;
mod clamav;
mod crowdstrike;
mod defender;
mod fortigate;
mod header;
mod leef;
mod meraki;
mod paloalto;
mod product;
mod sentinelone;
mod sonicwall;
mod sophos_central;
mod sophos_firewall;
mod suricata;
pub mod syslog;
mod trend_vision_one;
mod unifi;
mod watchguard;
mod wazuh;

use std::borrow::Cow;

use crate::detection::{Activity, Detection, Record, Why};
use crate::json::{self, Object};
use crate::pairs::told;
use crate::time::Receipt;
pub use product::Format;
use syslog::Envelope;

/// A line that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading<'a> {
    /// The product that wrote the line; none when no format knows it.
    pub format: Option<Format>,
    pub record: Record<'a>,
}

impl Reading<'_> {
    pub(crate) const fn unknown(why: Why) -> Reading<'static> {
        Reading {
            format: None,
            record: Record::Unknown(why),
        }
    }
}

/// What a vendor's file is given: the line without what carried it.
struct Line<'a> {
    text: &'a str,
    envelope: Envelope<'a>,
    receipt: Receipt,
}

/// Reads one line, with or without a syslog header. `hint` is the format that is tried first: what the same source sent last.
#[must_use]
pub fn read<'a>(line: &'a str, hint: Option<Format>, receipt: Receipt) -> Reading<'a> {
    let line = line.trim_matches(['\u{feff}', ' ', '\t', '\r', '\n', '\0']);
    let (text, envelope) = match line.as_bytes().first() {
        Some(b'{') => (line, Envelope::default()),
        _ => syslog::unwrap(line, receipt),
    };
    let line = Line {
        text,
        envelope,
        receipt,
    };
    let found = match text.as_bytes().first() {
        None => None,
        Some(b'{') => return in_json(&line, hint),
        Some(_) => in_text(&line, hint),
    };
    match found {
        Some((format, record)) => finished(format, record, &line),
        None => Reading::unknown(Why::Format),
    }
}

type JsonReader = for<'a> fn(&Object<'a>, &Line<'a>) -> Option<Record<'a>>;
type TextReader = for<'a> fn(&Line<'a>) -> Option<Record<'a>>;

/// Products that write JSON; the ones whose fields nobody else has stand first.
const JSON: [(Format, JsonReader); 8] = [
    (Format::Suricata, suricata::read),
    (Format::Wazuh, wazuh::read),
    (Format::CrowdStrike, crowdstrike::read),
    (Format::SentinelOne, sentinelone::read),
    (Format::TrendVisionOne, trend_vision_one::read),
    (Format::Defender, defender::read),
    (Format::SophosCentral, sophos_central::read),
    (Format::PaloAlto, paloalto::read_json),
];

/// Products that write text; the ones that are told most surely stand first.
const TEXT: [(Format, TextReader); 12] = [
    (Format::Cef, cef::read),
    (Format::Leef, leef::read),
    (Format::FortiGate, fortigate::read),
    (Format::PaloAlto, paloalto::read),
    (Format::SonicWall, sonicwall::read),
    (Format::SophosFirewall, sophos_firewall::read),
    (Format::WatchGuard, watchguard::read),
    (Format::CheckPoint, checkpoint::read),
    (Format::Meraki, meraki::read),
    (Format::Suricata, suricata::read_fast),
    (Format::ClamAv, clamav::read),
    (Format::UniFi, unifi::read),
];

fn in_json<'a>(line: &Line<'a>, hint: Option<Format>) -> Reading<'a> {
    let Some(object) = json::object(line.text) else {
        return Reading::unknown(Why::Broken);
    };
    let hinted = JSON.iter().filter(|(format, _)| Some(*format) == hint);
    let others = JSON.iter().filter(|(format, _)| Some(*format) != hint);
    for (format, reader) in hinted.chain(others) {
        if let Some(record) = reader(&object, line) {
            return finished(*format, record, line);
        }
    }
    Reading::unknown(Why::Format)
}

fn in_text<'a>(line: &Line<'a>, hint: Option<Format>) -> Option<(Format, Record<'a>)> {
    let hinted = TEXT.iter().filter(|(format, _)| Some(*format) == hint);
    let others = TEXT.iter().filter(|(format, _)| Some(*format) != hint);
    (hinted.chain(others)).find_map(|(format, reader)| Some((*format, reader(line)?)))
}

/// What the line itself does not tell is taken from what carried it, and nothing is longer than it may be.
fn finished<'a>(format: Format, mut record: Record<'a>, line: &Line<'a>) -> Reading<'a> {
    let host = line.envelope.host.map(Cow::Borrowed);
    match &mut record {
        Record::Detection(detection) => {
            detection.time_us = detection.time_us.or(line.envelope.time_us);
            detection.device = detection.device.take().or(host);
            detection.count = detection.count.max(1);
            for text in [&mut detection.rule, &mut detection.category] {
                if told(text).is_none() {
                    *text = Cow::Borrowed("");
                }
            }
            bounded(detection);
        }
        Record::Activity(activity) => {
            activity.time_us = activity.time_us.or(line.envelope.time_us);
            activity.device = activity.device.take().or(host);
            activity.device.iter_mut().for_each(|text| cut(text, NAME));
        }
        Record::Unknown(_) => {}
    }
    Reading {
        format: Some(format),
        record,
    }
}

/// Bytes of a name or id; the line itself is kept whole.
const NAME: usize = 200;
/// Bytes of a title.
const TITLE: usize = 400;
/// Bytes of a path or URL.
const PATH: usize = 1000;

fn bounded(detection: &mut Detection<'_>) {
    cut(&mut detection.title, TITLE);
    for text in [
        &mut detection.rule,
        &mut detection.category,
        &mut detection.graded,
        &mut detection.said,
    ] {
        cut(text, NAME);
    }
    let names = [
        &mut detection.device,
        &mut detection.source.address,
        &mut detection.destination.address,
        &mut detection.country,
        &mut detection.user,
        &mut detection.alert_id,
    ];
    names.into_iter().flatten().for_each(|text| cut(text, NAME));
    detection.file.iter_mut().for_each(|text| cut(text, PATH));
}

fn cut(text: &mut Cow<'_, str>, most: usize) {
    if text.len() <= most {
        return;
    }
    let mut end = most;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    match text {
        Cow::Borrowed(whole) => *whole = &whole[..end],
        Cow::Owned(whole) => whole.truncate(end),
    }
}

fn activity<'a>(class_uid: u16, kind: &'static str) -> Activity<'a> {
    Activity {
        class_uid,
        kind: Cow::Borrowed(kind),
        ..Activity::default()
    }
}

/// Names of classes of OCSF that activities fit.
mod class {
    pub(super) const NONE: u16 = 0;
    pub(super) const AUTHENTICATION: u16 = 3002;
    pub(super) const NETWORK: u16 = 4001;
    pub(super) const HTTP: u16 = 4002;
    pub(super) const DNS: u16 = 4003;
    pub(super) const APPLICATION: u16 = 6002;
}

fn detected<'a>(detection: Detection<'a>) -> Record<'a> {
    Record::Detection(Box::new(detection))
}
