//! CEF (Common Event Format) 0 and 1: `CEF:0|Vendor|Product|Version|Class|Name|Severity|key=value …`, whoever writes it.

use std::borrow::Cow;

use super::{Line, activity, class, detected, header, paloalto};
use crate::detection::{Action, Activity, Detection, Record, Severity, Why};
use crate::pairs::told;
use crate::{time, words};

/// Words of events that nobody has to look at unless a word of a finding stands beside them.
const QUIET: [&str; 16] = [
    "traffic",
    "flow",
    "connection",
    "session",
    "login",
    "logout",
    "logon",
    "system",
    "audit",
    "config",
    "heartbeat",
    "update",
    "accessed",
    "dhcp",
    "vpn",
    "connected",
];
/// Words of findings.
const FINDING: [&str; 20] = [
    "threat",
    "malware",
    "virus",
    "intrusion",
    "attack",
    "exploit",
    "ransom",
    "phish",
    "botnet",
    "suspicious",
    ":ips",
    " ips ",
    " ids ",
    "detect",
    "block",
    "prevent",
    "spyware",
    "vulnerab",
    "trojan",
    "anomaly",
];

pub(super) fn read<'a>(line: &Line<'a>) -> Option<Record<'a>> {
    let at = line.text.find("CEF:").filter(|at| *at < 200)?;
    let mut head: [Cow<'a, str>; 7] = Default::default();
    // FortiGate writes a blank behind the colon.
    let mut rest = line.text[at + 4..].trim_start_matches(' ');
    if !rest.starts_with(|version: char| version.is_ascii_digit()) {
        return None;
    }
    for field in &mut head {
        let Some(next) = header::field(rest) else {
            return Some(Record::Unknown(Why::Broken));
        };
        (*field, rest) = next;
    }
    let [_, vendor, product, _version, class_id, name, severity] = head;
    let mut found = Detection {
        title: name,
        rule: class_id,
        severity: words::out_of_ten(&severity),
        graded: severity,
        ..Detection::default()
    };
    let mut more = Extension::default();
    for (key, value) in (Pairs { rest }) {
        more.take(&mut found, key, value, line);
    }
    if vendor == "Palo Alto Networks" {
        let (kind, subtype) = (found.title.clone(), found.rule.clone());
        let named = found.category.clone();
        let site = more.site.unwrap_or_default();
        return Some(paloalto::carried(found, (&kind, subtype), &named, &site));
    }
    if vendor == "Trend Micro" && words::any(&product, &["apex central", "control manager"]) {
        return Some(more.of_apex_central(found));
    }
    Some(more.finished(found, &vendor))
}

/// Beginnings of the classes by which Apex Central tells what an agent found.
const APEX_FINDINGS: [&str; 10] = [
    "AV:", "WB:", "SPY", "BM:", "NCIE:", "CnC:", "PML:", "FH:", "VAN:", "CS:",
];

/// What is decided when all is read.
#[derive(Default)]
struct Extension<'a> {
    outcome: Option<Cow<'a, str>>,
    url: Option<Cow<'a, str>>,
    message: Option<Cow<'a, str>>,
    /// Of a URL, as PAN-OS puts it.
    site: Option<Cow<'a, str>>,
}

impl<'a> Extension<'a> {
    fn take(&mut self, found: &mut Detection<'a>, key: &'a str, value: &'a str, line: &Line<'a>) {
        let text = || told(value).map(plain);
        match key {
            "rt" | "end" | "start" | "eventtime" | "FTNTFGTeventtime" | "deviceCustomDate1"
            | "UNIFIutcTime"
                if found.time_us.is_none() =>
            {
                found.time_us = time::epoch(value)
                    .or_else(|| time::iso(value, line.receipt))
                    .or_else(|| time::month_day(value, line.receipt).map(|(at, _)| at));
            }
            "deviceExternalId" | "dvchost" | "dvc" | "UNIFIhost" | "deviceHostFqdn"
                if found.device.is_none() =>
            {
                found.device = text()
            }
            "src" | "sourceAddress" | "UNIFIclientIp" | "c6a2"
                if found.source.address.is_none() =>
            {
                found.source.address = text()
            }
            "shost" | "sourceHostName" if found.device.is_none() => found.device = text(),
            "spt" => found.source.port = value.trim().parse().ok(),
            "dst" | "c6a3" if found.destination.address.is_none() => {
                found.destination.address = text()
            }
            "dhost" if found.destination.address.is_none() => found.destination.address = text(),
            "dpt" => found.destination.port = value.trim().parse().ok(),
            "act" | "UNIFIaction" | "threatMitigationStatusLabel" | "threatMitigationStatus" => {
                found.said = text().unwrap_or_default()
            }
            "outcome" => self.outcome = text(),
            "cat" | "UNIFIcategory" | "threatClassification" => {
                found.category = text().unwrap_or_default()
            }
            "suser" | "duser" | "sourceUserName" if found.user.is_none() => found.user = text(),
            // Some write the folder only, which says less than the file's name.
            "filePath" if found.file.is_none() || !is_folder(value) => found.file = text(),
            "fname" | "fileName" if found.file.as_deref().is_none_or(is_folder) => {
                found.file = text()
            }
            "request" => self.url = text(),
            "cnt" => found.count = value.trim().parse().unwrap_or(1),
            "externalId" => found.alert_id = text(),
            "msg" => self.message = text(),
            "cs2" => self.site = text(),
            _ => {}
        }
    }

