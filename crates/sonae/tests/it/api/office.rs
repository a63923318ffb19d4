//! The interface behind the door: what a token may do, that everything described happens, and that a command is done once.

mod checks;
mod devices;
mod everything;
mod findings;
mod once;
mod papers;
mod places;
mod publishing;
mod reports;

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::{Request, header};
use jiff::SignedDuration;
use serde_json::{Value, json};
use sonae::api::staff::endpoints;
use sonae::staff::session;
use sonae::staff::token::{self, Order};
use sonae_core::access::{Action, Grant, StaffRole, allowed};
use sonae_store::{audit, case_event};

use crate::office::{OPEN_R6, Office, R6, Reply, complete};

/// Another system with its token.
struct System {
    id: String,
    token: String,
}

impl System {
    async fn new(office: &Office, role: StaffRole, scopes: &[Action]) -> System {
        let order = Order {
            name: "別のシステム".to_owned(),
            role,
            scopes: scopes.to_vec(),
            created_by: "command".to_owned(),
            expires_at: office.app.clock.now() + SignedDuration::from_hours(24),
        };
        let token = token::make(&office.app, "command".to_owned(), order).await;
        let token = token.expect("made");
        let (hash, now) = (session::id_of(&token), office.app.clock.now());
        let db = &office.app.db;
        let kept = db.read(|tx| sonae_store::api_token::find(tx, &hash, now));
        let id = kept.expect("readable").expect("kept").id;
        System { id, token }
    }

    async fn send(&self, office: &Office, asked: &Asked) -> Reply {
        let mut request = Request::builder()
            .method(asked.method)
            .uri(&asked.path)
            .header(header::AUTHORIZATION, format!("Bearer {}", self.token));
        if let Some(key) = &asked.key {
            request = request.header("Idempotency-Key", key);
        }
        if let Some(kind) = asked.kind {
            request = request.header(header::CONTENT_TYPE, kind);
        }
        let body = Body::from(asked.body.clone());
        office.send(request.body(body).expect("a request")).await
    }

    async fn get(&self, office: &Office, path: &str) -> Reply {
        self.send(office, &Asked::get(path)).await
    }

    async fn post(&self, office: &Office, path: &str, body: Value) -> Reply {
        self.send(office, &Asked::post(path, body)).await
    }
}

/// A request.
#[derive(Clone)]
struct Asked {
    method: &'static str,
    path: String,
    key: Option<String>,
    kind: Option<&'static str>,
    body: Vec<u8>,
}

impl Asked {
    fn get(path: &str) -> Asked {
        Asked {
            method: "GET",
            path: path.to_owned(),
            key: None,
            kind: None,
            body: Vec::new(),
        }
    }

    fn post(path: &str, body: Value) -> Asked {
        Asked {
            method: "POST",
            kind: Some("application/json"),
            body: body.to_string().into_bytes(),
            ..Asked::get(path)
        }
    }

    fn put(path: &str, body: Value) -> Asked {
        Asked {
            method: "PUT",
            ..Asked::post(path, body)
        }
    }

    fn bytes(self, body: &[u8]) -> Asked {
        Asked {
            body: body.to_vec(),
            ..self
        }
    }

    fn of_kind(self, kind: &'static str) -> Asked {
        Asked {
            kind: Some(kind),
            ..self
        }
    }

    fn key(self, key: &str) -> Asked {
        Asked {
            key: Some(key.to_owned()),
            ..self
        }
    }
}

async fn open() -> (Office, String) {
    let office = Office::open_with(OPEN_R6, &["--no-rate-limit"]);
    let mut body = complete(R6);
    body["corporate_number"] = json!("7000012050002");
    let received = office.apply(R6, "k", body.to_string()).await;
    let number = received.json()["receipt_number"]
        .as_str()
        .map(str::to_owned);
    (office, number.expect("received"))
}

