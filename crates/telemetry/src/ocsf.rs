//! A detection as JSON of OCSF 1.3.0: Detection Finding (class 2004) with the profiles `security_control` and `host`.
//!
//! What OCSF has no place for stands under `unmapped`, the vendor's own words among it.

use std::borrow::Cow;

use serde_json::{Map, Value, json};

use crate::address::Address;
use crate::block::Entry;
use crate::detection::{Action, Detection, Endpoint, Severity, Why};
use crate::formats::Format;

/// The version of the schema.
pub const VERSION: &str = "1.3.0";

/// What a line cannot tell of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Circumstances<'a> {
    /// Names the stored line; it stands for the vendor's id of the alert where there is none.
    pub uid: &'a str,
    /// The office's id of the company.
    pub company: &'a str,
    pub format: Option<Format>,
    /// Microseconds since 1970 UTC; also the time of what tells none.
    pub received_us: i64,
    /// The line as it came, where it is still kept.
    pub raw: Option<&'a str>,
}

/// The finding as one JSON object. Times are milliseconds since 1970, as OCSF has them.
#[must_use]
pub fn finding(found: &Detection<'_>, at: &Circumstances<'_>) -> Value {
    let (action, disposition) = dispositions(found.action);
    let time = found.time_us.unwrap_or(at.received_us).div_euclid(1000);
    let (vendor, product) = at.format.map_or(("", "unknown"), Format::product);
    let mut event = json!({
        "activity_id": 1,
        "activity_name": "Create",
        "category_uid": 2,
        "category_name": "Findings",
        "class_uid": 2004,
        "class_name": "Detection Finding",
        "type_uid": 200_401,
        "type_name": "Detection Finding: Create",
        "time": time,
        "severity_id": found.severity as u8,
        "severity": caption(found.severity),
        "action_id": action,
        "disposition_id": disposition,
        "count": found.count,
        "message": found.title,
        "metadata": {
            "version": VERSION,
            "profiles": ["host", "security_control"],
            "product": {"name": product, "vendor_name": vendor},
            "logged_time": at.received_us.div_euclid(1000),
            "tenant_uid": at.company,
        },
        "finding_info": {
            "uid": found.alert_id.as_deref().unwrap_or(at.uid),
            "title": found.title,
            "analytic": {"uid": found.rule, "name": found.title, "type_id": 1, "type": "Rule"},
        },
    });
    put(&mut event, "raw_data", at.raw);
    if disposition == 99 {
        put(&mut event, "disposition", Some(&*found.said));
    }
    if !found.category.is_empty() {
        event["finding_info"]["types"] = json!([found.category]);
    }
    if let Some(device) = &found.device {
        event["device"] = json!({"uid": device, "name": device, "type_id": 0});
    }
    if let Some(evidence) = evidence(found) {
        event["evidences"] = json!([evidence]);
    }
    event["unmapped"] = unmapped(found);
    event
}

/// A stored line as one JSON object: a finding, or an event without a class for what nobody could read.
#[must_use]
pub fn stored(entry: &Entry, at: &Circumstances<'_>) -> Value {
    if entry.why.is_some() {
        return unread(entry, at);
    }
    let texts =
        [entry.source.as_ref(), entry.destination.as_ref()].map(|one| one.map(Address::to_string));
    let [source, destination] = texts.map(|text| text.map(Cow::Owned));
    let mut found = entry.detection();
    found.time_us = Some(entry.time_us);
    found.device = Some(Cow::Borrowed(&*entry.device));
    found.source.address = source;
    found.destination.address = destination;
    finding(&found, at)
}

/// Base Event (class 0), whose raw line is all that there is.
fn unread(entry: &Entry, at: &Circumstances<'_>) -> Value {
    let mut event = json!({
        "activity_id": 0,
        "category_uid": 0,
        "class_uid": 0,
        "class_name": "Base Event",
        "type_uid": 0,
        "time": entry.time_us.div_euclid(1000),
        "severity_id": 0,
        "severity": "Unknown",
        "device": {"uid": entry.device, "name": entry.device, "type_id": 0},
        "metadata": {
            "version": VERSION,
            "uid": at.uid,
            "profiles": ["host"],
            "product": {"name": "unknown", "vendor_name": ""},
            "logged_time": at.received_us.div_euclid(1000),
            "tenant_uid": at.company,
        },
        "unmapped": {"unread_because": entry.why.map_or("", Why::code)},
    });
    put(&mut event, "raw_data", at.raw);
    event
}

fn put(object: &mut Value, key: &str, value: Option<&str>) {
    if let Some(value) = value {
        object[key] = json!(value);
    }
}

fn unmapped(found: &Detection<'_>) -> Value {
    let mut words = json!({"action": found.said, "severity": found.graded});
    put(&mut words, "country", found.country.as_deref());
    words
}

/// Addresses, user and file; none when the line names nothing of them.
fn evidence(found: &Detection<'_>) -> Option<Value> {
    let mut evidence = Map::new();
    for (key, end) in [
        ("src_endpoint", &found.source),
        ("dst_endpoint", &found.destination),
    ] {
        if let Some(end) = endpoint(end) {
            evidence.insert(key.to_owned(), end);
        }
    }
    if let Some(user) = &found.user {
        evidence.insert("user".to_owned(), json!({"name": user}));
    }
    if let Some(file) = &found.file {
        let (key, value) = match file.contains("://") {
            true => ("url", json!({"url_string": file})),
            false => {
                let name = file
                    .rsplit(['/', '\\'])
                    .next()
                    .filter(|name| !name.is_empty());
                (
                    "file",
                    json!({"name": name.unwrap_or(file), "path": file, "type_id": 0}),
                )
            }
        };
        evidence.insert(key.to_owned(), value);
    }
    (!evidence.is_empty()).then_some(Value::Object(evidence))
}

fn endpoint(end: &Endpoint<'_>) -> Option<Value> {
    let address = end.address.as_deref()?;
    // A zone of IPv6 (`%eth0`) is no part of an address.
    let plain = address.split('%').next().unwrap_or(address);
    let key = match plain.parse::<std::net::IpAddr>() {
        Ok(_) => "ip",
        Err(_) => "hostname",
    };
    let mut object = json!({ key: plain });
    if let Some(port) = end.port {
        object["port"] = json!(port);
    }
    Some(object)
}

/// `action_id` and `disposition_id`. What was only seen was not stopped, which OCSF calls allowed; the disposition tells the two apart.
const fn dispositions(action: Action) -> (u8, u8) {
    match action {
        Action::Unknown => (0, 0),
        Action::Blocked => (2, 2),
        Action::Allowed => (1, 1),
        Action::Detected => (1, 15),
        Action::Other => (0, 99),
    }
}

const fn caption(severity: Severity) -> &'static str {
    match severity {
        Severity::Unknown => "Unknown",
        Severity::Informational => "Informational",
        Severity::Low => "Low",
        Severity::Medium => "Medium",
        Severity::High => "High",
        Severity::Critical => "Critical",
        Severity::Fatal => "Fatal",
    }
}
