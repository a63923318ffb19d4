//! Suricata: EVE JSON and the one-line `fast.log`.
//!
//! `alert.action` is what the rule asked for, not what became of the packet: in inline mode the verdict says that, so it comes first.

use std::borrow::Cow;

use super::{Line, activity, class, detected};
use crate::detection::{Action, Activity, Detection, Endpoint, Record, Severity};
use crate::json::{Object, Value};
use crate::time;

pub(super) fn read<'a>(object: &Object<'a>, line: &Line<'a>) -> Option<Record<'a>> {
    let kind = object.text("event_type")?;
    let mut event = Event::default();
    for (key, value) in &object.fields {
        match *key {
            "timestamp" => {
                event.time_us = (value.text()).and_then(|at| time::iso(&at, line.receipt))
            }
            "host" => event.host = value.text(),
            "sensor_name" => event.host = event.host.or_else(|| value.text()),
            "src_ip" => event.source.address = value.text(),
            "src_port" => event.source.port = value.integer(),
            "dest_ip" => event.destination.address = value.text(),
            "dest_port" => event.destination.port = value.integer(),
            "alert" => event.alert = Some(*value),
            "verdict" => event.verdict = Some(*value),
            "http" => event.http = Some(*value),
            "files" | "fileinfo" => event.file = Some(*value),
            "stats" => event.stats = Some(*value),
            _ => {}
        }
    }
    match (&*kind, event.alert.and_then(Value::object)) {
        ("alert" | "drop", Some(alert)) => Some(event.detection(&alert, kind == "drop")),
        _ => {
            let activity = event.activity(&kind);
            // Others call a field so too; a kind that is new is Suricata's when its own fields stand beside it.
            let ours = || {
                ["flow_id", "pcap_cnt", "in_iface"]
                    .iter()
                    .any(|key| object.has(key))
            };
            (activity.kind != "other" || ours()).then_some(Record::Activity(activity))
        }
    }
}

/// The fields of an event that anybody asks for.
#[derive(Default)]
struct Event<'a> {
    time_us: Option<i64>,
    host: Option<Cow<'a, str>>,
    source: Endpoint<'a>,
    destination: Endpoint<'a>,
    alert: Option<Value<'a>>,
    verdict: Option<Value<'a>>,
    http: Option<Value<'a>>,
    file: Option<Value<'a>>,
    stats: Option<Value<'a>>,
}

impl<'a> Event<'a> {
    fn detection(self, alert: &Object<'a>, dropped: bool) -> Record<'a> {
        let mut found = Detection {
            time_us: self.time_us,
            device: self.host,
            source: self.source,
            destination: self.destination,
            ..Detection::default()
        };
        let (mut generator, mut signature) = (None, None);
        for (key, value) in &alert.fields {
            match *key {
                "action" => found.said = value.text().unwrap_or_default(),
                "gid" => generator = value.text(),
                "signature_id" => signature = value.text(),
                "signature" => found.title = value.text().unwrap_or_default(),
                "category" => found.category = value.text().unwrap_or_default(),
                "severity" => found.graded = value.text().unwrap_or_default(),
                _ => {}
            }
        }
        if let Some(signature) = signature {
            let generator = generator.unwrap_or(Cow::Borrowed("1"));
            found.rule = Cow::Owned([&*generator, ":", &*signature].concat());
        }
        found.severity = priority(&found.graded);
        let verdict = (self.verdict.and_then(Value::object)).and_then(|it| it.text("action"));
        found.action = match verdict {
            Some(verdict) => {
                let action = judged(&verdict);
                found.said = verdict;
                action
            }
            None if dropped => Action::Blocked,
            None => asked(&found.said),
        };
        found.file = named(self.file).or_else(|| address(self.http));
        detected(found)
    }

    fn activity(self, kind: &str) -> Activity<'a> {
        let (class_uid, kind) = known(kind);
        let packets = (self.stats.and_then(Value::object))
            .and_then(|stats| stats.object("capture"))
            .and_then(|capture| {
                let packets = capture.get("kernel_packets")?.integer()?;
                let lost = capture.get("kernel_drops").and_then(Value::integer);
                Some((packets, lost.unwrap_or(0)))
            });
        Activity {
            time_us: self.time_us,
            device: self.host,
            packets,
            ..activity(class_uid, kind)
        }
    }
}

/// The rule's action. `allowed` on an alert means that nobody was asked to stop it: it was seen and told.
fn asked(word: &str) -> Action {
    match word {
        "blocked" => Action::Blocked,
        "allowed" => Action::Detected,
        _ => Action::Unknown,
    }
}

/// The verdict on the packet.
fn judged(word: &str) -> Action {
    match word {
        "drop" | "reject" | "rejected" => Action::Blocked,
        "pass" => Action::Allowed,
        "alert" => Action::Detected,
        _ => Action::Unknown,
    }
}