/// What must not be sent to a command that is done once for each key, whatever it does.
fn of_command(path: &'static str, here: &str, nowhere: &str) -> Vec<everything::Trial> {
    let asked = Asked::post(here, json!({ "unknown": 1 }));
    let keyed = asked.clone().key("of-command");
    vec![
        (path, asked, 400),
        (path, keyed.clone(), 422),
        (path, keyed.clone().bytes(b"{"), 400),
        (path, keyed.clone().bytes(&vec![b' '; 70_000]), 413),
        (path, keyed.of_kind("text/plain"), 415),
        (path, Asked::post(nowhere, json!({})).key("nowhere"), 404),
    ]
}

/// A path of the list with something in the place of its parameters.
fn concrete(path: &str, number: &str) -> String {
    path.replace("{receipt_number}", number)
        .replace("{id}", R6)
        .replace("{revision}", "0000")
        .replace("{course}", "utm")
        .replace("{kind}", "basic-policy")
        .replace("{version}", "1")
        .replace("{day}", "2024-06-02")
        .replace("{month}", "2024-05")
        .replace("{number}", "1")
}

#[tokio::test]
async fn every_address_with_every_role() {
    let (office, number) = open().await;
    for endpoint in endpoints() {
        let asked = Asked {
            method: match endpoint.method.as_str() {
                "POST" => "POST",
                "PUT" => "PUT",
                _ => "GET",
            },
            ..Asked::get(&concrete(endpoint.path, &number))
        };
        let what = |who: &str| format!("{} {} as {who}", endpoint.method, endpoint.path);
        let nobody = System {
            id: String::new(),
            token: "sonae_none".to_owned(),
        };
        let reply = nobody.send(&office, &asked).await;
        assert_eq!(reply.status, 401, "{}", what("nobody"));
        assert_eq!(reply.header("www-authenticate"), "Bearer realm=\"sonae\"");
        for role in StaffRole::ALL {
            let system = System::new(&office, role, &[]).await;
            let reply = system.send(&office, &asked).await;
            let is_refused = reply.status == 403;
            let expected = allowed(role, endpoint.action) == Grant::No;
            assert_eq!(
                is_refused,
                expected,
                "{}: {}",
                what(role.as_str()),
                reply.text
            );
            assert!(reply.status.as_u16() < 500, "{}", what(role.as_str()));
        }
        // A token with another scope than this one may not either.
        let other = match endpoint.action {
            Action::ReadFigures => Action::ReadCase,
            _ => Action::ReadFigures,
        };
        let narrow = System::new(&office, StaffRole::Secretariat, &[other]).await;
        let reply = narrow.send(&office, &asked).await;
        assert_eq!(reply.status, 403, "{}", what("a token of another scope"));
    }
}

#[tokio::test]
async fn an_action_is_done_once_and_conflicts_are_told() {
    let (office, number) = open().await;
    let system = System::new(&office, StaffRole::Secretariat, &[]).await;
    let case = format!("/api/v1/cases/{number}");
    let before = system.get(&office, &case).await.json();
    assert_eq!(
        (&before["status"], &before["version"]),
        (&json!("open"), &json!(0))
    );
    let reached =
        json!({ "event": "contacted", "channel": "phone", "outcome": "reached", "version": 0 });
    let act = Asked::post(&format!("{case}/actions"), reached);
    let foreseen = system
        .send(
            &office,
            &Asked {
                path: format!("{case}/preview"),
                ..act.clone()
            },
        )
        .await
        .json();
    let first = system.send(&office, &act.clone().key("k1")).await;
    let again = system.send(&office, &act.clone().key("k1")).await;
    assert_eq!(first.status, 200, "{}", first.text);
    assert_eq!(first.text, again.text);
    assert_eq!(first.json()["version"], 1);
    assert_eq!(foreseen["after"]["step"], first.json()["step"]);
    // Somebody who read the case before that is told so; a note fits whatever stands.
    let late = json!({ "event": "withdrawn", "reason": "電話で", "version": 0 });
    let conflict = system
        .send(
            &office,
            &Asked::post(&format!("{case}/actions"), late).key("k2"),
        )
        .await;
    assert_eq!(conflict.json()["type"], "urn:sonae:problem:conflict");
    assert_eq!(conflict.json()["version"], 1);
    let timeline = system
        .get(&office, &format!("{case}/timeline"))
        .await
        .json();
    let events = timeline["events"].as_array().expect("events");
    assert_eq!(events.len(), 1);
    assert_eq!(events[0]["event"]["event"], "contacted");
    assert!(
        events[0]["actor"]
            .as_str()
            .is_some_and(|actor| actor.starts_with("staff:"))
    );
    // The log knows who read and what was done.
    let log = office.app.db.read(audit::tail).expect("readable");
    assert!(log.next_index > 3);
    let id = before["receipt_number"].as_str().map(str::to_owned);
    assert_eq!(id.as_deref(), Some(number.as_str()));
    let stored = office.app.db.read(|tx| {
        let stored = sonae_store::case::by_receipt(tx, &number)?.expect("a case");
        case_event::of_application(tx, &stored.application_id)
    });
    assert_eq!(stored.expect("readable").len(), 1);
}

