//! Microsoft Defender: alerts of Microsoft Graph (security alert v2), of the Defender for Endpoint interface, and rows of advanced hunting.

use std::borrow::Cow;

use super::{Line, activity, class, detected};
use crate::detection::{Action, Activity, Detection, Record};
use crate::json::{Object, Value};
use crate::{time, words};

pub(super) fn read<'a>(object: &Object<'a>, line: &Line<'a>) -> Option<Record<'a>> {
    // The streaming interface wraps rows: {"time": …, "category": "AdvancedHunting-AlertInfo", "properties": {…}}.
    if let Some(inner) = object
        .object("properties")
        .filter(|_| object.has("category"))
    {
        let table = object.text("category")?;
        return row(&inner, table.trim_start_matches("AdvancedHunting-"), line);
    }
    if let Some(table) = object.first(&["TableName", "Table"]) {
        return row(object, &table, line);
    }
    if let [(table, value)] = object.fields[..] {
        return row(&value.object()?, table, line);
    }
    if object.has("AlertId") && object.has("Title") {
        return row(object, "AlertInfo", line);
    }
    let graph =
        object.has("serviceSource") || object.has("providerAlertId") || object.has("alertWebUrl");
    let endpoint = object.has("machineId") || object.has("alertCreationTime");
    if !(object.has("title") && (graph || endpoint)) {
        return None;
    }
    Some(alert(object, line))
}

fn alert<'a>(object: &Object<'a>, line: &Line<'a>) -> Record<'a> {
    let clock = [
        "firstActivityDateTime",
        "firstEventTime",
        "alertCreationTime",
        "createdDateTime",
    ];
    let graded = object.text("severity").unwrap_or_default();
    let mut found = Detection {
        time_us: object
            .first(&clock)
            .and_then(|at| time::iso(&at, line.receipt)),
        device: object.first(&["computerDnsName", "machineId"]),
        title: object.text("title").unwrap_or_default(),
        rule: object
            .first(&["detectorId", "threatFamilyName", "threatName"])
            .unwrap_or_default(),
        category: object.text("category").unwrap_or_default(),
        severity: words::severity(&graded),
        graded,
        user: object
            .object("relatedUser")
            .and_then(|user| user.text("userName")),
        alert_id: object.first(&["id", "providerAlertId"]),
        ..Detection::default()
    };
    let pieces = object.get("evidence").into_iter().flat_map(Value::items);
    let mut left = None;
    for piece in pieces.filter_map(Value::object) {
        evidence(&mut found, &piece);
        left = left.or_else(|| still_there(&piece));
    }
    if let Some(word) = left {
        (found.action, found.said) = (Action::Detected, word);
    }
    if found.action == Action::Unknown && found.said.is_empty() {
        // Defender writes what it did into the title: "'EICAR_Test_File' malware was prevented".
        let stopped = words::any(&found.title, &["was prevented", "was blocked"]);
        found.action = if stopped {
            Action::Blocked
        } else {
            Action::Detected
        };
    }
    detected(found)
}

/// What a file or process is said to be when nobody stopped or removed it. Devices, people and addresses are often "active" whatever was done.
fn still_there<'a>(piece: &Object<'a>) -> Option<Cow<'a, str>> {
    let kind = piece.first(&["@odata.type", "at_sign_odata_type", "entityType"])?;
    let word = piece.text("remediationStatus")?;
    let still = [
        "active",
        "unremediated",
        "declined",
        "pendingApproval",
        "running",
    ];
    let still = still.iter().any(|one| word.eq_ignore_ascii_case(one));
    (still && words::any(&kind, &["file", "process"])).then_some(word)
}

