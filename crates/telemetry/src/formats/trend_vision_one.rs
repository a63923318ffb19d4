//! Trend Vision One: workbench alerts (interface 3.0), observed attack techniques, and rows of the detection, endpoint and message searches.

use super::{Line, activity, class, detected};
use crate::detection::{Action, Activity, Detection, Endpoint, Record};
use crate::json::{Object, Value};
use crate::{time, words};

pub(super) fn read<'a>(object: &Object<'a>, line: &Line<'a>) -> Option<Record<'a>> {
    if object.has("workbenchLink") || object.has("impactScope") && object.has("model") {
        return Some(workbench(object, line));
    }
    if let Some(filters) = object
        .get("filters")
        .filter(|_| object.has("detectedDateTime"))
    {
        return Some(technique(object, filters, line));
    }
    if object.has("malName") || object.has("endpointHostName") && object.has("eventName") {
        return Some(row(object, line));
    }
    let message = object.has("mail_message_sender") || object.has("mailMsgSubject");
    let endpoint = object.has("endpointGuid") && object.has("eventSubId");
    if !(message || endpoint) {
        return None;
    }
    let clock = object.first(&["mail_message_delivery_time", "eventTime"]);
    let time_us = clock.and_then(|at| instant(&at, line));
    let kind = if message { "message" } else { "endpoint" };
    Some(Record::Activity(Activity {
        time_us,
        device: object.text("endpointHostName"),
        ..activity(class::NONE, kind)
    }))
}

fn instant(text: &str, line: &Line<'_>) -> Option<i64> {
    time::epoch(text).or_else(|| {
        time::iso(
            text,
            time::Receipt {
                offset_s: 0,
                ..line.receipt
            },
        )
    })
}

fn workbench<'a>(object: &Object<'a>, line: &Line<'a>) -> Record<'a> {
    let graded = object.text("severity").unwrap_or_default();
    let mut found = Detection {
        time_us: object
            .first(&["createdDateTime", "workbenchCompleteTimestamp"])
            .and_then(|at| instant(&at, line)),
        title: object.first(&["model", "description"]).unwrap_or_default(),
        rule: object
            .first(&["modelId", "alertProvider"])
            .unwrap_or_default(),
        category: object
            .first(&["modelType", "alertProvider"])
            .unwrap_or_default(),
        severity: words::severity(&graded),
        graded,
        // A workbench alert only tells; what was done stands in the detections it was made of.
        action: Action::Detected,
        alert_id: object.text("id"),
        ..Detection::default()
    };
    let scope = object
        .object("impactScope")
        .and_then(|scope| scope.get("entities"));
    for entity in scope
        .into_iter()
        .flat_map(Value::items)
        .filter_map(Value::object)
    {
        let kind = entity.text("entityType").unwrap_or_default();
        let value = entity.get("entityValue");
        let inner = value.and_then(Value::object);
        let text = || value.and_then(Value::text);
        match &*kind {
            "host" if found.device.is_none() => {
                found.device = inner
                    .as_ref()
                    .and_then(|it| it.first(&["name", "guid"]))
                    .or_else(text);
                let addresses = inner.and_then(|it| it.get("ips"));
                found.source.address = addresses
                    .and_then(|list| list.items().next())
                    .and_then(Value::text);
            }
            "account" | "emailAddress" if found.user.is_none() => found.user = text(),
            _ => {}
        }
    }
    for piece in object
        .get("indicators")
        .into_iter()
        .flat_map(Value::items)
        .filter_map(Value::object)
    {
        let kind = piece.text("type").unwrap_or_default();
        if found.file.is_none() && matches!(&*kind, "fullpath" | "filename" | "url" | "file_name") {
            found.file = piece.text("value");
        }
    }
    detected(found)
}

fn technique<'a>(object: &Object<'a>, filters: Value<'a>, line: &Line<'a>) -> Record<'a> {
    let first = filters
        .items()
        .next()
        .and_then(Value::object)
        .unwrap_or_default();
    let graded = first.first(&["riskLevel", "level"]).unwrap_or_default();
    let endpoint = object.object("endpoint");
    detected(Detection {
        time_us: object
            .text("detectedDateTime")
            .and_then(|at| instant(&at, line)),
        device: endpoint
            .as_ref()
            .and_then(|it| it.first(&["endpointName", "agentGuid"]))
            .or_else(|| object.text("entityName")),
        title: first.first(&["name", "description"]).unwrap_or_default(),
        rule: first
            .first(&["id", "mitreTechniqueIds"])
            .unwrap_or_default(),
        category: object.text("source").unwrap_or_default(),
        severity: words::severity(&graded),
        graded,
        action: Action::Detected,
        alert_id: object.text("uuid"),
        ..Detection::default()
    })
}

/// A row of the detection search: what an agent found and did.
fn row<'a>(object: &Object<'a>, line: &Line<'a>) -> Record<'a> {
    let first = |key: &str| {
        let value = object.get(key)?;
        value
            .text()
            .or_else(|| value.items().next().and_then(Value::text))
    };
    let said = first("act")
        .or_else(|| first("actResult"))
        .unwrap_or_default();
    let graded = object.first(&["riskLevel", "severity"]).unwrap_or_default();
    let severity = match &*graded {
        "" => words::severity(""),
        word => words::out_of_ten(word),
    };
    let end = |address: &str, port: &str| Endpoint {
        address: first(address),
        port: object.get(port).and_then(Value::integer),
    };
    detected(Detection {
        time_us: object
            .first(&["eventTimeDT", "eventTime", "rt"])
            .and_then(|at| instant(&at, line)),
        device: object.first(&["endpointHostName", "dvchost", "endpointGuid"]),
        title: object
            .first(&["malName", "ruleName", "eventName"])
            .unwrap_or_default(),
        rule: object.first(&["ruleId", "eventId"]).unwrap_or_default(),
        category: object
            .first(&["malType", "eventName", "eventSubName"])
            .unwrap_or_default(),
        severity,
        graded,
        action: match &*said {
            "" => Action::Detected,
            "Quarantine" | "Delete" | "Clean" | "Block" | "Terminate" => Action::Blocked,
            word => words::action(word),
        },
        said,
        source: end("src", "spt"),
        destination: end("dst", "dpt"),
        user: object.first(&["suser", "logonUser"]),
        file: object.first(&["fullPath", "filePath", "fileName", "request"]),
        alert_id: object.text("uuid"),
        ..Detection::default()
    })
}
