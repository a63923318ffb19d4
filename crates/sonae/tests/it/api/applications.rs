//! `POST /api/v1/programs/{id}/applications`: once per key, in order, inside the window.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, header};
use serde_json::{Value, json};

use crate::office::{OPEN_R6, Office, R6, R7, Reply, complete};

const OPEN_R7: &str = "2025-06-02T10:00:00+09:00";

fn with(program: &str, changes: &Value) -> String {
    let mut body = complete(program);
    for (key, value) in changes.as_object().expect("an object") {
        body[key] = value.clone();
    }
    body.to_string()
}

/// The status and the last part of the problem's type.
fn kind(reply: &Reply) -> (u16, String) {
    let urn = reply.json()["type"].as_str().unwrap_or_default().to_owned();
    let kind = urn.rsplit(':').next().unwrap_or_default().to_owned();
    (reply.status.as_u16(), kind)
}

#[tokio::test]
async fn the_receipt_is_as_the_interface_says() {
    let office = Office::open(OPEN_R6);
    let reply = office.apply(R6, "k1", complete(R6).to_string()).await;
    assert_eq!(reply.status, 201, "{}", reply.text);
    assert_eq!(reply.header("cache-control"), "no-store");
    let receipt = reply.json();
    let number = receipt["receipt_number"].as_str().expect("a number");
    let places = json!([
        { "course": "utm", "position": 1, "state": "held" },
        { "course": "guidance", "position": 1, "state": "held" },
    ]);
    assert_eq!(receipt["places"], places);
    assert_eq!(receipt["program"], R6);
    assert_eq!(receipt["received_at"], "2024-06-03T10:00:00.000+09:00");
    let url = receipt["status_url"].as_str().expect("an address");
    assert_eq!(reply.header("location"), url);
    let token = url
        .strip_prefix(&format!("{}/applications/{number}/", office.app.base_url))
        .expect("the applicant's page");
    assert_eq!(token.len(), 32);
    assert_eq!(receipt["log_hash"].as_str().map(str::len), Some(64));
    assert_eq!(receipt.as_object().map(|receipt| receipt.len()), Some(7));
}

#[tokio::test]
async fn the_same_key_gives_the_same_receipt_also_after_the_window() {
    let office = Office::open(OPEN_R6);
    let first = office.apply(R6, "k1", complete(R6).to_string()).await;
    // Another order of the keys is the same content.
    let mut text = String::from("{ ");
    for (key, value) in complete(R6).as_object().expect("an object").iter().rev() {
        text.push_str(&format!("\"{key}\": {value} , "));
    }
    let text = text.trim_end_matches(" , ").to_owned() + "}";
    let again = office.apply(R6, "k1", text).await;
    assert_eq!((again.status.as_u16(), &again.text), (200, &first.text));
    let other = office
        .apply(R6, "k1", with(R6, &json!({ "employees": 46 })))
        .await;
    assert_eq!(kind(&other), (422, "idempotency-key-reused".to_owned()));
    assert_eq!(other.json()["errors"][0]["code"], "idempotency_key_reused");
    let office = office.reopen("2025-01-06T09:00:00+09:00");
    let late = office.apply(R6, "k1", complete(R6).to_string()).await;
    assert_eq!((late.status.as_u16(), &late.text), (200, &first.text));
    let new = office.apply(R6, "k2", complete(R6).to_string()).await;
    assert_eq!(kind(&new), (409, "program-closed".to_owned()));
}

#[tokio::test]
async fn the_key_is_required_and_bounded() {
    let office = Office::open(OPEN_R6);
    let address = format!("/api/v1/programs/{R6}/applications");
    let body = complete(R6).to_string();
    let none = office.post(&address, body.clone()).await;
    assert_eq!(kind(&none), (400, "idempotency-key".to_owned()));
    let (long, longest) = ("x".repeat(201), "x".repeat(200));
    for (keys, status) in [
        (vec![""], 400),
        (vec!["a b"], 400),
        (vec!["a", "b"], 400),
        (vec![long.as_str()], 400),
        (vec!["\u{9375}"], 400),
        (vec![longest.as_str()], 201),
    ] {
        let mut request = Request::post(&address).header(header::CONTENT_TYPE, "application/json");
        for key in &keys {
            request = request.header("Idempotency-Key", key.as_bytes());
        }
        let request = request.body(Body::from(body.clone())).expect("a request");
        let reply = office.send(request).await;
        assert_eq!(reply.status.as_u16(), status, "{keys:?} {}", reply.text);
    }
}

#[tokio::test]
async fn the_window_opens_and_closes_to_the_millisecond() {
    for (program, instant, status, title) in [
        (
            R6,
            "2024-05-29T23:59:59.999+09:00",
            409,
            "「UTM機器設置」の申込受付は2024年5月30日0時00分に始まります",
        ),
        (R6, "2024-05-30T00:00:00.000+09:00", 201, ""),
        (R6, "2024-11-29T23:59:59.999+09:00", 201, ""),
        (
            R6,
            "2024-11-30T00:00:00.000+09:00",
            409,
            "「UTM機器設置」の申込受付は2024年11月30日0時00分に終わりました",
        ),
        (R7, "2025-05-28T23:59:59.999+09:00", 409, "に始まります"),
        (R7, "2025-05-29T00:00:00.000+09:00", 201, ""),
    ] {
        let office = Office::open(instant);
        let reply = office
            .apply(program, "k1", complete(program).to_string())
            .await;
        assert_eq!(reply.status.as_u16(), status, "{instant} {}", reply.text);
        if status == 409 {
            assert_eq!(kind(&reply).1, "program-closed");
            let found = reply.json()["title"].as_str().expect("a title").to_owned();
            assert!(found.contains(title), "{found}");
            // Nobody should correct his answers for nothing.
            let wrong = office.apply(program, "k2", "{}").await;
            assert_eq!(kind(&wrong), (409, "program-closed".to_owned()));
        }
    }
}

