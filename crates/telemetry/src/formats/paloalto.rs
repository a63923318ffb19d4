//! PAN-OS 8.1 to 11.x: a list between commas whose positions follow from its type; Panorama's and Cortex's JSON of the same fields.
//!
//! The first 40 places of THREAT and TRAFFIC have stood since PAN-OS 6; later versions only append.

use std::borrow::Cow;

use super::{Line, activity, class, detected};
use crate::detection::{Action, Activity, Detection, Endpoint, Record, Why};
use crate::json::Object;
use crate::pairs::told;
use crate::{time, words};

/// More fields than any version writes.
const MOST_FIELDS: usize = 256;

/// Kinds of THREAT that are findings whatever was done; `url`, `file` and `data` are when something was stopped.
const FINDINGS: [&str; 14] = [
    "virus",
    "spyware",
    "vulnerability",
    "flood",
    "scan",
    "packet",
    "wildfire",
    "wildfire-virus",
    "ml-virus",
    "ml-c2",
    "dns",
    "dns-c2",
    "exploit",
    "malware",
];

/// Categories of URLs that are a finding even when they were let through.
const BAD_CATEGORIES: [&str; 7] = [
    "malware",
    "phishing",
    "command-and-control",
    "c2",
    "ransomware",
    "grayware",
    "hacking",
];

pub(super) fn read<'a>(line: &Line<'a>) -> Option<Record<'a>> {
    let mut fields = Fields {
        rest: Some(line.text),
    };
    let _version = fields.next()?;
    let received = fields.next()?;
    let serial = fields.next()?;
    let kind = fields.next()?;
    let class = known(kind)?;
    let subtype = fields.next()?;
    let _config = fields.next();
    let generated = fields.next().unwrap_or_default();
    let rest: Vec<&str> = fields.take(MOST_FIELDS).collect();
    // The last fields of newer versions have the time with its zone and fraction.
    let exact = rest
        .iter()
        .skip(60)
        .find(|text| text.len() > 20 && text.as_bytes()[10] == b'T');
    let time_us = exact
        .and_then(|text| time::iso(text, line.receipt))
        .or_else(|| time::iso(generated, line.receipt))
        .or_else(|| time::iso(received, line.receipt));
    let device = told(serial).map(Cow::Borrowed);
    let at = |position: usize| rest.get(position - 7).copied().unwrap_or_default();
    let found = match kind {
        // Up to the severity everything is written by every version.
        "THREAT" if rest.len() < 28 => return Some(Record::Unknown(Why::Broken)),
        "THREAT" => threat(subtype, &at),
        "CORRELATION" => Some(correlation(&at)),
        _ => None,
    };
    Some(match found {
        Some(found) => detected(Detection {
            time_us,
            device,
            ..found
        }),
        None => Record::Activity(Activity {
            time_us,
            device,
            ..activity(class, named(kind, subtype))
        }),
    })
}

/// Whether a THREAT of this subtype, of a URL or file of this category, is a finding.
fn is_finding(subtype: &str, action: Action, category: &str) -> bool {
    let malicious = BAD_CATEGORIES.iter().any(|bad| category.contains(bad));
    let benign = subtype == "wildfire" && category == "benign";
    FINDINGS.contains(&subtype) && !benign
        || action == Action::Blocked
        || subtype == "url" && malicious
}

fn threat<'a>(subtype: &'a str, at: &dyn Fn(usize) -> &'a str) -> Option<Detection<'a>> {
    let (said, category) = (at(30), at(33));
    let action = done(said);
    let (name, id) = numbered(at(32));
    is_finding(subtype, action, category).then(|| Detection {
        title: Cow::Borrowed(told(name).unwrap_or_else(|| told(category).unwrap_or(subtype))),
        rule: Cow::Borrowed(id),
        category: Cow::Borrowed(subtype),
        severity: words::severity(at(34)),
        graded: Cow::Borrowed(at(34)),
        action,
        said: Cow::Borrowed(said),
        source: Endpoint {
            address: told(at(7)).map(Cow::Borrowed),
            port: port(at(24)),
        },
        destination: Endpoint {
            address: told(at(8)).map(Cow::Borrowed),
            port: port(at(25)),
        },
        country: outer([at(38), at(39)]),
        user: told(at(12)).or_else(|| told(at(13))).map(Cow::Borrowed),
        file: told(at(31)).map(once),
        count: at(23).parse().unwrap_or(1),
        ..Detection::default()
    })
}

