//! Sophos Firewall (SFOS 17 to 21): `device="SFW" date=… log_type="IDP" …`, or the newer `device_name="SFW" timestamp=…`.

use std::borrow::Cow;

use super::{Line, activity, class, detected};
use crate::detection::{Action, Activity, Detection, Endpoint, Record};
use crate::pairs::{pairs, told, unquoted};
use crate::{time, words};

pub(super) fn read<'a>(line: &Line<'a>) -> Option<Record<'a>> {
    let text = line.text;
    if !(text.contains("log_type=") && text.contains("log_component=")) {
        return None;
    }
    let mut log = Log::default();
    for (key, value) in pairs(text) {
        log.take(key, value);
    }
    log.time_us = time::iso(log.timestamp, line.receipt)
        .or_else(|| time::parts(log.date, log.time, log.zone, line.receipt));
    Some(match log.is_finding() {
        true => log.detection(),
        false => Record::Activity(log.activity()),
    })
}

#[derive(Default)]
struct Log<'a> {
    time_us: Option<i64>,
    timestamp: &'a str,
    date: &'a str,
    time: &'a str,
    zone: &'a str,
    serial: &'a str,
    kind: &'a str,
    component: &'a str,
    subtype: &'a str,
    severity: &'a str,
    action: &'a str,
    rule: &'a str,
    title: &'a str,
    reason: &'a str,
    message: &'a str,
    category: &'a str,
    source: Endpoint<'a>,
    destination: Endpoint<'a>,
    country: &'a str,
    user: &'a str,
    file: &'a str,
    url: &'a str,
    domain: &'a str,
}

impl<'a> Log<'a> {
    fn take(&mut self, key: &'a str, value: &'a str) {
        let address = || told(value).map(Cow::Borrowed);
        match key {
            "timestamp" => self.timestamp = value,
            "date" => self.date = value,
            "time" => self.time = value,
            "timezone" => self.zone = value,
            "device_id" | "device_serial_id" => self.serial = value,
            "log_type" => self.kind = value,
            "log_component" => self.component = value,
            "log_subtype" => self.subtype = value,
            "severity" | "priority" if self.severity.is_empty() => self.severity = value,
            "action" | "av_action" => self.action = value,
            "signature_id" => self.rule = value,
            "signature_msg" | "virus" | "threatname" | "threat" | "malware"
                if self.title.is_empty() =>
            {
                self.title = told(value).unwrap_or_default()
            }
            "reason" => self.reason = value,
            "message" => self.message = value,
            "category" | "classification" if self.category.is_empty() => self.category = value,
            "src_ip" | "sourceip" => self.source.address = address(),
            "src_port" => self.source.port = value.parse().ok(),
            "dst_ip" | "destinationip" => self.destination.address = address(),
            "dst_port" => self.destination.port = value.parse().ok(),
            "src_country_code" | "src_country" => self.country = value,
            "dst_country_code" | "dst_country"
                if self.country.is_empty() || self.country == "R1" =>
            {
                self.country = value
            }
            "user_name" | "user" => self.user = value,
            "file_name" | "filename" | "file_path" => self.file = value,
            "url" => self.url = value,
            "domain" => self.domain = value,
            _ => {}
        }
    }

    fn is_finding(&self) -> bool {
        match self.kind {
            "IDP" | "ATP" | "Sandbox" | "Sandstorm" => !matches!(self.subtype, "Clean" | "Allowed"),
            "Anti-Virus" => self.subtype != "Clean" && self.subtype != "Allowed",
            "Anti-Spam" => !matches!(self.subtype, "Clean" | "Allowed" | "Outbound Clean"),
            "WAF" => told(self.reason).is_some(),
            "Content Filtering" => self.done().0 == Action::Blocked,
            _ => false,
        }
    }

    fn done(&self) -> (Action, &'a str) {
        if let Some(word) = told(self.action) {
            let action = words::action(word);
            if action != Action::Unknown {
                return (action, word);
            }
        }
        let action = match self.subtype {
            // A proxy that finds a virus does not hand it on.
            "Virus" | "PUA" | "Spam" | "Malicious" => Action::Blocked,
            "Detect" | "Probable Spam" | "Outbound Spam" | "Outbound Probable Spam" | "Alert" => {
                Action::Detected
            }
            word => words::action(word),
        };
        (action, self.subtype)
    }

    /// The file, or the address of what was asked for.
    fn object(&self) -> Option<Cow<'a, str>> {
        match (told(self.file), told(self.domain), told(self.url)) {
            (Some(file), ..) => Some(Cow::Borrowed(file)),
            (None, Some(domain), Some(url)) if url.starts_with('/') => {
                Some(Cow::Owned([domain, url].concat()))
            }
            (None, domain, url) => url.or(domain).map(Cow::Borrowed),
        }
    }

    fn detection(self) -> Record<'a> {
        let (action, said) = self.done();
        let title = [
            self.title,
            self.reason,
            self.message,
            self.category,
            self.subtype,
        ];
        detected(Detection {
            time_us: self.time_us,
            device: told(self.serial).map(Cow::Borrowed),
            title: unquoted(title.into_iter().find_map(told).unwrap_or(self.kind)),
            rule: Cow::Borrowed(self.rule),
            category: Cow::Borrowed(told(self.category).unwrap_or(self.kind)),
            severity: words::severity(self.severity),
            graded: Cow::Borrowed(self.severity),
            action,
            said: Cow::Borrowed(said),
            // R1 is Sophos' code for private addresses.
            country: told(self.country)
                .filter(|code| *code != "R1")
                .map(Cow::Borrowed),
            user: told(self.user).map(Cow::Borrowed),
            file: self.object(),
            source: self.source,
            destination: self.destination,
            ..Detection::default()
        })
    }

    fn activity(self) -> Activity<'a> {
        let (class_uid, kind) = match self.kind {
            "Firewall" => (class::NETWORK, "firewall"),
            "Content Filtering" => (class::HTTP, "web"),
            "SSL" | "SSL/TLS Filter" => (class::NETWORK, "tls"),
            "Event" if words::any(self.component, &["auth", "vpn"]) => {
                (class::AUTHENTICATION, "event.authentication")
            }
            "Event" => (class::APPLICATION, "event"),
            "System Health" => (class::APPLICATION, "health"),
            "Wireless Protection" => (class::NETWORK, "wireless"),
            "Heartbeat" => (class::APPLICATION, "heartbeat"),
            "Anti-Virus" | "Anti-Spam" | "Sandbox" | "WAF" => (class::NETWORK, "clean"),
            _ => (class::NONE, "other"),
        };
        Activity {
            time_us: self.time_us,
            device: told(self.serial).map(Cow::Borrowed),
            ..activity(class_uid, kind)
        }
    }
}
