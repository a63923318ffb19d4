//! `/office/integrations`: webhooks are added with a secret that is shown once, told what happens, tried again, paused and deleted.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::SignedDuration;
use sonae::jobs::{Stop, send_webhooks};
use sonae::office::act::{self, Outcome, Request};
use sonae::webhook::client::{Client, Failure};
use sonae::webhook::sign;
use sonae_core::access::StaffRole;
use sonae_core::flow::{Actor, Event};
use sonae_store::webhook::{Delivery, Leased, deliveries};
use tokio::sync::watch;

use super::signed_in::SignedIn;
use crate::office::{OPEN_R6, Office, R6, Reply, complete};

const ID: &str = "0190a000-0000-7000-8000-000000000001";

/// A request that the receiver got: lower-case headers and body.
#[derive(Debug)]
struct Told {
    headers: Vec<(String, String)>,
    body: String,
}

impl Told {
    fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value)
    }
}

/// A receiver that answers with these statuses, one connection each.
fn receiver(statuses: &'static [&'static str]) -> (String, Receiver<Told>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!(
        "http://{}/hook?key=1",
        listener.local_addr().expect("bound")
    );
    let (tell, told) = channel();
    std::thread::spawn(move || {
        for status in statuses {
            let (stream, _) = listener.accept().expect("a connection");
            let mut reader = BufReader::new(&stream);
            let mut headers = Vec::new();
            let mut line = String::new();
            while reader.read_line(&mut line).is_ok() && !line.trim().is_empty() {
                if let Some((name, value)) = line.trim().split_once(": ") {
                    headers.push((name.to_lowercase(), value.to_owned()));
                }
                line.clear();
            }
            let length = headers.iter().find(|(name, _)| name == "content-length");
            let length = length.map_or(0, |(_, value)| value.parse().expect("a length"));
            let mut body = vec![0; length];
            reader.read_exact(&mut body).expect("a body");
            let body = String::from_utf8(body).expect("UTF-8");
            write!(
                &stream,
                "HTTP/1.1 {status}\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n"
            )
            .expect("answered");
            // The test may have seen enough.
            drop(tell.send(Told { headers, body }));
        }
    });
    (url, told)
}

async fn add(office: &Office, admin: &SignedIn, url: &str, events: &[&str]) -> Reply {
    let mut fields = vec![("id", ID), ("url", url), ("note", "検査")];
    fields.extend(events.iter().map(|event| ("events", *event)));
    admin
        .post(office, "/office/integrations/webhooks", &fields)
        .await
}

async fn round(office: &Office) {
    let (_going, stop): (_, Stop) = watch::channel(false);
    send_webhooks::run(office.app.clone(), stop).await;
}

fn last(office: &Office) -> Delivery {
    let mut found = (office.app.db)
        .read(|tx| deliveries(tx, ID, 9))
        .expect("readable");
    found.remove(0)
}

#[tokio::test]
async fn every_receipt_and_every_event_is_told_with_a_signature_and_without_names() {
    let (url, told) = receiver(&["204 No Content", "200 OK"]);
    let office = Office::open_with(OPEN_R6, &["--webhook-local"]);
    let admin = office.sign_in(StaffRole::Admin).await;
    let added = add(&office, &admin, &url, &["application.received", "case.*"]).await;
    let secret = added
        .text
        .split("whsec_")
        .nth(1)
        .and_then(|rest| rest.split('<').next());
    let secret = STANDARD
        .decode(secret.expect("shown once"))
        .expect("base64");
    let again = add(&office, &admin, &url, &["case.*"]).await;
    assert!(
        admin
            .follow(&office, &again)
            .await
            .text
            .contains("一度しか表示しません")
    );
    let reply = office.apply(R6, "k", complete(R6).to_string()).await;
    let number = reply.json()["receipt_number"]
        .as_str()
        .expect("a number")
        .to_owned();
    round(&office).await;
    let request = Request {
        receipt_number: number.clone(),
        version: None,
        event: Event::Noted {
            text: "株式会社の内緒".into(),
        },
        actor: Actor::Staff {
            id: admin.id.clone(),
            role: StaffRole::Secretariat,
        },
    };
    let outcome = act::act(&office.app, request).await.expect("answered");
    assert!(matches!(outcome, Outcome::Done(_)), "{outcome:?}");
    round(&office).await;
    for (id, kind, version) in [("0", "application.received", 0), ("1", "case.noted", 1)] {
        let told = told.recv_timeout(Duration::from_secs(9)).expect("told");
        assert_eq!(told.header("webhook-id"), format!("{number}.{id}"));
        let at = told.header("webhook-timestamp").parse().expect("seconds");
        let signature = sign::signature(&secret, told.header("webhook-id"), at, &told.body);
        assert_eq!(told.header("webhook-signature"), signature);
        let body: serde_json::Value = serde_json::from_str(&told.body).expect("JSON");
        let expected = serde_json::json!({
            "type": kind, "timestamp": "2024-06-03T10:00:00.000+09:00",
            "data": { "receipt_number": number, "program": R6, "step": "contact", "state": "open", "version": version },
        });
        assert_eq!(body, expected);
    }
    let page = admin
        .get(&office, &format!("/office/integrations/webhooks/{ID}"))
        .await;
    assert!(
        page.text.contains("case.noted") && page.text.contains("HTTP 204"),
        "{}",
        page.text
    );
    assert!(!page.text.contains("whsec_"));
}