/// What CEF and LEEF carry of a log of this type and subtype: its threat as `Name(id)` and the category of its URL. Severities are numbers from 1,
/// informational, to 5, critical.
pub(super) fn carried<'a>(
    mut found: Detection<'a>,
    (kind, subtype): (&str, Cow<'a, str>),
    threat: &str,
    site: &str,
) -> Record<'a> {
    let kind = kind.to_ascii_uppercase();
    found.action = done(&found.said);
    let finding = kind == "THREAT" && is_finding(&subtype, found.action, site);
    if !(finding || kind == "CORRELATION") {
        return Record::Activity(Activity {
            time_us: found.time_us,
            device: found.device,
            ..activity(known(&kind).unwrap_or(class::NONE), named(&kind, &subtype))
        });
    }
    let (name, id) = numbered(threat);
    let title = [name, site, &*subtype].into_iter().find_map(told);
    found.title = Cow::Owned(title.unwrap_or_default().to_owned());
    found.rule = Cow::Owned(id.to_owned());
    found.severity = words::out_of_five(&found.graded);
    found.category = subtype;
    detected(found)
}

/// Source, user, virtual system, category and severity begin at 7; name and id of the object stand at 19.
fn correlation<'a>(at: &dyn Fn(usize) -> &'a str) -> Detection<'a> {
    Detection {
        title: Cow::Borrowed(
            told(at(19))
                .or_else(|| told(at(10)))
                .unwrap_or("correlation"),
        ),
        rule: Cow::Borrowed(at(20)),
        category: Cow::Borrowed("correlation"),
        severity: words::severity(at(11)),
        graded: Cow::Borrowed(at(11)),
        action: Action::Detected,
        source: Endpoint {
            address: told(at(7)).map(Cow::Borrowed),
            port: None,
        },
        user: told(at(8)).map(Cow::Borrowed),
        ..Detection::default()
    }
}

/// `SSH Brute Force(40015)` as name and id.
fn numbered(text: &str) -> (&str, &str) {
    let split = || text.strip_suffix(')')?.rsplit_once('(');
    split().unwrap_or((text, text))
}

/// Two quotes of a quoted field are one.
fn once(text: &str) -> Cow<'_, str> {
    match text.contains("\"\"") {
        true => Cow::Owned(text.replace("\"\"", "\"")),
        false => Cow::Borrowed(text),
    }
}

/// The port 0 means that there is none.
fn port(text: &str) -> Option<u16> {
    text.parse().ok().filter(|port| *port > 0)
}

fn done(word: &str) -> Action {
    match word {
        "block-continue" | "block-override" | "drop-all-packets" | "random-drop"
        | "syncookie-sent" | "drop-icmp" => Action::Blocked,
        "override" | "override-lockout" | "wildfire-upload-success" | "upload" => Action::Allowed,
        word => words::action(word),
    }
}

fn outer<'a>(countries: [&'a str; 2]) -> Option<Cow<'a, str>> {
    (countries.into_iter().filter_map(told))
        .find(|name| is_country(name))
        .map(Cow::Borrowed)
}

/// Private ranges stand where the country of an own address would.
fn is_country(name: &str) -> bool {
    !name.starts_with(|first: char| first.is_ascii_digit()) && name != "Reserved"
}

fn known(kind: &str) -> Option<u16> {
    Some(match kind {
        "TRAFFIC" | "THREAT" | "DECRYPTION" | "GTP" | "SCTP" | "TUNNEL" => class::NETWORK,
        "USERID" | "GLOBALPROTECT" | "AUTHENTICATION" | "HIPMATCH" | "HIP-MATCH" | "IPTAG" => {
            class::AUTHENTICATION
        }
        "SYSTEM" | "CONFIG" | "AUDIT" => class::APPLICATION,
        "CORRELATION" => class::NONE,
        _ => return None,
    })
}

