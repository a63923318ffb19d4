//! SonicWall (SonicOS 6.5, 7.x): `id=firewall sn=… m=…`; what a line is, its message number `m` says.

use std::borrow::Cow;

use super::{Line, activity, class, detected};
use crate::detection::{Action, Activity, Detection, Endpoint, Record, Severity};
use crate::pairs::{pairs, told, unquoted};
use crate::{time, words};

pub(super) fn read<'a>(line: &Line<'a>) -> Option<Record<'a>> {
    let at = line.text.find("id=")?;
    let text = &line.text[at..];
    let ours = text.starts_with("id=firewall") || text.starts_with("id=sslvpn");
    if !(ours && (text.contains(" sn=") || text.contains(" fw="))) {
        return None;
    }
    let mut log = Log::default();
    for (key, value) in pairs(text) {
        log.take(key, value);
    }
    log.time_us = time::iso(log.time, line.receipt);
    Some(match log.is_finding() {
        true => log.detection(),
        false => Record::Activity(log.activity()),
    })
}

#[derive(Default)]
struct Log<'a> {
    time_us: Option<i64>,
    time: &'a str,
    serial: &'a str,
    priority: &'a str,
    category: &'a str,
    message_id: &'a str,
    message: &'a str,
    note: &'a str,
    done: &'a str,
    threat_category: &'a str,
    threat_priority: &'a str,
    site_category: &'a str,
    source: Endpoint<'a>,
    destination: Endpoint<'a>,
    user: &'a str,
    host: &'a str,
    path: &'a str,
    file: &'a str,
}

impl<'a> Log<'a> {
    fn take(&mut self, key: &'a str, value: &'a str) {
        match key {
            "time" => self.time = value,
            "sn" => self.serial = value,
            "pri" => self.priority = value,
            "c" => self.category = value,
            "m" => self.message_id = value,
            "msg" => self.message = value,
            "note" => self.note = value,
            "fw_action" => self.done = value,
            "ipscat" | "spycat" => {
                self.threat_category = told(value).unwrap_or(self.threat_category)
            }
            "ipspri" | "spypri" => self.threat_priority = value,
            "Category" => self.site_category = value,
            "src" => self.source = endpoint(value),
            "dst" => self.destination = endpoint(value),
            "srcV6" => self.source.address = told(value).map(Cow::Borrowed),
            "dstV6" => self.destination.address = told(value).map(Cow::Borrowed),
            "usr" | "user" => self.user = value,
            "dstname" => self.host = value,
            "arg" => self.path = value,
            "filename" | "fileName" => self.file = value,
            _ => {}
        }
    }

    /// Numbers of the SonicOS log events reference; 32 is the category of attacks.
    fn is_finding(&self) -> bool {
        let known = matches!(
            self.message_id,
            // A site that is forbidden.
            "14"
            // Attacks on the network: ping of death, spoofing, floods, scans and their kin.
            | "22" | "23" | "25" | "27" | "81" | "82" | "83" | "177" | "178" | "179" | "267" | "527" | "528" | "580" | "606"
            | "859" | "860" | "897" | "898" | "1098" | "1099" | "1213" | "1214" | "1316" | "1366" | "1367"
            // Intrusion detection and prevention, spyware, virus.
            | "608" | "609" | "789" | "790" | "794" | "795" | "809" | "811" | "1155" | "1509"
            // Countries and botnets, also those of an own list.
            | "1198" | "1199" | "1200" | "1201" | "1474" | "1475" | "1476" | "1477" | "1518" | "1519"
            // Capture ATP.
            | "1559" | "1560"
        );
        // Wrong passwords, peers of tunnels, subscriptions that end, modes that somebody set and applications that were seen.
        let event = matches!(
            self.message_id,
            "30" | "35"
                | "67"
                | "70"
                | "329"
                | "583"
                | "796"
                | "810"
                | "856"
                | "857"
                | "858"
                | "861"
                | "1154"
        );
        known || !event && (self.category == "32" || !self.threat_category.is_empty())
    }

    fn done(&self) -> (Action, &'a str) {
        if let Some(word) = told(self.done).filter(|word| *word != "mgmt") {
            return (words::action(word), word);
        }
        let action = if words::any(self.message, &["prevent", "dropped", "blocked", "denied"]) {
            Action::Blocked
        } else if words::any(self.message, &["detect", "alert", "possible", "probable"]) {
            Action::Detected
        } else {
            Action::Unknown
        };
        (action, self.message)
    }

    fn severity(&self) -> (Severity, &'a str) {
        match self.threat_priority {
            "1" => (Severity::High, "1"),
            "2" => (Severity::Medium, "2"),
            "3" => (Severity::Low, "3"),
            _ => (words::syslog_severity(self.priority), self.priority),
        }
    }

    fn detection(self) -> Record<'a> {
        let (action, said) = self.done();
        let (severity, graded) = self.severity();
        let category = [self.threat_category, self.site_category, self.category];
        let file = match (told(self.file), told(self.host), told(self.path)) {
            (Some(file), ..) => Some(Cow::Borrowed(file)),
            (None, Some(host), Some(path)) => Some(Cow::Owned([host, path].concat())),
            (None, host, _) => host.map(Cow::Borrowed),
        };
        detected(Detection {
            time_us: self.time_us,
            device: told(self.serial).map(Cow::Borrowed),
            title: unquoted(
                told(self.message)
                    .or_else(|| told(self.note))
                    .unwrap_or(self.message_id),
            ),
            rule: Cow::Borrowed(self.message_id),
            category: Cow::Borrowed(
                (category.into_iter().filter_map(told))
                    .find(|word| *word != "0")
                    .unwrap_or_default(),
            ),
            severity,
            graded: Cow::Borrowed(graded),
            action,
            said: Cow::Borrowed(said),
            user: told(self.user)
                .filter(|user| !user.starts_with("Unknown"))
                .map(Cow::Borrowed),
            file,
            source: self.source,
            destination: self.destination,
            ..Detection::default()
        })
    }

    fn activity(self) -> Activity<'a> {
        let (class_uid, kind) = match self.message_id {
            "97" | "16" => (class::HTTP, "web"),
            "98" | "537" => (class::NETWORK, "connection"),
            "29" | "30" | "31" | "32" | "33" | "34" | "35" | "199" | "200" | "237" | "238"
            | "1080" | "1079" | "1153" => (class::AUTHENTICATION, "login"),
            _ => (class::APPLICATION, "event"),
        };
        Activity {
            time_us: self.time_us,
            device: told(self.serial).map(Cow::Borrowed),
            ..activity(class_uid, kind)
        }
    }
}

/// `192.0.2.1:51692:X0:name`, or `:28503:WAN` when the address stands elsewhere.
fn endpoint(value: &str) -> Endpoint<'_> {
    let mut parts = value.splitn(3, ':');
    let address = parts.next().unwrap_or_default();
    // More than two colons without a dot are IPv6 itself.
    if !address.contains('.') && !address.is_empty() {
        return Endpoint {
            address: told(value).map(Cow::Borrowed),
            port: None,
        };
    }
    Endpoint {
        address: told(address).map(Cow::Borrowed),
        port: parts.next().and_then(|port| port.parse().ok()),
    }
}
