//! Check Point Quantum (R80.20 to R82, Log Exporter): `[action:"Prevent"; product:"SmartDefense"; …]` in RFC 5424, or pairs between bars.

use std::borrow::Cow;

use super::{Line, activity, class, detected};
use crate::detection::{Action, Activity, Detection, Endpoint, Record, Severity};
use crate::pairs::told;
use crate::{time, words};

/// Blades whose logs are findings whatever was done.
const BLADES: [&str; 10] = [
    "smartdefense",
    "ips",
    "anti-virus",
    "anti-bot",
    "anti malware",
    "threat emulation",
    "new anti virus",
    "zero phishing",
    "forensics",
    "anti-ransomware",
];

pub(super) fn read<'a>(line: &Line<'a>) -> Option<Record<'a>> {
    let text = line.text;
    let bracketed = text.starts_with('[')
        && (line.envelope.program == Some("CheckPoint")
            || text.contains("loguid:\"")
            || text.contains("product:\""));
    let barred = text.contains("|product=") && text.contains("|loguid=");
    if !(bracketed || barred) {
        return None;
    }
    let mut log = Log::default();
    if bracketed {
        quoted(text.trim_start_matches('['), &mut log);
    } else {
        (text.split('|').filter_map(|pair| pair.split_once('=')))
            .for_each(|(key, value)| log.take(key, value));
    }
    let time_us = time::epoch(log.time).or_else(|| time::iso(log.time, line.receipt));
    let device = told(log.origin).map(Cow::Borrowed);
    Some(match log.detection() {
        Some(found) => detected(Detection {
            time_us,
            device,
            ..found
        }),
        None => {
            let (class_uid, kind) = known(log.product);
            Record::Activity(Activity {
                time_us,
                device,
                ..activity(class_uid, kind)
            })
        }
    })
}

/// `key:"value"; key:"value"` with `\"` for a quote in a value.
fn quoted<'a>(text: &'a str, log: &mut Log<'a>) {
    let mut rest = text;
    while let Some((key, after)) = rest.split_once(":\"") {
        let mut end = 0;
        let bytes = after.as_bytes();
        loop {
            match bytes
                .get(end..)
                .and_then(|bytes| memchr::memchr2(b'"', b'\\', bytes))
            {
                Some(at) if bytes[end + at] == b'"' => {
                    end += at;
                    break;
                }
                Some(at) => end += at + 2,
                None => {
                    end = after.len();
                    break;
                }
            }
        }
        let key = key.rsplit([';', ' ', '[']).next().unwrap_or(key);
        log.take(key, &after[..end]);
        rest = after.get(end + 1..).unwrap_or_default();
    }
}

#[derive(Default)]
struct Log<'a> {
    time: &'a str,
    origin: &'a str,
    product: &'a str,
    action: &'a str,
    attack: &'a str,
    protection: &'a str,
    rule: &'a str,
    kind: &'a str,
    severity: &'a str,
    source: Endpoint<'a>,
    destination: Endpoint<'a>,
    country: &'a str,
    user: &'a str,
    file: &'a str,
    id: &'a str,
}

impl<'a> Log<'a> {
    fn take(&mut self, key: &'a str, value: &'a str) {
        let address = || told(value).map(Cow::Borrowed);
        match key {
            "time" => self.time = value,
            "origin_sic_name" | "hostname" if self.origin.is_empty() => self.origin = value,
            "origin" => self.origin = value,
            "product" => self.product = value,
            "action" => self.action = value,
            "attack" | "attack_info" if self.attack.is_empty() => self.attack = value,
            "protection_name" | "malware_family" if self.protection.is_empty() => {
                self.protection = value
            }
            "protection_id" | "signature_id" if self.rule.is_empty() => self.rule = value,
            "protection_type" | "malware_action" | "appi_name" if self.kind.is_empty() => {
                self.kind = value
            }
            "severity" => self.severity = value,
            "src" => self.source.address = address(),
            "s_port" => self.source.port = value.parse().ok(),
            "dst" => self.destination.address = address(),
            "service" => self.destination.port = value.parse().ok(),
            "src_country" | "dst_country" if self.country.is_empty() => self.country = value,
            "src_user_name" | "user" if self.user.is_empty() => self.user = value,
            "file_name" | "resource" if self.file.is_empty() => self.file = value,
            "loguid" => self.id = value,
            _ => {}
        }
    }

    fn done(&self) -> Action {
        match self.action {
            "Prevent" | "Reject" | "Drop" | "Block" | "IPS Block" => Action::Blocked,
            "Bypass" | "Accept" | "Allow" | "Ask User" | "Inform User" => Action::Allowed,
            word => words::action(word),
        }
    }

    fn detection(&self) -> Option<Detection<'a>> {
        let blade = BLADES
            .iter()
            .any(|blade| self.product.eq_ignore_ascii_case(blade));
        let named = told(self.protection).is_some() || told(self.attack).is_some();
        let site = words::any(self.product, &["url filtering", "application control"])
            && self.done() == Action::Blocked;
        if !(blade || named || site) {
            return None;
        }
        let title = [self.protection, self.attack, self.kind, self.product];
        Some(Detection {
            title: Cow::Borrowed(title.into_iter().find_map(told).unwrap_or_default()),
            rule: Cow::Borrowed(self.rule),
            category: Cow::Borrowed(self.product),
            severity: severity(self.severity),
            graded: Cow::Borrowed(self.severity),
            action: self.done(),
            said: Cow::Borrowed(self.action),
            source: self.source.clone(),
            destination: self.destination.clone(),
            country: told(self.country).map(Cow::Borrowed),
            user: told(self.user).map(Cow::Borrowed),
            file: told(self.file).map(Cow::Borrowed),
            alert_id: told(self.id).map(Cow::Borrowed),
            ..Detection::default()
        })
    }
}

/// 0 informational … 4 critical, or the word.
fn severity(said: &str) -> Severity {
    match said {
        "0" => Severity::Informational,
        "1" => Severity::Low,
        "2" => Severity::Medium,
        "3" => Severity::High,
        "4" => Severity::Critical,
        word => words::severity(word),
    }
}

fn known(product: &str) -> (u16, &'static str) {
    match product {
        "VPN-1 & FireWall-1" | "Firewall" | "VPN" => (class::NETWORK, "firewall"),
        "URL Filtering" | "Application Control" => (class::HTTP, "web"),
        "Identity Awareness" | "Mobile Access" => (class::AUTHENTICATION, "authentication"),
        "System Monitor" | "SmartConsole" | "WEB_API" => (class::APPLICATION, "management"),
        _ => (class::NONE, "other"),
    }
}
