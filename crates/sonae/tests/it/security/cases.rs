//! A case that is not somebody's to see is, on every address and for everything that can be done, a case that does not exist.

use axum::body::Body;
use axum::http::{Method, Request, header};
use jiff::SignedDuration;
use sonae::api::staff::endpoints;
use sonae::pages::office::door;
use sonae::staff::token::{self, Order};
use sonae_core::access::{Grant, StaffRole, allowed};
use sonae_core::flow::{Actor, Event};

use crate::case::Desk;
use crate::office::Reply;
use crate::staff::signed_in::SignedIn;

/// A number that nobody has, of the same shape.
const UNKNOWN: &str = "R6-333-34A";

/// The paths in which a case is named, with a number in the place of its parameter.
fn path(pattern: &str, number: &str) -> Option<String> {
    let named = ["{receipt_number}", "{number}"];
    let name = named.into_iter().find(|name| pattern.contains(name))?;
    let mut path = pattern.replace(name, number);
    for (name, value) in [
        ("{version}", "1"),
        ("{course}", "utm"),
        ("{kind}", "basic-policy"),
        ("{section}", "1"),
        ("{question}", "people"),
        ("{format}", "pdf"),
        ("{month}", "2026-06"),
        ("{day}", "2024-06-02"),
        ("{line}", "1"),
        ("{id}", "01900000-0000-7000-8000-000000000000"),
    ] {
        path = path.replace(name, value);
    }
    assert!(
        !path.contains('{'),
        "{pattern} has a parameter that this test does not know"
    );
    Some(path)
}

async fn send(desk: &Desk, method: &Method, path: &str, person: &SignedIn) -> Reply {
    if *method == Method::GET {
        return person.get(&desk.office, path).await;
    }
    let fields = [
        ("version", "0"),
        ("step", "act"),
        ("reason", "x"),
        ("text", "x"),
    ];
    person.post(&desk.office, path, &fields).await
}

/// A page without what differs for every request: the number that was asked for.
fn without(reply: &Reply, number: &str) -> String {
    reply.text.replace(number, "")
}

#[tokio::test]
async fn nobody_sees_or_touches_a_case_that_is_not_hers() {
    let desk = Desk::new().await;
    // The case is an expert's, and not hers who tries.
    let hers = desk.office.sign_in(StaffRole::Expert).await;
    let secretary = Actor::Staff {
        id: desk.person.id.clone(),
        role: StaffRole::Secretariat,
    };
    let to = Some(hers.id.clone());
    desk.act(Event::ExpertAssigned { to }, secretary.clone())
        .await;
    let technician = desk.office.sign_in(StaffRole::Technician).await;
    // Assigned, but participation is not confirmed.
    let to = Some(technician.id.clone());
    desk.act(Event::Assigned { to }, secretary).await;
    let version = desk.stored().await.case.version;
    let strangers = [
        (
            StaffRole::Expert,
            desk.office.sign_in(StaffRole::Expert).await,
        ),
        (StaffRole::Technician, technician),
        (StaffRole::Desk, desk.office.sign_in(StaffRole::Desk).await),
    ];
    let mut tried = 0;
    for entry in door(&desk.office.app).entries() {
        let (Some(given), Some(unknown)) =
            (path(entry.path, &desk.number), path(entry.path, UNKNOWN))
        else {
            continue;
        };
        for (role, person) in &strangers {
            let what = format!("{} {} as {}", entry.method, entry.path, role.as_str());
            let reply = send(&desk, &entry.method, &given, person).await;
            let none = send(&desk, &entry.method, &unknown, person).await;
            let expected = match allowed(*role, entry.action) {
                Grant::No => 403,
                Grant::Assigned | Grant::Yes => 404,
            };
            assert_eq!(reply.status, expected, "{what}");
            assert_eq!(reply.status, none.status, "{what}");
            assert_eq!(
                without(&reply, &desk.number),
                without(&none, UNKNOWN),
                "{what}"
            );
            tried += 1;
        }
    }
    assert!(tried > 60, "{tried}");
    assert_eq!(
        desk.stored().await.case.version,
        version,
        "nothing was done"
    );
}

#[tokio::test]
async fn a_token_sees_no_case_that_is_not_its_own() {
    let desk = Desk::new().await;
    for role in [StaffRole::Expert, StaffRole::Technician, StaffRole::Desk] {
        let order = Order {
            name: "別のシステム".to_owned(),
            role,
            scopes: Vec::new(),
            created_by: "command".to_owned(),
            expires_at: desk.office.app.clock.now() + SignedDuration::from_hours(1),
        };
        let token = token::make(&desk.office.app, "command".to_owned(), order);
        let token = token.await.expect("made");
        for endpoint in endpoints() {
            let (Some(given), Some(unknown)) = (
                path(endpoint.path, &desk.number),
                path(endpoint.path, UNKNOWN),
            ) else {
                continue;
            };
            let ask = |path: String| {
                let request = Request::builder()
                    .method(endpoint.method.clone())
                    .uri(path)
                    .header(header::AUTHORIZATION, format!("Bearer {token}"))
                    .header(header::CONTENT_TYPE, "application/json")
                    .header("Idempotency-Key", "k");
                let body = Body::from(r#"{"event":"noted","text":"x"}"#);
                desk.office.send(request.body(body).expect("a request"))
            };
            let what = format!("{} {} as {role:?}", endpoint.method, endpoint.path);
            let (reply, none) = (ask(given).await, ask(unknown).await);
            let expected = match allowed(role, endpoint.action) {
                Grant::No => 403,
                Grant::Assigned | Grant::Yes => 404,
            };
            assert_eq!(reply.status, expected, "{what}: {}", reply.text);
            assert_eq!(
                without(&reply, &desk.number),
                without(&none, UNKNOWN),
                "{what}"
            );
        }
    }
    assert_eq!(desk.stored().await.case.version, 0, "nothing was done");
}