#[tokio::test]
async fn scopes_narrow_what_a_token_does_with_a_case() {
    let (office, number) = open().await;
    let reader = System::new(&office, StaffRole::Secretariat, &[Action::ReadCase]).await;
    let act = format!("/api/v1/cases/{number}/preview");
    let note = json!({ "event": "noted", "text": "x" });
    let refused = reader.post(&office, &act, note.clone()).await;
    assert_eq!(refused.status, 403);
    assert!(refused.text.contains("work_case"), "{}", refused.text);
    let scopes = [Action::ReadCase, Action::WorkCase];
    let worker = System::new(&office, StaffRole::Secretariat, &scopes).await;
    assert_eq!(worker.post(&office, &act, note).await.status, 200);
    // To offer a place is one thing, to pass somebody over another.
    let scopes = [Action::ReadCase, Action::ManageWaitingList];
    let keeper = System::new(&office, StaffRole::Secretariat, &scopes).await;
    let offer = |reason: &str| json!({ "event": "offered", "course": "utm", "reason": reason });
    assert_eq!(keeper.post(&office, &act, offer("")).await.status, 200);
    let refused = keeper.post(&office, &act, offer("急ぐため")).await;
    assert_eq!(refused.status, 403);
    assert!(refused.text.contains("override_order"), "{}", refused.text);
    let approve = json!({ "event": "approved" });
    assert_eq!(
        worker.post(&office, &act, approve.clone()).await.status,
        403
    );
    // A role that sees assigned cases only sees none of the others.
    let expert = System::new(&office, StaffRole::Expert, &[]).await;
    let case = format!("/api/v1/cases/{number}");
    assert_eq!(expert.get(&office, &case).await.status, 404);
    let list = expert.get(&office, "/api/v1/cases").await;
    assert_eq!(list.json(), json!({ "cases": [], "next": null }));
    // The sponsor may decide, and is refused by the state of the case.
    let sponsor = System::new(&office, StaffRole::Sponsor, &[]).await;
    let preview = sponsor.post(&office, &act, approve).await.json();
    assert_eq!(preview["allowed"], json!(false));
}

#[tokio::test]
async fn pages_of_cases_follow_one_another() {
    let (office, first) = open().await;
    for number in 0..4 {
        let received = office
            .apply(R6, &format!("p{number}"), complete(R6).to_string())
            .await;
        assert_eq!(received.status, 201);
    }
    let system = System::new(&office, StaffRole::Secretariat, &[]).await;
    for sort in ["due", "newest", "oldest", "name", "updated"] {
        let mut seen = BTreeSet::new();
        let mut cursor = String::new();
        loop {
            let query = format!("sort={sort}&limit=2&cursor={cursor}");
            let page = system
                .get(&office, &format!("/api/v1/cases?{query}"))
                .await
                .json();
            for case in page["cases"].as_array().expect("cases") {
                assert!(seen.insert(case["receipt_number"].to_string()), "{sort}");
            }
            match page["next"].as_str() {
                Some(next) => next.clone_into(&mut cursor),
                None => break,
            }
        }
        assert_eq!(seen.len(), 5, "{sort}");
    }
    let body = json!({ "q": "7000012050002" });
    let found = system
        .post(&office, "/api/v1/cases/search", body)
        .await
        .json();
    assert_eq!(found["cases"].as_array().map(Vec::len), Some(1));
    assert_eq!(found["cases"][0]["receipt_number"], json!(first));
}