fn named(kind: &str, subtype: &str) -> &'static str {
    match (kind, subtype) {
        ("TRAFFIC", "drop" | "deny") => "traffic.denied",
        ("TRAFFIC", _) => "traffic",
        ("THREAT", "url") => "threat.url",
        ("THREAT", _) => "threat.file",
        ("DECRYPTION", _) => "decryption",
        ("USERID", _) => "user-id",
        ("GLOBALPROTECT", _) => "globalprotect",
        ("AUTHENTICATION", _) => "authentication",
        ("HIPMATCH" | "HIP-MATCH", _) => "hip-match",
        ("SYSTEM", _) => "system",
        ("CONFIG" | "AUDIT", _) => "config",
        _ => "other",
    }
}

/// Panorama's log queries and Cortex's forwarding write the same fields by name.
pub(super) fn read_json<'a>(object: &Object<'a>, line: &Line<'a>) -> Option<Record<'a>> {
    let kind = object
        .first(&["type", "LogType", "log_type"])?
        .to_ascii_uppercase();
    let class = known(&kind)?;
    let serial = object.first(&["serial", "DeviceSN", "log_source_id", "device_name"])?;
    let said = object.first(&[
        "time_generated",
        "TimeGenerated",
        "generated_time",
        "receive_time",
    ]);
    let time_us = said.and_then(|at| time::iso(&at, line.receipt));
    let subtype = object
        .first(&["subtype", "Subtype", "sub_type"])
        .unwrap_or_default();
    let word = object.first(&["action", "Action"]).unwrap_or_default();
    let action = done(&word);
    let finding = kind == "THREAT" && (FINDINGS.contains(&&*subtype) || action == Action::Blocked);
    if !finding {
        return Some(Record::Activity(Activity {
            time_us,
            device: Some(serial),
            ..activity(class, named(&kind, &subtype))
        }));
    }
    let graded = object
        .first(&["severity", "Severity", "VendorSeverity"])
        .unwrap_or_default();
    let title = object.first(&[
        "threatid",
        "threat_name",
        "ThreatName",
        "ThreatID",
        "category",
    ]);
    let end = |address: [&str; 2], port: [&str; 2]| Endpoint {
        address: object.first(&address),
        port: object.first(&port).and_then(|port| port.parse().ok()),
    };
    Some(detected(Detection {
        time_us,
        device: Some(serial),
        title: title.unwrap_or_else(|| subtype.clone()),
        rule: object
            .first(&["tid", "threat_id", "ThreatID"])
            .unwrap_or_default(),
        category: subtype,
        severity: words::severity(&graded),
        graded,
        action,
        said: word,
        source: end(["src", "SourceAddress"], ["sport", "SourcePort"]),
        destination: end(["dst", "DestinationAddress"], ["dport", "DestinationPort"]),
        country: (object.first(&["srcloc", "SourceLocation"])).filter(|name| is_country(name)),
        user: object.first(&["srcuser", "SourceUser"]),
        file: object.first(&["misc", "FileName", "URL"]),
        ..Detection::default()
    }))
}

/// Fields between commas; a quoted field may have commas, and two quotes for one.
struct Fields<'a> {
    rest: Option<&'a str>,
}

impl<'a> Iterator for Fields<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let text = self.rest?;
        let Some(quoted) = text.strip_prefix('"') else {
            let (field, rest) = match text.split_once(',') {
                Some((field, rest)) => (field, Some(rest)),
                None => (text, None),
            };
            self.rest = rest;
            return Some(field.trim());
        };
        let mut at = 0;
        let end = loop {
            let Some(quote) = memchr::memchr(b'"', &quoted.as_bytes()[at..]) else {
                break quoted.len();
            };
            at += quote + 1;
            match quoted.as_bytes().get(at) {
                Some(b'"') => at += 1,
                _ => break at - 1,
            }
        };
        let after = quoted.get(end + 1..).unwrap_or_default();
        self.rest = after.split_once(',').map(|(_, rest)| rest);
        Some(&quoted[..end])
    }
}