/// 1 is the highest; `classification.config` knows 1 to 4.
pub(super) fn priority(said: &str) -> Severity {
    match said {
        "1" => Severity::High,
        "2" => Severity::Medium,
        "3" => Severity::Low,
        "4" => Severity::Informational,
        _ => Severity::Unknown,
    }
}

/// The name of the first file.
fn named<'a>(files: Option<Value<'a>>) -> Option<Cow<'a, str>> {
    let files = files?;
    let first = files.items().next().unwrap_or(files);
    first.object()?.text("filename")
}

/// Host and path of a request.
fn address<'a>(http: Option<Value<'a>>) -> Option<Cow<'a, str>> {
    let http = http?.object()?;
    match (http.text("hostname"), http.text("url")) {
        (Some(host), Some(url)) if url.starts_with('/') => {
            Some(Cow::Owned([&*host, &*url].concat()))
        }
        (_, Some(url)) => Some(url),
        (host, None) => host,
    }
}

/// Kinds of events and the class they fit; a kind that is new is `other`.
fn known(kind: &str) -> (u16, &'static str) {
    let network = [
        "drop",
        "anomaly",
        "flow",
        "netflow",
        "tls",
        "fileinfo",
        "smtp",
        "ssh",
        "smb",
        "rdp",
        "ftp",
        "ftp_data",
        "nfs",
        "tftp",
        "ike",
        "krb5",
        "dhcp",
        "snmp",
        "sip",
        "rfb",
        "mqtt",
        "quic",
        "dcerpc",
        "modbus",
        "dnp3",
        "enip",
        "ldap",
        "pgsql",
        "mdns",
        "websocket",
        "http2",
        "bittorrent_dht",
        "arp",
        "packet",
        "frame",
        "mysql",
        "pop3",
    ];
    let found = |list: &[&'static str]| list.iter().find(|name| **name == kind).copied();
    match kind {
        "http" => (class::HTTP, "http"),
        "dns" => (class::DNS, "dns"),
        "stats" => (class::NONE, "stats"),
        "alert" => (class::NONE, "alert without a rule"),
        "engine" => (class::APPLICATION, "engine"),
        _ => match found(&network) {
            Some(name) => (class::NETWORK, name),
            None => (class::NONE, "other"),
        },
    }
}

/// `06/01/2026-09:00:00.123456  [Drop] [**] [1:2019401:3] title [**] [Classification: x] [Priority: 1] {TCP} 192.0.2.1:1 -> 192.0.2.2:2`, also behind
/// a syslog header without its own time.
pub(super) fn read_fast<'a>(line: &Line<'a>) -> Option<Record<'a>> {
    let (before, rest) = line.text.split_once('[')?;
    let mut said = "";
    let mut rest = rest;
    let mut id = "";
    // Marks in brackets until the id of the rule, such as [Drop] and [**].
    for _ in 0..4 {
        let (mark, after) = rest.split_once(']')?;
        if mark.split(':').count() == 3
            && mark
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte == b':')
        {
            (id, rest) = (mark, after);
            break;
        }
        if mark != "**" {
            said = mark;
        }
        rest = after.trim_start().strip_prefix('[')?;
    }
    let (head, tail) = rest.split_once("[Classification: ")?;
    let (category, tail) = tail.split_once(']')?;
    let graded = tail.split_once("[Priority: ")?.1.split(']').next()?;
    let (from, to) = tail.split_once("} ")?.1.split_once(" -> ")?;
    let (rule, _revision) = id.rsplit_once(':')?;
    Some(detected(Detection {
        time_us: stamp(before.trim(), line),
        title: Cow::Borrowed(head.trim().trim_end_matches("[**]").trim()),
        rule: Cow::Borrowed(rule),
        category: Cow::Borrowed(category),
        severity: priority(graded),
        graded: Cow::Borrowed(graded),
        action: match said {
            "Drop" => Action::Blocked,
            // It would have been dropped if the sensor stood in the way of the packet.
            "wDrop" => Action::Detected,
            "" => Action::Detected,
            _ => Action::Unknown,
        },
        said: Cow::Borrowed(said),
        source: endpoint(from),
        destination: endpoint(to.split(' ').next()?),
        ..Detection::default()
    }))
}

/// `06/01/2026-09:00:00.123456` in the sensor's own zone.
fn stamp(text: &str, line: &Line<'_>) -> Option<i64> {
    let (date, clock) = text.rsplit(' ').next()?.split_once('-')?;
    let (month_day, year) = date.rsplit_once('/')?;
    time::parts(&[year, "/", month_day].concat(), clock, "", line.receipt)
}

fn endpoint(text: &str) -> Endpoint<'_> {
    let (address, port) = text.rsplit_once(':').unwrap_or((text, ""));
    Endpoint {
        address: Some(Cow::Borrowed(address)),
        port: port.parse().ok(),
    }
}
