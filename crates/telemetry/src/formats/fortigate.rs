//! FortiGate (FortiOS 5.6 to 7.x): `key=value`, quoted or not; types traffic, event and utm.

use std::borrow::Cow;

use super::{Line, activity, class, detected};
use crate::detection::{Action, Activity, Detection, Endpoint, Record};
use crate::pairs::{pairs, told, unquoted};
use crate::{time, words};

/// Kinds of utm logs that are findings whatever was done about them; the rest are findings when something was stopped.
const FINDINGS: [&str; 8] = [
    "virus",
    "ips",
    "anomaly",
    "dlp",
    "waf",
    "emailfilter",
    "file-filter",
    "virtual-patch",
];

pub(super) fn read<'a>(line: &Line<'a>) -> Option<Record<'a>> {
    let text = line.text;
    let looks = text.contains("logid=") || text.contains("devid=") && text.contains("subtype=");
    if !(looks && text.contains("type=")) {
        return None;
    }
    let mut log = Log::default();
    for (key, value) in pairs(text) {
        log.take(key, value);
    }
    if log.kind.is_empty() {
        return None;
    }
    log.time_us = time::epoch(log.event_time)
        .or_else(|| time::parts(log.date, log.time, log.zone, line.receipt));
    Some(match log.is_finding() {
        true => log.detection(),
        false => Record::Activity(log.activity()),
    })
}

/// The fields that are asked for, as they stand.
#[derive(Default)]
struct Log<'a> {
    time_us: Option<i64>,
    date: &'a str,
    time: &'a str,
    zone: &'a str,
    event_time: &'a str,
    log_id: &'a str,
    device: &'a str,
    kind: &'a str,
    subtype: &'a str,
    event_type: &'a str,
    level: &'a str,
    severity: &'a str,
    threat_level: &'a str,
    action: &'a str,
    attack: &'a str,
    virus: &'a str,
    rule: &'a str,
    category: &'a str,
    application: &'a str,
    message: &'a str,
    source: Endpoint<'a>,
    destination: Endpoint<'a>,
    countries: [&'a str; 2],
    user: &'a str,
    file: &'a str,
    url: &'a str,
    host: &'a str,
    count: &'a str,
}

impl<'a> Log<'a> {
    fn take(&mut self, key: &'a str, value: &'a str) {
        let address = || told(value).map(Cow::Borrowed);
        match key {
            "date" => self.date = value,
            "time" => self.time = value,
            "tz" => self.zone = value,
            "eventtime" => self.event_time = value,
            "logid" => self.log_id = value,
            "devid" => self.device = value,
            // Without a serial number the name is better than nothing.
            "devname" if self.device.is_empty() => self.device = value,
            "type" => self.kind = value,
            "subtype" => self.subtype = value,
            "eventtype" => self.event_type = value,
            "level" | "pri" => self.level = value,
            "severity" => self.severity = value,
            "crlevel" => self.threat_level = value,
            "action" | "status" if self.action.is_empty() => self.action = value,
            "attack" | "attackname" | "botnetdomain" => self.attack = value,
            "virus" => self.virus = value,
            "attackid" | "virusid" | "appid" | "cat" if self.rule.is_empty() => self.rule = value,
            "catdesc" => self.category = value,
            "app" => self.application = value,
            "msg" | "logdesc" if self.message.is_empty() => self.message = value,
            "srcip" | "src" => self.source.address = address(),
            "srcport" | "src_port" => self.source.port = value.parse().ok(),
            "dstip" | "dst" => self.destination.address = address(),
            "dstport" | "dst_port" => self.destination.port = value.parse().ok(),
            "srccountry" => self.countries[0] = value,
            "dstcountry" => self.countries[1] = value,
            "user" | "unauthuser" if self.user.is_empty() => self.user = value,
            "filename" | "file" => self.file = value,
            "url" => self.url = value,
            "hostname" | "qname" => self.host = value,
            "count" => self.count = value,
            _ => {}
        }
    }

