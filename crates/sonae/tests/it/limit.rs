//! How much one address may ask: an office of a thousand passes, one abuser is bounded.

use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, header};

use crate::office::{OPEN_R6, Office, R6, Reply, complete};

async fn from(
    office: &Office,
    peer: &str,
    forwarded: &str,
    path: &str,
    body: Option<String>,
) -> Reply {
    let request = match &body {
        Some(_) => Request::post(path).header("Idempotency-Key", "same"),
        None => Request::get(path),
    };
    let mut request = request
        .header(header::CONTENT_TYPE, "application/json")
        .header("x-forwarded-for", forwarded)
        .body(body.map_or_else(Body::empty, Body::from))
        .expect("a request");
    let peer: SocketAddr = peer.parse().expect("an address");
    request.extensions_mut().insert(ConnectInfo(peer));
    office.send(request).await
}

#[tokio::test]
async fn a_thousand_submissions_at_once_pass_and_then_the_rate_holds() {
    let office = Office::open(OPEN_R6);
    let (path, body) = (
        format!("/api/v1/programs/{R6}/applications"),
        complete(R6).to_string(),
    );
    let mut refused = 0;
    for number in 0..1_300 {
        let reply = from(
            &office,
            "192.0.2.1:5000",
            "203.0.113.1",
            &path,
            Some(body.clone()),
        )
        .await;
        if reply.status == 429 {
            refused += 1;
            assert_eq!(reply.json()["type"], "urn:sonae:problem:too-many-requests");
            let wait: u32 = reply.header("retry-after").parse().expect("seconds");
            assert!((1..=2).contains(&wait));
        } else {
            assert!(reply.status.is_success(), "{number} {}", reply.text);
        }
        assert!(number >= 1_000 || refused == 0, "{number}");
    }
    assert!(refused > 0);
    // Others are not concerned, and what is asked by reading has a limit of its own.
    let other = from(&office, "192.0.2.2:5000", "203.0.113.1", &path, Some(body)).await;
    assert_eq!(other.status, 200);
    let reading = from(&office, "192.0.2.1:5000", "", "/api/v1/programs", None).await;
    assert_eq!(reading.status, 200);
}

#[tokio::test]
async fn guessing_is_slowed_down_and_the_watch_is_not() {
    let office = Office::open(OPEN_R6);
    let path = "/api/v1/receipts/x/proof";
    let mut statuses = Vec::new();
    for _ in 0..80 {
        let reply = from(&office, "192.0.2.1:5000", "", path, None).await;
        statuses.push(reply.status.as_u16());
    }
    assert!(statuses[..60].iter().all(|status| *status == 404));
    assert!(statuses[62..].contains(&429), "{statuses:?}");
    for path in ["/healthz", "/metrics", "/api/v1/programs"] {
        let reply = from(&office, "192.0.2.1:5000", "", path, None).await;
        assert_eq!(reply.status, 200, "{path}");
    }
}

#[tokio::test]
async fn behind_a_proxy_its_visitors_count_and_the_limit_can_be_lifted() {
    let path = "/api/v1/receipts/x/proof";
    for (flag, same, other) in [("--behind-proxy", 429, 404), ("--no-rate-limit", 404, 404)] {
        let office = Office::open_with(OPEN_R6, &[flag]);
        for _ in 0..70 {
            from(
                &office,
                "127.0.0.1:1",
                "198.51.100.7, 192.0.2.1",
                path,
                None,
            )
            .await;
        }
        let reply = from(&office, "127.0.0.1:1", "192.0.2.1", path, None).await;
        assert_eq!(reply.status, same, "{flag}");
        let reply = from(&office, "127.0.0.1:1", "192.0.2.1, 192.0.2.9", path, None).await;
        assert_eq!(reply.status, other, "{flag}");
    }
}