    /// Its severity is 3 whatever happened, so nothing is graded.
    fn of_apex_central(self, mut found: Detection<'a>) -> Record<'a> {
        found.severity = Severity::Unknown;
        if found.rule.starts_with("WB:") {
            found.title = Cow::Borrowed("Web security violation");
            found.category = Cow::Borrowed("web");
        }
        let finding = APEX_FINDINGS.iter().any(|one| found.rule.starts_with(one));
        if !finding {
            return self.finished(found, "Trend Micro");
        }
        found.file = found.file.or(self.url);
        found.action = match words::action(&found.said) {
            Action::Unknown if found.said.is_empty() => Action::Detected,
            action => action,
        };
        detected(found)
    }

    fn finished(self, mut found: Detection<'a>, vendor: &str) -> Record<'a> {
        found.file = found.file.or(self.url);
        if found.said.is_empty() {
            found.said = self.outcome.unwrap_or_default();
        }
        found.action = words::action(&found.said);
        if found.action == Action::Unknown {
            // Some products put what was done into the name: `Threat Detected and Blocked`.
            let named = [
                ("block", Action::Blocked),
                ("prevent", Action::Blocked),
                ("detect", Action::Detected),
            ];
            let named = named
                .iter()
                .find(|(word, _)| words::any(&found.title, &[word]));
            if let Some((word, action)) = named.filter(|_| found.said.is_empty()) {
                (found.action, found.said) = (*action, Cow::Borrowed(*word));
            }
        }
        if found.title.is_empty() {
            found.title = self.message.unwrap_or_else(|| found.rule.clone());
        }
        let about = [
            " ",
            &*found.rule,
            " ",
            &*found.title,
            " ",
            &*found.category,
            " ",
        ]
        .concat();
        let grave = found.severity >= Severity::High;
        let spoken = words::any(&about, &FINDING);
        let quiet = words::any(&about, &QUIET) || found.severity < Severity::Medium;
        if grave || spoken || !quiet {
            return detected(found);
        }
        let kind = if vendor == "Ubiquiti" {
            "unifi"
        } else {
            "event"
        };
        Record::Activity(Activity {
            time_us: found.time_us,
            device: found.device,
            ..activity(class::NONE, kind)
        })
    }
}

fn is_folder(path: &str) -> bool {
    path.ends_with(['/', '\\'])
}

/// `\=`, `\\`, `\n` and `\r` of an extension.
fn plain(value: &str) -> Cow<'_, str> {
    if !value.contains('\\') {
        return Cow::Borrowed(value);
    }
    let mut out = String::with_capacity(value.len());
    let mut letters = value.chars().peekable();
    while let Some(letter) = letters.next() {
        match (letter, letters.peek()) {
            ('\\', Some('=' | '\\' | '|')) => out.extend(letters.next()),
            ('\\', Some('n' | 'r')) => {
                letters.next();
                out.push('\n');
            }
            _ => out.push(letter),
        }
    }
    Cow::Owned(out)
}

/// `key=value key=value`: a value has blanks and ends where the next key begins; `\=` is none, and neither is the `=` in a URL that nobody hid.
struct Pairs<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Pairs<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<(&'a str, &'a str)> {
        let (key, after) = self.rest.split_once('=')?;
        let key = key.trim();
        let bytes = after.as_bytes();
        let mut from = 0;
        let end = loop {
            let Some(at) = bytes
                .get(from..)
                .and_then(|rest| memchr::memchr(b'=', rest))
            else {
                break after.len();
            };
            let equals = from + at;
            // Back over the word before the sign: it is a key when a blank stands before it and all its letters are a key's.
            let word = (bytes[..equals].iter())
                .rposition(|byte| !byte.is_ascii_alphanumeric() && *byte != b'_' && *byte != b'.');
            match word {
                Some(blank) if bytes[blank] == b' ' && blank + 1 < equals => break blank,
                _ => from = equals + 1,
            }
        };
        self.rest = &after[end..];
        Some((key, after[..end].trim()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_end_where_the_next_key_begins() {
        let read = |rest: &'static str| Pairs { rest }.collect::<Vec<_>>();
        assert_eq!(
            read(
                r"src=192.0.2.1 msg=two words \= one request=http://x.example.jp/?a=b&c=d act=blocked"
            ),
            [
                ("src", "192.0.2.1"),
                ("msg", r"two words \= one"),
                ("request", "http://x.example.jp/?a=b&c=d"),
                ("act", "blocked"),
            ]
        );
        assert_eq!(read("a= b=c"), [("a", ""), ("b", "c")]);
        assert_eq!(read(""), []);
        assert_eq!(plain(r"a\=b\\c\nd\x"), "a=b\\c\nd\\x");
    }
}