    fn is_finding(&self) -> bool {
        // Up to FortiOS 5.0 the kind stood in the type.
        let utm = matches!(
            self.kind,
            "utm" | "ips" | "virus" | "webfilter" | "anomaly" | "dlp" | "emailfilter" | "app-ctrl"
        );
        if !utm {
            return false;
        }
        let subtype = if self.kind == "utm" {
            self.subtype
        } else {
            self.kind
        };
        // What was handed to the sandbox is not found to be anything yet.
        if self.event_type == "analytics" {
            return false;
        }
        FINDINGS.contains(&subtype)
            || words::any(self.event_type, &["botnet"])
            || matches!(self.done(), Action::Blocked)
    }

    fn done(&self) -> Action {
        match self.action {
            // A name that is forbidden is answered with the address of a page that says so.
            "redirect" => Action::Blocked,
            "close" | "client-rst" | "server-rst" | "timeout" => Action::Allowed,
            "analytics" | "content-disarm" => Action::Other,
            word => words::action(word),
        }
    }

    fn detection(self) -> Record<'a> {
        let subtype = if self.kind == "utm" {
            self.subtype
        } else {
            self.kind
        };
        let title = [
            self.attack,
            self.virus,
            self.category,
            self.application,
            self.message,
        ];
        let graded = [self.severity, self.threat_level, self.level];
        let graded = graded.into_iter().find_map(told).unwrap_or_default();
        let title = title.into_iter().find_map(told).unwrap_or(subtype);
        let file = match (told(self.file), told(self.url), told(self.host)) {
            (Some(file), ..) => Some(Cow::Borrowed(file)),
            (None, Some(url), Some(host)) if url.starts_with('/') => {
                Some(Cow::Owned([host, url].concat()))
            }
            (None, Some(url), _) => Some(Cow::Borrowed(url)),
            (None, None, host) => host.map(Cow::Borrowed),
        };
        detected(Detection {
            time_us: self.time_us,
            device: told(self.device).map(Cow::Borrowed),
            title: unquoted(title),
            rule: Cow::Borrowed(told(self.rule).unwrap_or(self.log_id)),
            category: Cow::Borrowed(subtype),
            severity: words::severity(graded),
            graded: Cow::Borrowed(graded),
            action: self.done(),
            said: Cow::Borrowed(self.action),
            country: outer(self.countries),
            user: told(self.user).map(Cow::Borrowed),
            file,
            count: self.count.parse().unwrap_or(1),
            source: self.source,
            destination: self.destination,
            alert_id: None,
        })
    }

    fn activity(self) -> Activity<'a> {
        let (class_uid, kind) = match (self.kind, self.subtype) {
            ("traffic", "forward") => (class::NETWORK, "traffic.forward"),
            ("traffic", "local") => (class::NETWORK, "traffic.local"),
            ("traffic", "sniffer") => (class::NETWORK, "traffic.sniffer"),
            ("traffic", _) => (class::NETWORK, "traffic"),
            ("event", "user") => (class::AUTHENTICATION, "event.user"),
            ("event", "vpn") => (class::AUTHENTICATION, "event.vpn"),
            ("event", "system") => (class::APPLICATION, "event.system"),
            ("event", _) => (class::APPLICATION, "event"),
            ("utm", "webfilter") => (class::HTTP, "utm.webfilter"),
            ("utm", "app-ctrl") => (class::NETWORK, "utm.app-ctrl"),
            ("utm", "dns") => (class::DNS, "utm.dns"),
            ("utm", _) => (class::NETWORK, "utm"),
            _ => (class::NONE, "other"),
        };
        Activity {
            time_us: self.time_us,
            device: told(self.device).map(Cow::Borrowed),
            ..activity(class_uid, kind)
        }
    }
}

/// The country of the side that is not one's own: FortiGuard calls private addresses `Reserved`.
fn outer(countries: [&str; 2]) -> Option<Cow<'_, str>> {
    (countries.into_iter().filter_map(told))
        .find(|name| *name != "Reserved")
        .map(Cow::Borrowed)
}
