//! WatchGuard Firebox (Fireware 12.x): words by position, then `key="value"`; `msg_id` says what a line is.

use std::borrow::Cow;
use std::net::IpAddr;

use super::{Line, activity, class, detected};
use crate::detection::{Action, Activity, Detection, Endpoint, Record};
use crate::pairs::{pairs, told};
use crate::{time, words};

pub(super) fn read<'a>(line: &Line<'a>) -> Option<Record<'a>> {
    let text = line.text;
    let at = text.find("msg_id=\"")?;
    let (id, message) = text[at + 8..].split_once('"')?;
    if !(id.len() == 9 && id.as_bytes()[4] == b'-') {
        return None;
    }
    let time_us = clock(&text[..at], line);
    let message = message.trim();
    let device = serial(&text[..at], line)
        .or(line.envelope.host)
        .map(Cow::Borrowed);
    let words_of = Words::of(message);
    let Some(found) = detection(id, message, &words_of) else {
        let (class_uid, kind) = known(id, words_of.done);
        return Some(Record::Activity(Activity {
            time_us,
            device,
            ..activity(class_uid, kind)
        }));
    };
    Some(detected(Detection {
        time_us,
        device,
        ..found
    }))
}

/// `(2026-06-01T00:00:00)`, which is UTC whatever the device shows elsewhere.
fn clock(before: &str, line: &Line<'_>) -> Option<i64> {
    let (_, rest) = before.split_once('(')?;
    let at = rest.split(')').next()?;
    time::iso(
        at,
        time::Receipt {
            offset_s: 0,
            ..line.receipt
        },
    )
}

/// The serial number, which stands before the time, before or behind a name; some write only the name.
fn serial<'a>(before: &'a str, line: &Line<'a>) -> Option<&'a str> {
    let (words, _) = before.split_once('(')?;
    let is_serial = |word: &&str| {
        let upper = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
        word.len() >= 9 && word.bytes().all(upper) && word.bytes().any(|byte| byte.is_ascii_digit())
    };
    let mut words = line
        .envelope
        .host
        .into_iter()
        .chain(words.split_whitespace());
    words.clone().find(is_serial).or_else(|| words.next_back())
}

/// What stands by position: `Deny 0-External Firebox 52 tcp 20 118 192.0.2.1 198.51.100.2 50100 443 …`.
struct Words<'a> {
    done: &'a str,
    source: Endpoint<'a>,
    destination: Endpoint<'a>,
}

impl<'a> Words<'a> {
    fn of(message: &'a str) -> Words<'a> {
        let done = message.split(' ').next().unwrap_or_default();
        let mut rest = message
            .split_whitespace()
            .skip_while(|word| address(word).is_none());
        let source = rest.next().and_then(address);
        let next = rest.next();
        // The second address follows at once, or behind `to`.
        let (destination, ports) = match next.and_then(address) {
            Some(destination) => (Some(destination), true),
            None if next == Some("to") => (rest.next().and_then(address), false),
            None => (None, false),
        };
        let mut port = || rest.next().and_then(|port| port.parse().ok());
        let (from, to) = if ports {
            (port(), port())
        } else {
            (None, None)
        };
        let end = |address: Option<&'a str>, port| Endpoint {
            address: address.map(Cow::Borrowed),
            port,
        };
        Words {
            done,
            source: end(source, from),
            destination: end(destination, to),
        }
    }
}

/// The address that a word is, without the sign that ends its sentence.
fn address(word: &str) -> Option<&str> {
    let word = word.trim_end_matches(['.', ',', ':']);
    word.parse::<IpAddr>().is_ok().then_some(word)
}

/// A sentence up to its first address: the same for every host.
fn kind_of(message: &str) -> &str {
    let first = message
        .split_whitespace()
        .find(|word| address(word.trim_start_matches("ip=")).is_some());
    let end = first
        .and_then(|word| message.find(word))
        .unwrap_or(message.len());
    let before = message[..end].trim_end_matches([' ', ',']);
    before.trim_end_matches(" from")
}

/// Words of events that tell an attack without a signature.
const ATTACKS: [&str; 8] = [
    "attack",
    "flood",
    "scan",
    "ddos",
    "blocked site",
    "temporarily blocking",
    "spoof",
    "botnet",
];

/// Lines of packet filters: names of policies, hosts and applications in them tell nothing.
fn is_traffic(id: &str) -> bool {
    matches!(id, "3000-0148" | "3000-0149" | "3000-0150" | "3000-0151")
}

