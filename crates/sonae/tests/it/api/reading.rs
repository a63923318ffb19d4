//! What can be read: programmes, proofs, the log's head, the state of the process.

use serde_json::json;
use sonae_core::audit::{Proof, verify_proof};

use crate::office::{OPEN_R6, Office, R6, R7, complete};

#[tokio::test]
async fn a_programme_tells_its_windows_and_places() {
    let office = Office::open(OPEN_R6);
    let list = office.get("/api/v1/programs").await.json();
    let ids: Vec<_> = (list["programs"].as_array().expect("a list").iter())
        .map(|program| program["id"].as_str().expect("an id"))
        .collect();
    assert_eq!(ids, [R6, R7]);
    let received = office.apply(R6, "k1", complete(R6).to_string()).await;
    assert_eq!(received.status, 201, "{}", received.text);
    let one = office.get(&format!("/api/v1/programs/{R6}")).await.json();
    let utm = &one["courses"][0];
    let total = utm["places"]["total"].as_i64().expect("a capacity");
    assert_eq!(
        utm["places"],
        json!({ "total": total, "taken": 1, "left": total - 1, "waiting": 0 })
    );
    assert_eq!(utm["vacancy"], "open");
    assert_eq!(one["windows"][0]["state"], "open");
    assert_eq!(
        one["windows"][0]["opens_at"],
        "2024-05-30T00:00:00.000+09:00"
    );
}

#[tokio::test]
async fn a_proof_verifies_and_its_number_is_read_forgivingly() {
    let office = Office::open(OPEN_R6);
    let receipt = office
        .apply(R6, "k1", complete(R6).to_string())
        .await
        .json();
    let number = receipt["receipt_number"].as_str().expect("a number");
    let typed = number.to_lowercase().replace('-', "");
    for path in [number, &typed] {
        let reply = office.get(&format!("/api/v1/receipts/{path}/proof")).await;
        let proof: Proof = serde_json::from_str(&reply.text).expect("a proof");
        let entry = verify_proof(&proof).expect("a true proof");
        assert_eq!(entry.data.receipt_number, number);
        assert_eq!(proof.log_hash, receipt["log_hash"]);
        assert!(proof.how_to_verify.contains("sha256sum"));
    }
    let head = office.get("/api/v1/log/head").await.json();
    assert_eq!(head["log_hash"], receipt["log_hash"]);
    assert_eq!(head["log_index"], receipt["log_index"]);
    for wrong in ["R6-333-333", "x", "%FF", "KT-333-46J"] {
        let reply = office.get(&format!("/api/v1/receipts/{wrong}/proof")).await;
        assert_eq!(reply.status, 404, "{wrong}");
        assert_eq!(
            reply.json()["type"],
            "urn:sonae:problem:not-found",
            "{wrong}"
        );
    }
}

#[tokio::test]
async fn the_process_says_how_it_is() {
    let office = Office::open(OPEN_R6);
    for path in ["/healthz", "/readyz"] {
        assert_eq!(office.get(path).await.json()["status"], "ok", "{path}");
    }
    office.apply(R6, "k1", complete(R6).to_string()).await;
    office.apply(R6, "k1", complete(R6).to_string()).await;
    office.apply(R6, "k2", "{}").await;
    let metrics = office.get("/metrics").await;
    assert!(
        metrics
            .header("content-type")
            .starts_with("text/plain; version=0.0.4")
    );
    for expected in [
        "sonae_submissions_total{outcome=\"received\"} 1",
        "sonae_submissions_total{outcome=\"again\"} 1",
        "sonae_submissions_total{outcome=\"invalid\"} 1",
        "sonae_http_requests_total{route=\"/api/v1/programs/{id}/applications\",method=\"POST\",status=\"201\"} 1",
        "sonae_intake_seconds_count 2",
        "sonae_intake_queue 0",
    ] {
        let found = metrics.text.lines().any(|line| line == expected);
        assert!(found, "{expected}\n{}", metrics.text);
    }
    assert!(!metrics.text.contains("サンプル") && !metrics.text.contains("example.jp"));
}

#[tokio::test]
async fn unknown_addresses_and_methods_are_problems_too() {
    let office = Office::open(OPEN_R6);
    for path in [
        "/api",
        "/api/",
        "/api/v1",
        "/api/v1/programs/none",
        "/api/v2/programs",
    ] {
        let reply = office.get(path).await;
        assert_eq!(reply.status, 404, "{path}");
        assert_eq!(
            reply.header("content-type"),
            "application/problem+json",
            "{path}"
        );
    }
    let reply = office.post("/api/v1/programs", "{}").await;
    assert_eq!(
        (reply.status.as_u16(), reply.header("allow")),
        (405, "GET,HEAD")
    );
    assert_eq!(reply.json()["type"], "urn:sonae:problem:method-not-allowed");
}
