//! JSON documents that a vendor's interface answers with: pulled again they hold the same records at other places and with another status.

use std::fs;

use serde_json::{Value, json};
use sonae::jobs::read_spool::Done;

use super::Trial;
use super::files::{Place, Spool};

/// On the day on which `Place` receives.
const AT: &str = "2026-05-28T18:00:00Z";

/// An alert of Microsoft Graph.
fn alert(number: u32, status: &str, at: &str) -> Value {
    json!({
        "id": format!("da{number}"), "providerAlertId": format!("da{number}"), "status": status, "severity": "high",
        "serviceSource": "microsoftDefenderForEndpoint", "title": "T", "createdDateTime": at,
    })
}

fn wrapped(alerts: &[Value]) -> Value {
    json!({"@odata.context": "x", "value": alerts})
}

/// Reads documents one after another; each brings so many new records, and so many that are known.
fn check(documents: &[(String, i64, u64)]) {
    let place = Place::new();
    let mut stored = 0;
    for (document, lines, known) in documents {
        let came = place.files().read(document.as_bytes(), None).unwrap();
        let told = (came.counts.lines, came.known_records);
        assert_eq!(told, (*lines, *known), "{document}");
        let read: u64 = came.formats.values().chain(came.unread.values()).sum();
        assert_eq!(read, *lines as u64, "what is told of known records");
        stored += lines;
        assert_eq!(place.stored(), stored);
    }
}

#[test]
fn a_document_that_is_pulled_again_brings_its_new_records() {
    let new = |number| alert(number, "new", AT);
    let done = |number| alert(number, "resolved after long work", AT);
    let all = |alerts: &[Value]| wrapped(alerts).to_string();
    check(&[
        (all(&[new(1), new(2)]), 2, 0),
        (all(&[new(1), new(2)]), 0, 2),
        (all(&[new(1), new(2), new(3)]), 1, 2),
        // The newest first, an earlier one longer than it was, and one of two pages on both.
        (all(&[new(4), new(3), new(2), new(1)]), 1, 3),
        (all(&[done(1), new(5), done(2)]), 1, 2),
        (all(&[new(6), new(6), done(6)]), 1, 2),
        // Another shape of the same.
        (json!([new(1), new(7)]).to_string(), 1, 1),
        (format!("{:#}", wrapped(&[new(8), new(7)])), 1, 1),
        (all(&[]), 0, 0),
    ]);
}

#[test]
fn records_without_an_id_of_their_own_are_known_by_their_bytes() {
    let row =
        |file: &str| json!({"AlertId": "da1", "Title": "T", "Timestamp": AT, "FileName": file});
    let sophos = |id: &str, kind: &str| json!({"id": id, "type": kind, "when": AT, "name": "N", "severity": "low"});
    let (found, quiet) = (
        "Event::Endpoint::CoreDetection",
        "Event::Endpoint::UpdateSuccess",
    );
    let all = |records: &[Value]| json!({"has_more": false, "items": records}).to_string();
    check(&[
        (all(&[row("a"), row("b"), alert(1, "new", AT)]), 3, 0),
        (all(&[row("c"), row("b"), row("a")]), 1, 2),
        // The same id of another vendor, activities, and what nobody reads.
        (all(&[sophos("da1", found), sophos("e2", quiet)]), 2, 0),
        (all(&[sophos("e2", quiet), sophos("da1", found)]), 0, 2),
        (all(&[json!({"a": 1}), json!({"a": 2})]), 2, 0),
        (all(&[json!({"a": 3}), json!({"a": 2})]), 1, 1),
        // It broke off while it was pulled: what is torn is kept as it came, and the whole one counts.
        (
            all(&[json!({"b": 1}), json!({"b": 2})])
                .split_at(40)
                .0
                .to_owned(),
            2,
            0,
        ),
        (all(&[json!({"b": 1}), json!({"b": 2})]), 1, 1),
    ]);
}

#[test]
fn the_command_tells_what_it_knew() {
    let trial = Trial::new("1", "1");
    let answer = trial.logs().join("alerts.json");
    for (document, lines, known) in [
        (wrapped(&[alert(1, "new", AT), alert(2, "new", AT)]), 2, 0),
        (
            wrapped(&[
                alert(3, "new", AT),
                alert(2, "resolved", AT),
                alert(1, "new", AT),
            ]),
            1,
            2,
        ),
    ] {
        fs::write(&answer, document.to_string()).unwrap();
        let told = trial.import("0000", "edr", &answer);
        assert_eq!(
            (&told["lines"], &told["known_records"]),
            (&json!(lines), &json!(known))
        );
        assert_eq!(told["formats"], json!({"defender": lines}));
        assert_eq!(told["detections"], json!(lines));
    }
    let again = trial.import("0000", "edr", &answer);
    assert_eq!(
        (&again["files"][0]["new_bytes"], &again["formats"]),
        (&json!(0), &json!({}))
    );
    trial.sound();
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_that_are_laid_down_again_are_moved_and_bring_what_is_new() {
    let spool = Spool::new((-1, 1)).await;
    let at = spool.office.app.clock.now().to_string();
    let documents = [
        (wrapped(&[alert(1, "new", &at), alert(2, "new", &at)]), 2),
        (
            wrapped(&[
                alert(3, "new", &at),
                alert(2, "resolved", &at),
                alert(1, "new", &at),
            ]),
            3,
        ),
    ];
    for (document, stored) in documents {
        spool.lay("alerts.json", document.to_string().as_bytes());
        assert_eq!(spool.rounds(2), Done { read: 1, failed: 0 });
        assert_eq!(spool.stored(), stored);
    }
    assert_eq!(spool.names("done"), ["alerts.json", "alerts.json.1"]);
}
