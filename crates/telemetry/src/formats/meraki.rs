//! Cisco Meraki MX: `1 1780304585.123456789 NAME security_event ids_alerted signature=1:41944:2 …`.

use std::borrow::Cow;

use super::{Line, activity, class, detected};
use crate::detection::{Action, Activity, Detection, Endpoint, Record, Severity};
use crate::pairs::{pairs, told};
use crate::{time, words};

pub(super) fn read<'a>(line: &Line<'a>) -> Option<Record<'a>> {
    let (kind, rest, clock, name) = head(line)?;
    let time_us = clock.and_then(time::epoch).or(line.envelope.time_us);
    let device = name.or(line.envelope.host).map(Cow::Borrowed);
    let found = match kind {
        "security_event" | "ids-alerts" => detection(rest),
        _ => None,
    };
    Some(match found {
        Some(found) => detected(Detection {
            time_us,
            device,
            ..found
        }),
        None => {
            let (class_uid, kind) = known(kind);
            Record::Activity(Activity {
                time_us,
                device,
                ..activity(class_uid, kind)
            })
        }
    })
}

/// Kind, what follows it, time and name; the header may have taken the last two away.
fn head<'a>(line: &Line<'a>) -> Option<(&'a str, &'a str, Option<&'a str>, Option<&'a str>)> {
    let (first, rest) = line.text.split_once(' ')?;
    if is_kind(first) && line.envelope.host.is_some() {
        return Some((first, rest, None, None));
    }
    // `1 1780304585.1 NAME flows …` behind a header of another kind.
    let text = line.text.strip_prefix("1 ").unwrap_or(line.text);
    let (clock, rest) = text.split_once(' ')?;
    let (name, rest) = rest.split_once(' ')?;
    let (kind, rest) = rest.split_once(' ')?;
    (clock.contains('.') && time::epoch(clock).is_some() && is_kind(kind)).then_some((
        kind,
        rest,
        Some(clock),
        Some(name),
    ))
}

fn is_kind(word: &str) -> bool {
    matches!(
        word,
        "security_event"
            | "ids-alerts"
            | "events"
            | "urls"
            | "flows"
            | "ip_flow_start"
            | "ip_flow_end"
            | "firewall"
            | "vpn_firewall"
            | "cellular_firewall"
            | "bridge_anyconnect_client_vpn_firewall"
            | "airmarshal_events"
    )
}

fn detection(rest: &str) -> Option<Detection<'_>> {
    let mut found = Detection::default();
    let (first, _) = rest.split_once(' ').unwrap_or((rest, ""));
    // Before MX 15 the pairs follow at once.
    let kind = if first.contains('=') {
        "ids_alerted"
    } else {
        first
    };
    found.category = Cow::Borrowed(kind);
    let (head, message) = rest.split_once("message: ").unwrap_or((rest, ""));
    let (mut decision, mut file, mut name) = ("", "", "");
    for (key, value) in pairs(head) {
        match key {
            "signature" => {
                found.rule = Cow::Borrowed(
                    value
                        .rsplit_once(':')
                        .map_or(value, |(rule, _revision)| rule),
                )
            }
            "priority" => found.graded = Cow::Borrowed(value),
            "decision" | "action" => decision = value,
            "disposition" if found.graded.is_empty() => found.graded = Cow::Borrowed(value),
            "src" => found.source = endpoint(value),
            "dst" => found.destination = endpoint(value),
            "url" => file = value,
            "name" => name = value,
            _ => {}
        }
    }
    // A file that the cloud calls clean is no finding.
    if found.graded == "clean" {
        return None;
    }
    found.severity = match &*found.graded {
        "1" | "malicious" => Severity::High,
        "2" => Severity::Medium,
        "3" => Severity::Low,
        "4" => Severity::Informational,
        _ => Severity::Unknown,
    };
    found.action = match decision {
        "" => Action::Detected,
        word => words::action(word),
    };
    found.said = Cow::Borrowed(decision);
    let title = [message.trim(), name, kind].into_iter().find_map(told);
    found.title = Cow::Borrowed(title.unwrap_or_default());
    found.file = told(file).map(Cow::Borrowed);
    Some(found)
}

fn endpoint(text: &str) -> Endpoint<'_> {
    match text.rsplit_once(':') {
        Some((address, port)) if !address.contains(':') || address.ends_with(']') => Endpoint {
            address: told(address).map(Cow::Borrowed),
            port: port.parse().ok(),
        },
        _ => Endpoint {
            address: told(text).map(Cow::Borrowed),
            port: None,
        },
    }
}

fn known(kind: &str) -> (u16, &'static str) {
    match kind {
        "urls" => (class::HTTP, "urls"),
        "events" => (class::APPLICATION, "events"),
        "airmarshal_events" => (class::NETWORK, "air marshal"),
        "security_event" | "ids-alerts" => (class::NETWORK, "clean"),
        _ => (class::NETWORK, "flows"),
    }
}