#[tokio::test]
async fn who_does_not_meet_the_conditions_is_told_which() {
    let office = Office::open(OPEN_R6);
    let elsewhere = with(R6, &json!({ "prefecture": "14" }));
    let reply = office.apply(R6, "k1", elsewhere).await;
    assert_eq!(kind(&reply), (422, "ineligible".to_owned()));
    let problem = reply.json();
    assert_eq!(problem["errors"][0]["field"], "prefecture");
    assert_eq!(problem["errors"][0]["code"], "not_met");
    assert_eq!(problem["verdict"]["verdict"], "ineligible");
    // The key is free again: nothing was received under it.
    let corrected = office.apply(R6, "k1", complete(R6).to_string()).await;
    assert_eq!(corrected.status, 201);
}

#[tokio::test]
async fn two_clicks_at_once_are_one_application() {
    let office = Arc::new(Office::open(OPEN_R6));
    let body = complete(R6).to_string();
    let clicks = (0..40).map(|_| {
        let (office, body) = (office.clone(), body.clone());
        tokio::spawn(async move { office.apply(R6, "same", body).await })
    });
    let mut created = 0;
    let mut receipts = BTreeSet::new();
    for click in clicks.collect::<Vec<_>>() {
        let reply = click.await.expect("an answer");
        created += usize::from(reply.status == 201);
        assert!(reply.status.is_success(), "{}", reply.text);
        receipts.insert(reply.text);
    }
    assert_eq!((created, receipts.len()), (1, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_hundred_at_once_are_thirty_held_and_the_rest_in_order() {
    let office = Arc::new(Office::open(OPEN_R7));
    let body = complete(R7).to_string();
    let crowd = (0..500).map(|number| {
        let (office, body) = (office.clone(), body.clone());
        tokio::spawn(async move { office.apply(R7, &format!("k{number}"), body).await })
    });
    let mut places = Vec::new();
    for one in crowd.collect::<Vec<_>>() {
        let reply = one.await.expect("an answer");
        assert_eq!(reply.status, 201, "{}", reply.text);
        let receipt = reply.json();
        let place = &receipt["places"][0];
        let position = place["position"].as_i64().expect("a position");
        let log_index = receipt["log_index"].as_i64().expect("an index");
        places.push((position, log_index, place["state"] == "held"));
    }
    places.sort_unstable();
    let positions = places.iter().map(|(position, ..)| *position);
    assert!(positions.eq(1..=500));
    assert!(
        places
            .iter()
            .all(|(position, _, held)| *held == (*position <= 30))
    );
    assert!(places.is_sorted_by_key(|(_, log_index, _)| *log_index));
    let program = office.get(&format!("/api/v1/programs/{R7}")).await.json();
    let csirt = (program["courses"].as_array().expect("courses").iter())
        .find(|course| course["id"] == "csirt")
        .expect("the course");
    let expected = json!({ "total": 30, "taken": 30, "left": 0, "waiting": 470 });
    assert_eq!(
        (&csirt["places"], &csirt["vacancy"]),
        (&expected, &json!("waiting_list"))
    );
}

#[tokio::test]
async fn a_full_course_closes_and_says_so() {
    let office = Office::open(OPEN_R6);
    let body = with(R6, &json!({ "courses": ["utm"] }));
    for number in 0..550 {
        let reply = office.apply(R6, &format!("k{number}"), body.clone()).await;
        assert_eq!(reply.status, 201, "{number} {}", reply.text);
    }
    let reply = office.apply(R6, "one more", body.clone()).await;
    assert_eq!(kind(&reply), (400, "idempotency-key".to_owned()));
    let reply = office.apply(R6, "one-more", body).await;
    assert_eq!(kind(&reply), (409, "program-closed".to_owned()));
    let title = "「UTM機器設置」は定員に達したため、申込受付を終了しています";
    assert_eq!(reply.json()["title"], title);
    // A place in every course or in none.
    let both = office.apply(R6, "both", complete(R6).to_string()).await;
    assert_eq!(kind(&both).0, 409);
    let program = office.get(&format!("/api/v1/programs/{R6}")).await.json();
    assert_eq!(program["courses"][0]["vacancy"], "full");
    assert_eq!(program["courses"][2]["places"]["taken"], 0);
}

/// What passes by itself is told as such: nothing is wrong with the application.
#[tokio::test]
async fn a_closing_door_asks_to_come_again() {
    let office = Office::open(OPEN_R6);
    office.app.intake.close();
    let reply = office.apply(R6, "k1", complete(R6).to_string()).await;
    assert_eq!(kind(&reply), (503, "busy".to_owned()));
    assert_eq!(reply.header("retry-after"), "2");
    let office = office.reopen(OPEN_R6);
    let reply = office.apply(R6, "k1", complete(R6).to_string()).await;
    assert_eq!(reply.status, 201);
}