/// One piece of evidence: the first device, user, address and file are the alert's; what was done is the strongest of all.
fn evidence<'a>(found: &mut Detection<'a>, piece: &Object<'a>) {
    let kind = piece
        .first(&["@odata.type", "at_sign_odata_type", "entityType"])
        .unwrap_or_default();
    let is = |word: &str| words::any(&kind, &[word]);
    if is("device") && found.device.is_none() {
        found.device = piece.first(&["deviceDnsName", "hostName", "mdeDeviceId"]);
    }
    if found.user.is_none() {
        let account = piece.object("userAccount");
        found.user = account
            .and_then(|it| it.first(&["userPrincipalName", "accountName"]))
            .or_else(|| piece.first(&["userPrincipalName", "accountName"]));
    }
    if is("ip") && found.source.address.is_none() {
        found.source.address = piece.text("ipAddress");
        found.country = piece.text("countryLetterCode");
    }
    if found.file.is_none() {
        let details = piece
            .object("fileDetails")
            .or_else(|| piece.object("imageFile"));
        let whole = |it: &Object<'a>| match (it.text("filePath"), it.text("fileName")) {
            (Some(path), Some(name)) => Some(Cow::Owned([&*path, "\\", &*name].concat())),
            (path, name) => path.or(name),
        };
        found.file = details
            .as_ref()
            .and_then(whole)
            .or_else(|| whole(piece))
            .or_else(|| piece.text("url"));
    }
    for key in ["remediationStatus", "detectionStatus"] {
        let Some(word) = piece.text(key) else {
            continue;
        };
        let action = done(&word);
        if action != Action::Unknown && rank(action) > rank(found.action)
            || found.said.is_empty() && action == Action::Unknown && !is_silent(&word)
        {
            (found.action, found.said) = (action, word);
        }
    }
}

/// What stopped it counts more than what repaired it, and that more than what only saw it.
const fn rank(action: Action) -> u8 {
    match action {
        Action::Blocked => 4,
        Action::Other => 3,
        Action::Detected => 2,
        Action::Allowed => 1,
        Action::Unknown => 0,
    }
}

fn is_silent(word: &str) -> bool {
    matches!(
        word,
        "none" | "unknown" | "unknownFutureValue" | "notFound" | "None" | "Unknown"
    )
}

fn done(word: &str) -> Action {
    match word {
        "prevented" | "blocked" | "Prevented" | "Blocked" => Action::Blocked,
        "remediated" | "partiallyRemediated" | "Remediated" | "PartiallyRemediated" => {
            Action::Other
        }
        "active" | "detected" | "pendingApproval" | "declined" | "unremediated" | "running"
        | "Active" | "Detected" => Action::Detected,
        _ => Action::Unknown,
    }
}

/// A row of a table of advanced hunting.
fn row<'a>(object: &Object<'a>, table: &str, line: &Line<'a>) -> Option<Record<'a>> {
    let known = ["Device", "Alert", "Email", "Identity", "CloudApp", "Url"];
    let clock = object.text("Timestamp");
    if !known.iter().any(|word| table.starts_with(word)) || clock.is_none() {
        return None;
    }
    let time_us = clock.and_then(|at| time::iso(&at, line.receipt));
    let device = object.first(&["DeviceName", "DeviceId"]);
    // Rows of evidence repeat the alert's title for each of its pieces.
    if !object.has("Title") || table.starts_with("AlertEvidence") || object.has("EntityType") {
        return Some(Record::Activity(Activity {
            time_us,
            device,
            ..activity(class::NONE, "hunting")
        }));
    }
    let graded = object.text("Severity").unwrap_or_default();
    let action = match words::any(
        &object.text("Title").unwrap_or_default(),
        &["was prevented", "was blocked"],
    ) {
        true => Action::Blocked,
        false => Action::Detected,
    };
    let mut found = Detection {
        time_us,
        device,
        title: object.text("Title").unwrap_or_default(),
        rule: object
            .first(&["DetectorId", "DetectionSource"])
            .unwrap_or_default(),
        category: object.text("Category").unwrap_or_default(),
        severity: words::severity(&graded),
        graded,
        action,
        user: object.first(&["AccountUpn", "AccountName"]),
        file: object.first(&["FileName", "RemoteUrl"]),
        alert_id: object.text("AlertId"),
        ..Detection::default()
    };
    found.destination.address = object.text("RemoteIP");
    Some(detected(found))
}
