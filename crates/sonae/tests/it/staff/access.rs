//! Every route of the office with every role: the list comes from the door, so no route is forgotten.

use axum::body::Body;
use axum::http::{Method, Request, header};
use sonae::pages::office::door;
use sonae_core::access::{Grant, StaffRole, allowed};

use super::signed_in::SignedIn;
use crate::office::{OPEN_R6, Office, Reply};

/// A path with something in the place of its parameters.
fn concrete(path: &str) -> String {
    let parts = path.split('/').map(|part| match part.starts_with('{') {
        true => "0000",
        false => part,
    });
    parts.collect::<Vec<_>>().join("/")
}

async fn send(office: &Office, method: &Method, path: &str, who: Option<&SignedIn>) -> Reply {
    let mut request = Request::builder().method(method).uri(path);
    let mut body = Body::empty();
    if let Some(who) = who {
        request = request.header(header::COOKIE, who.cookies());
        body = Body::from(format!("csrf={}", who.csrf));
    }
    if method != Method::GET {
        request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    }
    office.send(request.body(body).expect("a request")).await
}

#[tokio::test]
async fn every_route_with_every_role() {
    let office = Office::open_with(OPEN_R6, &["--no-rate-limit"]);
    let door = door(&office.app);
    assert!(!door.entries().is_empty());
    for entry in door.entries() {
        let path = concrete(entry.path);
        let what = |role: &str| format!("{} {} as {role}", entry.method, entry.path);
        let nobody = send(&office, &entry.method, &path, None).await;
        assert_eq!(nobody.status, 303, "{}", what("nobody"));
        assert!(
            nobody.header("location").starts_with("/sign-in?to="),
            "{}",
            what("nobody")
        );
        for role in StaffRole::ALL {
            // Signed in anew each time, since one of the routes ends the session.
            let person = office.sign_in(role).await;
            let reply = send(&office, &entry.method, &path, Some(&person)).await;
            let refused = reply.text.contains("このページはご利用になれません");
            let expected = allowed(role, entry.action) == Grant::No;
            assert_eq!(
                refused,
                expected,
                "{}: {}",
                what(role.as_str()),
                reply.status
            );
            assert_eq!(refused, reply.status == 403, "{}", what(role.as_str()));
            assert!(reply.status.as_u16() < 500, "{}", what(role.as_str()));
        }
    }
}

/// What changes something without the session's token changes nothing.
#[tokio::test]
async fn every_form_needs_the_token_of_its_session() {
    let office = Office::open_with(OPEN_R6, &["--no-rate-limit"]);
    let door = door(&office.app);
    let other = office.sign_in(StaffRole::Secretariat).await;
    for entry in door
        .entries()
        .iter()
        .filter(|entry| entry.method != Method::GET)
    {
        let role = StaffRole::ALL
            .into_iter()
            .find(|role| allowed(*role, entry.action) != Grant::No)
            .expect("somebody may do it");
        let person = office.sign_in(role).await;
        let path = concrete(entry.path);
        for token in [None, Some(""), Some("0000"), Some(other.csrf.as_str())] {
            let fields: Vec<(&str, &str)> =
                token.map(|token| ("csrf", token)).into_iter().collect();
            let reply = person.post_without_token(&office, &path, &fields).await;
            assert_eq!(reply.status, 403, "{} with {token:?}", entry.path);
            assert!(
                reply.text.contains("画面が古くなっていた"),
                "{}",
                entry.path
            );
        }
        let json = person
            .post_body(&office, &path, "application/json", "{}")
            .await;
        assert_eq!(json.status, 400, "{} with JSON", entry.path);
    }
}

#[tokio::test]
async fn the_first_page_follows_the_role() {
    let office = Office::open(OPEN_R6);
    for (role, first) in [
        (StaffRole::Secretariat, "/office/cases"),
        (StaffRole::Sponsor, "/office/cases"),
        (StaffRole::Expert, "/office/cases"),
        (StaffRole::Admin, "/office/programs"),
    ] {
        let person = office.sign_in(role).await;
        let reply = person.get(&office, "/office").await;
        assert_eq!(
            (reply.status.as_u16(), reply.header("location")),
            (303, first)
        );
    }
}

#[tokio::test]
async fn signing_out_ends_the_session_in_the_database() {
    let office = Office::open(OPEN_R6);
    let person = office.sign_in(StaffRole::Desk).await;
    let reply = person.post(&office, "/office/account/sign-out", &[]).await;
    assert_eq!(reply.header("location"), "/sign-in");
    assert!(
        reply
            .header("set-cookie")
            .contains("sonae=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0")
    );
    let id = person.id.clone();
    let left = (office.app)
        .read(move |tx| sonae_store::session::of_staff(tx, &id))
        .await;
    assert_eq!(left.expect("readable"), []);
    assert_eq!(
        person.get(&office, "/office").await.header("location"),
        "/sign-in?to=%2Foffice"
    );
}
