//! Sophos Central: events and alerts of the SIEM interface (`/siem/v1/events`, `/siem/v1/alerts`) and of the common alerts interface.

use super::{Line, activity, class, detected};
use crate::detection::{Action, Activity, Detection, Endpoint, Record};
use crate::json::Object;
use crate::{time, words};

/// Parts of the names of kinds that tell a finding.
const FINDING: [&str; 12] = [
    "Threat",
    "Pua",
    "Core",
    "Hmpa",
    "Exploit",
    "Web",
    "Ransom",
    "Crypto",
    "Malicious",
    "DataLoss",
    "Ips",
    "Detection",
];
/// What is told of the health of updates and registrations is no finding.
const QUIET: [&str; 6] = [
    "UpdateSuccess",
    "UpdateFailure",
    "Registered",
    "UserAutoCreated",
    "SavEnabled",
    "SavScanComplete",
];

pub(super) fn read<'a>(object: &Object<'a>, line: &Line<'a>) -> Option<Record<'a>> {
    let kind = object.text("type")?;
    let alert = object.has("managedAgent") && object.has("raisedAt");
    if !(kind.starts_with("Event::") || alert) {
        return None;
    }
    let said = object.first(&["when", "raisedAt", "created_at"]);
    let time_us = said.and_then(|at| time::iso(&at, line.receipt));
    let agent = object.object("managedAgent");
    let device = (object.first(&["location", "dhost", "endpoint_id"]))
        .or_else(|| agent.and_then(|agent| agent.first(&["name", "id"])));
    let has = |words: &[&str]| words.iter().any(|word| kind.contains(word));
    if has(&QUIET) || !has(&FINDING) {
        let kind = if kind.contains("Isolat") {
            "isolation"
        } else {
            "event"
        };
        return Some(Record::Activity(Activity {
            time_us,
            device,
            ..activity(class::APPLICATION, kind)
        }));
    }
    let graded = object.text("severity").unwrap_or_default();
    let name = object.first(&["name", "description"]).unwrap_or_default();
    let (action, said) = done(&kind, &name);
    let source = object
        .object("source_info")
        .and_then(|info| info.text("ip"));
    Some(detected(Detection {
        time_us,
        device,
        title: object
            .first(&["threat", "name", "description"])
            .unwrap_or_else(|| kind.clone()),
        file: path(&name).map(|path| path.to_owned().into()),
        category: object.first(&["group", "category"]).unwrap_or_default(),
        severity: words::severity(&graded),
        graded,
        action,
        said: said.into(),
        source: Endpoint {
            address: source,
            port: None,
        },
        user: object.first(&["source", "suser"]),
        alert_id: object.text("id"),
        rule: kind,
        ..Detection::default()
    }))
}

/// The kind's last word says what was done; of intrusions only the sentence does.
fn done(kind: &str, name: &str) -> (Action, &'static str) {
    if kind.contains("Ips") && words::any(name, &["blocked"]) {
        return (Action::Blocked, "blocked");
    }
    let table = [
        ("CleanFailed", Action::Detected, "clean failed"),
        ("CleanupFailed", Action::Detected, "cleanup failed"),
        ("UserAllowed", Action::Allowed, "user allowed"),
        ("CleanedUp", Action::Blocked, "cleaned up"),
        ("Clean", Action::Blocked, "clean"),
        ("Blocked", Action::Blocked, "blocked"),
        ("Prevented", Action::Blocked, "prevented"),
        ("WebControlViolation", Action::Blocked, "violation"),
        ("Restored", Action::Other, "restored"),
        ("Dismissed", Action::Other, "dismissed"),
        ("Detect", Action::Detected, "detected"),
        ("Warn", Action::Detected, "warned"),
    ];
    (table.iter().find(|(word, ..)| kind.contains(word)))
        .map_or((Action::Detected, ""), |(_, action, said)| (*action, said))
}

/// The path in `PUA detected: 'x' at 'C:\…'`.
fn path(name: &str) -> Option<&str> {
    let (_, rest) = name.rsplit_once(" at '")?;
    rest.split('\'').next()
}
