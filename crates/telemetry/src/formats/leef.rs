//! LEEF (Log Event Extended Format) 1.0 and 2.0, with the ways its delimiter is written wrong.

use std::borrow::Cow;

use super::{Line, activity, class, detected, header, paloalto, watchguard};
use crate::detection::{Action, Activity, Detection, Record, Why};
use crate::pairs::told;
use crate::{time, words};

pub(super) fn read<'a>(line: &Line<'a>) -> Option<Record<'a>> {
    let at = line.text.find("LEEF:").filter(|at| *at < 200)?;
    let mut head: [Cow<'a, str>; 5] = Default::default();
    let mut rest = &line.text[at + 5..];
    for field in &mut head {
        let Some(next) = header::field(rest) else {
            return Some(Record::Unknown(Why::Broken));
        };
        (*field, rest) = next;
    }
    let [version, vendor, _product, _release, event] = head;
    let (delimiter, rest) = delimiter(&version, rest);
    let mut found = Detection {
        rule: event,
        ..Detection::default()
    };
    let mut log = Log::default();
    for pair in rest.split(delimiter) {
        if let Some((key, value)) = pair.split_once('=') {
            log.take(&mut found, key.trim(), value.trim());
        }
    }
    found.time_us = time::epoch(log.time)
        .or_else(|| time::iso(log.time, line.receipt))
        .or_else(|| time::month_day(log.time, line.receipt).map(|(at, _)| at));
    if vendor == "Palo Alto Networks" {
        let kind = std::mem::take(&mut found.category);
        let named = std::mem::take(&mut found.rule);
        let subtype = Cow::Borrowed(log.subtype);
        return Some(paloalto::carried(found, (&kind, subtype), &named, log.site));
    }
    found.severity = words::out_of_ten(&found.graded);
    found.action = match words::action(&found.said) {
        Action::Unknown if found.said.is_empty() => Action::Detected,
        action => action,
    };
    let quiet = [
        "traffic",
        "system",
        "config",
        "userid",
        "url",
        "auth",
        "hipmatch",
        "globalprotect",
    ];
    let quiet = quiet
        .iter()
        .any(|word| found.category.eq_ignore_ascii_case(word));
    // Whoever tells neither a category nor a severity tells of traffic.
    let ungraded = found.category.is_empty() && found.graded.is_empty();
    let finding = match &*vendor {
        "WatchGuard" => watchguard::is_finding(&found.rule, log.signature, log.title, found.action),
        _ => !ungraded && (!quiet || found.action == Action::Blocked),
    };
    if !finding {
        return Some(Record::Activity(Activity {
            time_us: found.time_us,
            device: found.device,
            ..activity(class::NETWORK, "event")
        }));
    }
    let title = told(log.signature).or_else(|| told(log.title));
    found.title = title.map_or_else(|| found.rule.clone(), Cow::Borrowed);
    Some(detected(found))
}

#[derive(Default)]
struct Log<'a> {
    time: &'a str,
    title: &'a str,
    subtype: &'a str,
    /// Of a URL.
    site: &'a str,
    signature: &'a str,
}

impl<'a> Log<'a> {
    fn take(&mut self, found: &mut Detection<'a>, key: &str, value: &'a str) {
        let text = || told(value).map(Cow::Borrowed);
        match key {
            "devTime" => self.time = value,
            "name" | "msg" | "threatName" | "ThreatName" | "malwareName"
                if self.title.is_empty() =>
            {
                self.title = value
            }
            "sev" | "Severity" | "severity" if found.graded.is_empty() => {
                found.graded = Cow::Borrowed(value)
            }
            "cat" => found.category = Cow::Borrowed(value),
            "Subtype" => self.subtype = value,
            "URLCategory" => self.site = value,
            "signature_name" | "virus" | "malware" => self.signature = value,
            "action" | "act" | "status" | "disp" if found.said.is_empty() => {
                found.said = Cow::Borrowed(value)
            }
            "src" => found.source.address = text(),
            "srcPort" => found.source.port = value.parse().ok(),
            "dst" => found.destination.address = text(),
            "dstPort" => found.destination.port = value.parse().ok(),
            "usrName" if found.user.is_none() => found.user = text(),
            "SerialNumber" | "serial" | "identHostName" | "deviceName" | "devName"
            | "computerName"
                if found.device.is_none() =>
            {
                found.device = text()
            }
            "filePath" | "fileName" | "url" | "resource" if found.file.is_none() => {
                found.file = text()
            }
            "RepeatCount" | "count" => found.count = value.parse().unwrap_or(1),
            _ => {}
        }
    }
}

/// LEEF 1.0 separates by tabs; 2.0 has a field for it, seen as `^`, `0x5E`, `x5E`, empty, or not there at all. PAN-OS writes bars and says 1.0.
fn delimiter<'a>(version: &str, rest: &'a str) -> (char, &'a str) {
    if version.trim().starts_with('2')
        && let Some((field, after)) = rest.split_once('|')
        && let Some(sign) = sign(field)
    {
        return (sign, after);
    }
    let tabs = rest.contains('\t');
    (
        if !tabs && rest.contains('|') {
            '|'
        } else {
            '\t'
        },
        rest,
    )
}

fn sign(field: &str) -> Option<char> {
    let mut letters = field.chars();
    match (letters.next(), letters.next()) {
        (None, _) => Some('\t'),
        (Some(sign), None) => Some(sign),
        _ => {
            let digits = field
                .strip_prefix("0x")
                .or_else(|| field.strip_prefix('x'))?;
            u32::from_str_radix(digits, 16)
                .ok()
                .and_then(char::from_u32)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delimiters_are_found_however_they_are_written() {
        let table = [
            ("1.0", "a=b\tc=d", '\t', "a=b\tc=d"),
            ("1.0", "cat=T|a=b", '|', "cat=T|a=b"),
            ("2.0", "^|a=b^c=d", '^', "a=b^c=d"),
            ("2.0", "0x5E|a=b^c=d", '^', "a=b^c=d"),
            ("2.0", "x5E|a=b", '^', "a=b"),
            ("2.0", "|a=b\tc=d", '\t', "a=b\tc=d"),
            ("2.0", "a=b\tc=d", '\t', "a=b\tc=d"),
            ("2.0", "", '\t', ""),
        ];
        for (version, text, sign, rest) in table {
            assert_eq!(delimiter(version, text), (sign, rest), "{text}");
        }
    }
}