fn tells_an_attack(id: &str, sentence: &str) -> bool {
    // 3001-1002 says that the list of blocked sites is full.
    id.starts_with("300") && id != "3001-1002" && words::any(sentence, &ATTACKS)
}

/// Whether an event that came as LEEF, whose id has no hyphen, is a finding.
pub(super) fn is_finding(event: &str, signature: &str, message: &str, action: Action) -> bool {
    let (Some(first), Some(last)) = (event.get(..4), event.get(4..)) else {
        return !signature.is_empty();
    };
    let id = [first, "-", last].concat();
    let proxied = first.ends_with("FF") && action == Action::Blocked;
    let told_so = match is_traffic(&id) {
        true => words::any(message, &["blocked site"]),
        false => tells_an_attack(&id, message),
    };
    !signature.is_empty() || proxied || told_so
}

fn detection<'a>(id: &'a str, message: &'a str, words_of: &Words<'a>) -> Option<Detection<'a>> {
    let mut found = Detection {
        rule: Cow::Borrowed(id),
        ..Detection::default()
    };
    let (mut text, mut signature, mut host, mut path) = ("", "", "", "");
    for (key, value) in pairs(message) {
        match key {
            "signature_name" | "virus" | "malware" => signature = value,
            "signature_id" => found.rule = Cow::Borrowed(value),
            "signature_cat" | "category" | "cats" => found.category = Cow::Borrowed(value),
            "severity" => found.graded = Cow::Borrowed(value),
            "msg" => text = value,
            "dstname" | "host" => host = value,
            "arg" | "path" | "file_name" | "filename" => path = value,
            "src_user" | "user" => found.user = told(value).map(Cow::Borrowed),
            "geo_src" | "geo_dst" if found.country.is_none() => {
                found.country = told(value).map(Cow::Borrowed)
            }
            _ => {}
        }
    }
    let stopped = words_of.done == "Deny"
        || ["ProxyDrop", "ProxyDeny", "ProxyBlock", "ProxyStrip"]
            .iter()
            .any(|word| text.starts_with(word));
    let proxied = stopped && text.starts_with("Proxy");
    // The name of a policy stands in brackets at the end and says nothing of what happened.
    let sentence = message
        .rsplit_once(" (")
        .map_or(message, |(before, _)| before);
    let told_so = match is_traffic(id) {
        true => words::any(text, &["blocked site"]),
        false => tells_an_attack(id, sentence),
    };
    if signature.is_empty() && !proxied && !told_so {
        return None;
    }
    let title = [signature, text, kind_of(message)]
        .into_iter()
        .find_map(told)
        .unwrap_or(id);
    found.title = Cow::Borrowed(title);
    found.severity = words::out_of_five(&found.graded);
    (found.action, found.said) = done(words_of.done, text, message);
    found.source = words_of.source.clone();
    found.destination = words_of.destination.clone();
    found.file = match (told(host), told(path)) {
        (Some(host), Some(path)) if path.starts_with('/') => {
            Some(Cow::Owned([host, path].concat()))
        }
        (host, path) => path.or(host).map(Cow::Borrowed),
    };
    Some(found)
}

fn done<'a>(word: &'a str, text: &'a str, message: &'a str) -> (Action, Cow<'a, str>) {
    if let Some((proxy, _)) = text
        .split_once(':')
        .filter(|(proxy, _)| proxy.starts_with("Proxy"))
    {
        let action = match proxy {
            "ProxyAllow" | "ProxyAvScan" => Action::Allowed,
            "ProxyReplace" | "ProxyStrip" => Action::Blocked,
            other => words::action(other),
        };
        return (action, Cow::Borrowed(proxy));
    }
    match words::action(word) {
        Action::Unknown if words::any(message, &["blocking", "blocked"]) => {
            (Action::Blocked, Cow::Borrowed("blocking"))
        }
        Action::Unknown => (Action::Detected, Cow::Borrowed("detected")),
        action => (action, Cow::Borrowed(word)),
    }
}

fn known(id: &str, done: &str) -> (u16, &'static str) {
    match (id.get(..4).unwrap_or_default(), done) {
        ("3000", "Allow") => (class::NETWORK, "traffic.allowed"),
        ("3000", "Deny") => (class::NETWORK, "traffic.denied"),
        ("3000" | "3001" | "3100", _) => (class::NETWORK, "network"),
        ("1100" | "3E00" | "0101", _) => (class::AUTHENTICATION, "authentication"),
        (proxy, _) if proxy.ends_with("FF") => (class::HTTP, "proxy"),
        _ => (class::APPLICATION, "event"),
    }
}