#[tokio::test]
async fn what_is_not_taken_is_tried_again_and_given_up() {
    let (url, told) = receiver(&["500 Oops", "307 Elsewhere", "410 Gone"]);
    let office = Office::open_with(OPEN_R6, &["--webhook-local"]);
    let admin = office.sign_in(StaffRole::Admin).await;
    add(&office, &admin, &url, &["case.*"]).await;
    let test = format!("/office/integrations/webhooks/{ID}/test");
    for (state, result) in [
        ("queued", "HTTP 500"),
        ("queued", "HTTP 307"),
        ("failed", "HTTP 410"),
    ] {
        let reply = admin.post(&office, &test, &[]).await;
        assert_eq!(reply.status, 303);
        round(&office).await;
        told.recv_timeout(Duration::from_secs(9))
            .expect("told once, and not followed elsewhere");
        let found = (office.app.db)
            .read(|tx| deliveries(tx, ID, 9))
            .expect("readable");
        let found = found
            .iter()
            .find(|delivery| delivery.last_result.as_deref() == Some(result));
        let found = found.unwrap_or_else(|| panic!("{result}"));
        assert_eq!(
            (found.state.as_str(), found.attempts),
            (state, 1),
            "{result}"
        );
        if state == "queued" {
            assert_eq!(
                found.due_at,
                office.app.clock.now() + SignedDuration::from_secs(5)
            );
        }
    }
}

#[tokio::test]
async fn pause_resume_and_delete() {
    let office = Office::open_with(OPEN_R6, &["--webhook-local"]);
    let admin = office.sign_in(StaffRole::Admin).await;
    add(&office, &admin, "http://127.0.0.1:9/", &["case.*"]).await;
    let path = format!("/office/integrations/webhooks/{ID}");
    for (action, said) in [
        ("test", "送信待ちに入れました"),
        ("pause", "取り消しました"),
        ("test", "止めている送り先には"),
        ("resume", "再開しました"),
    ] {
        let reply = admin.post(&office, &format!("{path}/{action}"), &[]).await;
        let page = admin.follow(&office, &reply).await;
        assert!(page.text.contains(said), "{action}: {}", page.text);
    }
    assert_eq!(last(&office).state, "cancelled");
    let reply = admin.post(&office, &format!("{path}/delete"), &[]).await;
    let page = admin.follow(&office, &reply).await;
    assert!(page.text.contains("削除しました") && page.text.contains("送り先は、まだありません"));
    for action in ["test", "pause", "resume", "delete"] {
        let reply = admin.post(&office, &format!("{path}/{action}"), &[]).await;
        assert_eq!(reply.status, 404, "{action}");
    }
}

#[tokio::test]
async fn nobody_is_sent_to_knock_inside() {
    let office = Office::open(OPEN_R6);
    let admin = office.sign_in(StaffRole::Admin).await;
    for (url, events, sentence) in [
        ("", &["case.*"][..], "送り先のURLを入力してください。"),
        ("http://example.jp/", &["case.*"], "https://"),
        ("https://127.0.0.1/", &["case.*"], "内部のネットワーク"),
        ("https://example.jp/", &[], "一つ以上選んでください"),
        (
            "https://example.jp/",
            &["nonsense"],
            "一つ以上選んでください",
        ),
    ] {
        let reply = add(&office, &admin, url, events).await;
        assert_eq!(reply.status, 422, "{url}");
        assert!(
            reply.text.contains(sentence) && reply.text.contains("検査"),
            "{url}"
        );
    }
    // A name of the public internet may lead inside when it is looked up.
    let leased = Leased {
        event_id: "1".into(),
        webhook_id: "1".into(),
        body: "{}".into(),
        url: "https://localhost:1/".into(),
        secret: vec![1; 32],
        attempts: 0,
    };
    let now = office.app.clock.now();
    let outcome = tokio::task::spawn_blocking(move || Client::new(false).post(&leased, now)).await;
    let expected = Failure::Unreached("the name leads to no public address");
    assert_eq!(outcome.expect("it ran"), Err(expected));
}
