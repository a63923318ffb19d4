//! A receipt's proof, checked as an auditor would who has only its description, a SHA-256 and a JSON reader.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::books::number;
use crate::books::receipt;
use crate::http;
use crate::office::{Engine, OPEN_R7, Office, R7, application};

#[test]
fn sqlite() {
    check(Engine::Sqlite);
}

#[test]
fn postgres() {
    check(Engine::Postgres);
}

fn check(engine: Engine) {
    let mut office = Office::new(engine);
    office.start(OPEN_R7);
    for count in 0..4 {
        let answer = office.submit(R7, &format!("key-{count}"), &application(R7, count));
        let receipt = receipt(&answer.expect("an answer"));
        let path = format!("/api/v1/receipts/{}/proof", number(&receipt));
        let proof = http::get(office.address(), &path).expect("an answer");
        assert_eq!(proof.status, 200, "{proof:?}");
        let proof = proof.json();
        assert!(holds(&proof, &receipt), "{proof}");
        for changed in changes(&proof) {
            assert!(!holds(&changed, &receipt), "{changed}");
        }
        assert!(
            !proof.to_string().contains("サンプル"),
            "a proof holds no personal data"
        );
    }
}

/// The auditor's own verifier: the three steps of `how_to_verify` with the receipt in his hand.
fn holds(proof: &Value, receipt: &Value) -> bool {
    let text = |name: &str| proof[name].as_str().unwrap_or_default();
    let bound = format!("{}\n{}", text("previous_hash"), text("entry"));
    let hash: String = Sha256::digest(bound)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let entry: Value = serde_json::from_str(text("entry")).unwrap_or_default();
    hash == text("log_hash")
        && proof["log_hash"] == receipt["log_hash"]
        && entry["index"] == proof["log_index"]
        && proof["log_index"] == receipt["log_index"]
        && entry["action"] == "application.received"
        && entry["at"] == receipt["received_at"]
        && entry["data"]["program"] == receipt["program"]
        && entry["data"]["places"] == receipt["places"]
        && entry["data"]["receipt_number"] == proof["receipt_number"]
        && proof["receipt_number"] == receipt["receipt_number"]
}

/// The proof with each of its parts changed; also with a hash that was made to fit a changed entry.
fn changes(proof: &Value) -> Vec<Value> {
    let with = |name: &str, value: Value| {
        let mut changed = proof.clone();
        changed[name] = value;
        changed
    };
    let entry = proof["entry"].as_str().expect("a text");
    let earlier = entry.replace("\"position\":", "\"position\":1");
    let forged = format!(
        "{}\n{earlier}",
        proof["previous_hash"].as_str().expect("a text")
    );
    let forged: String = Sha256::digest(forged)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let mut fitted = with("entry", earlier.clone().into());
    fitted["log_hash"] = forged.into();
    vec![
        with("entry", earlier.into()),
        with("entry", format!("{entry} ").into()),
        with("previous_hash", "0".repeat(64).replace("00", "01").into()),
        with("log_hash", "f".repeat(64).into()),
        with("log_index", json!(999)),
        with("receipt_number", "R7-333-34A-X".into()),
        fitted,
    ]
}
