//! SentinelOne Singularity: activities (also with small-letter keys, as data lakes write them), threats of the interface, version 2.1.

use std::borrow::Cow;

use super::{Line, activity, class, detected};
use crate::detection::{Action, Activity, Detection, Endpoint, Record, Severity};
use crate::json::Object;
use crate::{time, words};

pub(super) fn read<'a>(object: &Object<'a>, line: &Line<'a>) -> Option<Record<'a>> {
    if let Some(info) = object.object("threatInfo") {
        return Some(threat(object, &info, line));
    }
    let kind = object.first(&["activityType", "activitytype"])?;
    if !(object.has("activityUuid")
        || object.has("activityuuid")
        || object.has("primaryDescription")
        || object.has("primarydescription"))
    {
        return None;
    }
    let utc = time::Receipt {
        offset_s: 0,
        ..line.receipt
    };
    let time_us = object
        .first(&["createdAt", "createdat"])
        .and_then(|at| time::iso(&at, utc));
    let data = object.object("data").unwrap_or_default();
    let device = data
        .first(&["computerName", "computername"])
        .or_else(|| object.first(&["agentId", "agentid"]));
    let Some(action) = told(&kind) else {
        let (class_uid, kind) = quiet(&kind);
        return Some(Record::Activity(Activity {
            time_us,
            device,
            ..activity(class_uid, kind)
        }));
    };
    let found = finding(object, &data, kind);
    Some(detected(Detection {
        time_us,
        device,
        action,
        ..found
    }))
}

/// An activity that tells a threat; data lakes write all keys in small letters.
fn finding<'a>(object: &Object<'a>, data: &Object<'a>, kind: Cow<'a, str>) -> Detection<'a> {
    let graded = data
        .first(&["severity", "confidenceLevel", "confidencelevel"])
        .unwrap_or_default();
    let names = [
        "threatName",
        "threatname",
        "ruleName",
        "rulename",
        "threatClassification",
        "threatclassification",
        "fileDisplayName",
        "filedisplayname",
    ];
    let title = data
        .first(&names)
        .or_else(|| object.first(&["primaryDescription", "primarydescription"]));
    Detection {
        title: title.unwrap_or_else(|| kind.clone()),
        category: data
            .first(&[
                "threatClassification",
                "threatclassification",
                "dataSourceName",
                "datasourcename",
            ])
            .unwrap_or_default(),
        severity: severity(&graded),
        graded,
        said: kind.clone(),
        source: Endpoint {
            address: data.first(&["agentIpV4", "agentipv4", "ipAddress"]),
            port: None,
        },
        user: data.first(&["userName", "username"]),
        file: data.first(&["filePath", "filepath", "fileDisplayName", "filedisplayname"]),
        alert_id: object
            .first(&["threatId", "threatid"])
            .or_else(|| data.first(&["alertId", "alertid"])),
        rule: data.first(&["ruleId", "ruleid"]).unwrap_or(kind),
        ..Detection::default()
    }
}

/// Activities that are no finding of their own.
fn quiet(kind: &str) -> (u16, &'static str) {
    match kind {
        "1001" | "1002" => (class::APPLICATION, "isolation"),
        "2001" | "2002" | "2003" | "2004" | "2005" | "2006" | "2007" | "2008" | "2009" | "2010" => {
            (class::APPLICATION, "mitigation")
        }
        "27" | "33" | "133" | "134" => (class::AUTHENTICATION, "login"),
        _ => (class::APPLICATION, "activity"),
    }
}

/// Kinds of activities that are findings, and what each says was done; the numbers are SentinelOne's.
fn told(kind: &str) -> Option<Action> {
    Some(match kind {
        // A threat was found and stopped, or stopped before it ran.
        "18" | "20" => Action::Blocked,
        // A threat was found; a suspicious one; one that the analysis found later; a custom rule told something.
        "19" | "4003" | "4108" | "4109" | "4110" | "4111" | "4112" | "3608" | "3767" => {
            Action::Detected
        }
        _ => return None,
    })
}

fn severity(word: &str) -> Severity {
    match word.strip_prefix("E_").unwrap_or(word) {
        "malicious" => Severity::High,
        "suspicious" => Severity::Medium,
        "n/a" | "N/A" => Severity::Unknown,
        word => words::severity(word),
    }
}

fn threat<'a>(object: &Object<'a>, info: &Object<'a>, line: &Line<'a>) -> Record<'a> {
    let agent = object
        .object("agentRealtimeInfo")
        .or_else(|| object.object("agentDetectionInfo"));
    let graded = info.text("confidenceLevel").unwrap_or_default();
    let said = info.text("mitigationStatus").unwrap_or_default();
    let agent_text = |keys: &[&str]| agent.as_ref().and_then(|it| it.first(keys));
    detected(Detection {
        time_us: info
            .first(&["identifiedAt", "createdAt"])
            .and_then(|at| time::iso(&at, line.receipt)),
        device: agent_text(&["agentComputerName", "agentUuid"]),
        title: info
            .first(&["threatName", "classification"])
            .unwrap_or_default(),
        rule: info.first(&["sha1", "storyline"]).unwrap_or_default(),
        category: info.text("classification").unwrap_or_default(),
        severity: severity(&graded),
        graded,
        action: match &*said {
            "" => Action::Detected,
            "marked_as_benign" => Action::Allowed,
            "blocked" | "mitigated" => Action::Blocked,
            "pending" => Action::Detected,
            word => words::action(word),
        },
        said,
        source: Endpoint {
            address: agent_text(&["agentIpV4", "externalIp"]),
            port: None,
        },
        user: info.first(&["processUser", "initiatingUsername"]),
        file: info.text("filePath"),
        alert_id: info.text("threatId").or_else(|| object.text("id")),
        ..Detection::default()
    })
}
