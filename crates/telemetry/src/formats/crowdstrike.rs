//! CrowdStrike Falcon: detections of the event stream (nested, flat, or from the data replicator) and alerts of the interface, version 2.

use std::borrow::Cow;

use super::{Line, activity, class, detected};
use crate::detection::{Action, Activity, Detection, Endpoint, Record, Severity};
use crate::json::Object;
use crate::{time, words};

pub(super) fn read<'a>(object: &Object<'a>, line: &Line<'a>) -> Option<Record<'a>> {
    if object.has("composite_id") && object.has("severity") {
        return Some(alert(object, line));
    }
    let metadata = object.object("metadata");
    let event = object.object("event");
    let flat = event.is_none();
    let inner = event.as_ref().unwrap_or(object);
    let kind = (metadata.as_ref().and_then(|it| it.text("eventType")))
        .or_else(|| inner.first(&["ExternalApiType", "event_simpleName"]))
        .or_else(|| object.first(&["fdr_event_type", "ExternalApiType", "event_simpleName"]))?;
    let ours = object.has("cid")
        || metadata
            .as_ref()
            .is_some_and(|it| it.has("customerIDString"))
        || flat && object.has("CustomerIdString");
    if !ours {
        return None;
    }
    // A process may have run for months when something is found in it.
    let clock = (inner.first(&["UTCTimestamp", "ContextTimeStamp", "timestamp"]))
        .or_else(|| {
            metadata
                .as_ref()
                .and_then(|it| it.text("eventCreationTime"))
        })
        .or_else(|| object.text("timestamp"))
        .or_else(|| inner.first(&["StartTime", "ProcessStartTime"]));
    let time_us = clock.and_then(|at| instant(&at, line));
    let device = inner
        .first(&[
            "ComputerName",
            "Hostname",
            "HostnameField",
            "SensorId",
            "AgentIdString",
        ])
        .or_else(|| object.text("aid"));
    if !words::any(&kind, &["detectionsummary", "incidentsummary"]) {
        let class_uid = if words::any(&kind, &["auth", "activity"]) {
            class::AUTHENTICATION
        } else {
            class::APPLICATION
        };
        return Some(Record::Activity(Activity {
            time_us,
            device,
            ..activity(class_uid, "event")
        }));
    }
    Some(detected(Detection {
        time_us,
        device,
        ..summary(inner, kind)
    }))
}

/// A summary of a detection; `kind` stands for a title that is missing.
fn summary<'a>(inner: &Object<'a>, kind: Cow<'a, str>) -> Detection<'a> {
    let (severity, graded) = graded(inner.text("SeverityName"), inner.text("Severity"));
    let said = inner
        .text("PatternDispositionDescription")
        .unwrap_or_default();
    let file = match (inner.text("FilePath"), inner.text("FileName")) {
        (Some(path), Some(name)) if path.ends_with(['/', '\\']) => {
            Some(Cow::Owned([&*path, &*name].concat()))
        }
        (path, name) => path.or(name),
    };
    Detection {
        title: inner
            .first(&["DetectName", "Name", "Description", "DetectDescription"])
            .unwrap_or(kind),
        rule: inner
            .first(&["PatternId", "TechniqueId", "Technique"])
            .unwrap_or_default(),
        category: inner.first(&["Tactic", "Objective"]).unwrap_or_default(),
        severity,
        graded,
        action: done(&said),
        said,
        source: Endpoint {
            address: inner.first(&["LocalIP", "LocalIPv6"]),
            port: None,
        },
        user: inner.text("UserName"),
        file,
        alert_id: inner.first(&["CompositeId", "DetectId"]),
        ..Detection::default()
    }
}

fn alert<'a>(object: &Object<'a>, line: &Line<'a>) -> Record<'a> {
    let clock = object.first(&["timestamp", "created_timestamp", "start_time"]);
    let (severity, graded) = graded(object.text("severity_name"), object.text("severity"));
    let said = object
        .text("pattern_disposition_description")
        .unwrap_or_default();
    let device = object.object("device");
    let host = device
        .as_ref()
        .and_then(|it| it.first(&["hostname", "device_id"]));
    let address = device
        .as_ref()
        .and_then(|it| it.first(&["local_ip", "external_ip"]));
    detected(Detection {
        time_us: clock.and_then(|at| instant(&at, line)),
        device: host.or_else(|| object.first(&["hostname", "agent_id"])),
        title: object
            .first(&["display_name", "name", "description"])
            .unwrap_or_default(),
        rule: object
            .first(&["pattern_id", "technique_id", "technique"])
            .unwrap_or_default(),
        category: object.first(&["tactic", "objective"]).unwrap_or_default(),
        severity,
        graded,
        action: done(&said),
        said,
        source: Endpoint {
            address,
            port: None,
        },
        user: object.first(&["user_name", "user_principal"]),
        file: object.first(&["filepath", "filename"]),
        alert_id: object.text("composite_id"),
        ..Detection::default()
    })
}

/// Seconds or milliseconds since 1970, or `2026-06-01 09:00:00Z`; all are UTC.
fn instant(text: &str, line: &Line<'_>) -> Option<i64> {
    let utc = time::Receipt {
        offset_s: 0,
        ..line.receipt
    };
    time::epoch(text).or_else(|| time::iso(text, utc))
}

/// The word when there is one; numbers go to 5 in the stream and to 100 in the interface.
fn graded<'a>(
    word: Option<Cow<'a, str>>,
    number: Option<Cow<'a, str>>,
) -> (Severity, Cow<'a, str>) {
    if let Some(word) = word {
        return (words::severity(&word), word);
    }
    let Some(said) = number else {
        return (Severity::Unknown, Cow::Borrowed(""));
    };
    let severity = match said.parse::<u8>() {
        Ok(1) => Severity::Informational,
        Ok(2) => Severity::Low,
        Ok(3) => Severity::Medium,
        Ok(4) => Severity::High,
        Ok(5) => Severity::Critical,
        Ok(6..20) => Severity::Informational,
        Ok(20..40) => Severity::Low,
        Ok(40..60) => Severity::Medium,
        Ok(60..80) => Severity::High,
        Ok(80..=100) => Severity::Critical,
        _ => Severity::Unknown,
    };
    (severity, said)
}

/// "Prevention, process was blocked …", "Detection, standard detection.", "Prevention/Quarantine, …".
fn done(said: &str) -> Action {
    if said.is_empty() {
        return Action::Detected;
    }
    let first = said.split([',', '/']).next().unwrap_or_default();
    match words::any(first, &["prevention"]) {
        true => Action::Blocked,
        false => words::action(first),
    }
}
