//! Alerts of Microsoft Graph, version 2; some come again with another status.

use super::{Finding, Sheet, clock};
use crate::detection::{Action, Severity};

/// Detector, title, category, severity.
const ALERTS: [(&str, &str, &str, &str); 5] = [
    ("d-0001", "An active malware was found", "Malware", "medium"),
    (
        "d-0002",
        "Suspicious PowerShell command line",
        "Execution",
        "high",
    ),
    (
        "d-0003",
        "Sign-in from an anonymous address",
        "InitialAccess",
        "medium",
    ),
    ("d-0004", "Unwanted software", "UnwantedSoftware", "low"),
    (
        "d-0005",
        "Test of the connection",
        "SuspiciousActivity",
        "informational",
    ),
];

pub(super) fn line(sheet: &mut Sheet, at_us: i64) -> String {
    let (detector, title, category, graded) = ALERTS[sheet.dice.index(ALERTS.len())];
    let (status, action) = match sheet.dice.below(4) {
        0 => ("prevented", Action::Blocked),
        1 => ("remediated", Action::Other),
        2 => ("active", Action::Detected),
        _ => ("none", Action::Detected),
    };
    // An alert of before comes again when somebody works on it.
    let again = !sheet.alerts.is_empty() && sheet.dice.below(10) == 0;
    let number = match again {
        true => sheet.alerts[sheet.dice.index(sheet.alerts.len())],
        false => sheet.batch.lines.len(),
    };
    if !again {
        sheet.alerts.push(number);
    }
    sheet.truth.repeated += u64::from(again);
    let source = sheet.outside();
    sheet.finding(&Finding {
        rule: detector,
        severity: match graded {
            "informational" => Severity::Informational,
            "low" => Severity::Low,
            "medium" => Severity::Medium,
            _ => Severity::High,
        },
        action,
        events: 1,
        source: Some(&source),
    });
    let id = format!(
        "da{:04}{:06}_{number}",
        sheet.batch.company, sheet.batch.day
    );
    let (clock, worked) = (clock(at_us, 0), if again { "inProgress" } else { "new" });
    format!(
        r##"{{"@odata.type":"#microsoft.graph.security.alert","id":"{id}","providerAlertId":"{id}","status":"{worked}","severity":"{graded}","serviceSource":"microsoftDefenderForEndpoint","detectionSource":"antivirus","detectorId":"{detector}","title":"{title}","category":"{category}","createdDateTime":"{clock}Z","firstActivityDateTime":"{clock}Z","lastActivityDateTime":"{clock}Z","evidence":[{{"@odata.type":"#microsoft.graph.security.deviceEvidence","deviceDnsName":"{device}","osPlatform":"Windows11","remediationStatus":"{status}"}},{{"@odata.type":"#microsoft.graph.security.ipEvidence","ipAddress":"{source}","countryLetterCode":"JP"}},{{"@odata.type":"#microsoft.graph.security.userEvidence","userAccount":{{"accountName":"hanako","userPrincipalName":"hanako@example.jp"}}}}]}}"##,
        device = sheet.batch.device,
    )
}
