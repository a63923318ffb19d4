//! Wazuh 4.x: alerts as JSON (`alerts.json`, or by syslog).
//!
//! Wazuh alerts on everything from level 3 up. Levels below 7 are events of the system unless a group says that they tell an attack.

use std::borrow::Cow;

use super::{Line, activity, class, detected};
use crate::detection::{Action, Activity, Detection, Endpoint, Record, Severity};
use crate::json::{Object, Value};
use crate::{time, words};

/// Groups of rules that tell of attacks, or of what was done about one, at whatever level.
const ATTACKS: [&str; 9] = [
    "ids",
    "suricata",
    "malware",
    "virus",
    "rootcheck",
    "exploit_attempt",
    "virustotal",
    "recon",
    "active_response",
];

/// Groups that stand beside common errors of web servers too, which have level 5.
const ATTACKS_FROM_6: [&str; 2] = ["attack", "attacks"];

pub(super) fn read<'a>(object: &Object<'a>, line: &Line<'a>) -> Option<Record<'a>> {
    let rule = object.object("rule")?;
    if !(object.has("agent") || object.has("manager")) {
        return None;
    }
    let level = rule.get("level")?;
    let number: u8 = level.integer().unwrap_or(0);
    let time_us = object
        .first(&["timestamp", "@timestamp"])
        .and_then(|at| time::iso(&at, line.receipt));
    let agent = object.object("agent");
    let device = agent
        .as_ref()
        .and_then(|agent| agent.first(&["name", "id"]));
    let groups: Vec<Cow<'a, str>> = rule
        .get("groups")
        .into_iter()
        .flat_map(Value::items)
        .filter_map(Value::text)
        .collect();
    let attack = groups.iter().any(|group| {
        ATTACKS.contains(&&**group) || number >= 6 && ATTACKS_FROM_6.contains(&&**group)
    });
    if number < 7 && !attack {
        let login = groups
            .iter()
            .any(|group| group.contains("authentication") || group == "pam" || group == "sshd");
        let (class_uid, kind) = if login {
            (class::AUTHENTICATION, "authentication")
        } else {
            (class::APPLICATION, "event")
        };
        return Some(Record::Activity(Activity {
            time_us,
            device,
            ..activity(class_uid, kind)
        }));
    }
    let found = finding(object, &rule, level, &groups);
    Some(detected(Detection {
        time_us,
        device,
        ..found
    }))
}

fn finding<'a>(
    object: &Object<'a>,
    rule: &Object<'a>,
    level: Value<'a>,
    groups: &[Cow<'a, str>],
) -> Detection<'a> {
    let data = object.object("data").unwrap_or_default();
    let sensor = data.object("alert");
    let said = data
        .first(&["action", "status"])
        .or_else(|| sensor.as_ref().and_then(|it| it.text("action")))
        .unwrap_or_default();
    // A sensor behind Wazuh grades its own alert; Wazuh gives all of them level 3.
    let own = sensor.as_ref().and_then(|it| it.get("severity"));
    let (severity, graded) = match own {
        Some(own) => (
            super::suricata::priority(&own.text().unwrap_or_default()),
            own,
        ),
        None => (severity(level), level),
    };
    let end = |addresses: &[&str], ports: &[&str]| Endpoint {
        address: data.first(addresses),
        port: data.first(ports).and_then(|port| port.parse().ok()),
    };
    Detection {
        title: rule.text("description").unwrap_or_default(),
        rule: rule.text("id").unwrap_or_default(),
        category: groups.last().cloned().unwrap_or_default(),
        severity,
        graded: graded.text().unwrap_or_default(),
        action: done(&said, groups),
        said,
        source: end(&["srcip", "src_ip"], &["srcport", "src_port"]),
        destination: end(&["dstip", "dest_ip"], &["dstport", "dest_port"]),
        country: object
            .object("GeoLocation")
            .and_then(|place| place.text("country_name")),
        user: data.first(&["dstuser", "srcuser"]),
        file: data
            .text("file")
            .or_else(|| object.object("syscheck").and_then(|it| it.text("path")))
            .or_else(|| data.text("url")),
        alert_id: object.text("id"),
        ..Detection::default()
    }
}

/// Levels 0 to 15 as Wazuh's dashboard groups them: low to 6, medium to 11, high to 14, critical 15.
fn severity(level: Value<'_>) -> Severity {
    match level.integer::<u8>() {
        Some(0..=3) => Severity::Informational,
        Some(4..=6) => Severity::Low,
        Some(7..=11) => Severity::Medium,
        Some(12..=14) => Severity::High,
        Some(15..=16) => Severity::Critical,
        _ => Severity::Unknown,
    }
}

fn done(said: &str, groups: &[Cow<'_, str>]) -> Action {
    if groups.iter().any(|group| group == "active_response") {
        return Action::Other;
    }
    match words::action(said) {
        // Wazuh only tells; most of its data has other words here.
        Action::Unknown => Action::Detected,
        // A sensor's `allowed` says what its rule asked for, as in Suricata.
        Action::Allowed if groups.iter().any(|group| group == "suricata") => Action::Detected,
        action => action,
    }
}
