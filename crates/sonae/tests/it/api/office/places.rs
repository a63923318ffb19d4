//! What another system reads of approvals, places and figures, and how it offers a place.

use serde_json::{Value, json};
use sonae::chance;
use sonae_core::access::StaffRole;
use sonae_core::flow::Event;
use sonae_store::approval_list::{self, NewList};
use sonae_store::case;

use super::{Asked, System, open};
use crate::approvals::cause;
use crate::office::{Office, R6, complete};

/// Brings a new case before the sponsor on a list of its own; gives its number and the list's id.
pub(super) async fn hand_over(office: &Office) -> (String, String) {
    let mut body = complete(R6);
    // Alone it needs no diagnosis.
    body["courses"] = json!(["guidance"]);
    let received = office.apply(R6, "handed-over", body.to_string()).await;
    assert_eq!(received.status, 201, "{}", received.text);
    let number = received.json()["receipt_number"]
        .as_str()
        .map(str::to_owned);
    let number = number.expect("a number");
    let system = System::new(office, StaffRole::Secretariat, &[]).await;
    let act = async |key: &str, event: Value| {
        let act = Asked::post(&format!("/api/v1/cases/{number}/actions"), event);
        let done = system.send(office, &act.key(key)).await;
        assert_eq!(done.status, 200, "{key}: {}", done.text);
    };
    let reached = json!({ "event": "contacted", "channel": "phone", "outcome": "reached" });
    act("h1", reached.clone()).await;
    act("h2", json!({ "event": "agreed", "note": "電話で" })).await;
    let expert = office.sign_in(StaffRole::Expert).await;
    let reached: Event = serde_json::from_value(reached).expect("an event");
    cause(&office.app, &expert, StaffRole::Expert, &number, reached).await;
    act("h3", json!({ "event": "proposed", "note": "お願いします" })).await;
    let at = office.app.clock.now();
    let id = chance::id(at);
    let (list, of) = (id.clone(), number.clone());
    let handed = office.app.write(move |tx| {
        let stored = case::by_receipt(tx, &of)?.expect("a case");
        let applications = [stored.application_id];
        let new = NewList {
            id: &list,
            program_id: R6,
            note: "6月の分",
            by: "staff:s",
            at,
            applications: &applications,
        };
        approval_list::hand_over(tx, &new)
    });
    assert_eq!(handed.await.expect("written"), 1, "nothing was proposed");
    (number, id)
}

#[tokio::test]
async fn approvals_are_read_with_who_decided_and_where_the_log_says_so() {
    let (office, _) = open().await;
    let (number, list) = hand_over(&office).await;
    let sponsor = System::new(&office, StaffRole::Sponsor, &[]).await;
    let read = async |path: &str| sponsor.get(&office, path).await.json();
    let waiting = read("/api/v1/approvals?state=waiting").await;
    let one = &waiting["approvals"][0];
    assert_eq!(one["receipt_number"], json!(number), "{waiting}");
    assert_eq!(one["proposed"]["name"], "別のシステム(API)");
    assert_eq!((&one["list"], &one["number"]), (&json!(list), &json!(1)));
    assert_eq!(waiting["next"], json!(null));
    assert_eq!(
        read("/api/v1/approval-lists?state=open").await["lists"][0]["waiting"],
        1
    );
    let approve = json!({ "event": "approved" });
    let approve = Asked::post(&format!("/api/v1/cases/{number}/actions"), approve).key("y");
    let approved = sponsor.send(&office, &approve).await;
    assert_eq!(approved.status, 200, "{}", approved.text);
    let none = read("/api/v1/approvals?state=waiting&program=tokyo-r6-basic-measures").await;
    assert_eq!(none["approvals"], json!([]));
    assert_eq!(
        read("/api/v1/approval-lists?state=open").await["lists"],
        json!([])
    );
    let settled = read("/api/v1/approval-lists").await;
    assert_eq!(settled["lists"][0]["id"], json!(list), "{settled}");
    let behind = read(&format!("/api/v1/approval-lists?cursor={list}")).await;
    assert_eq!(behind["lists"], json!([]));
    let record = read(&format!("/api/v1/approval-lists/{list}")).await;
    let decision = &record["approvals"][0]["decision"];
    assert_eq!(decision["decision"], "approved", "{record}");
    assert_eq!(
        decision["decided"]["log_index"],
        approved.json()["log_index"]
    );
    assert_eq!(
        (&record["approved"], &record["number"]),
        (&json!(1), &json!(1))
    );
    let figures = read(&format!("/api/v1/programs/{R6}/figures")).await;
    assert_eq!(figures["milestones"]["approved"], 1, "{figures}");
    assert_eq!(figures["received"], 2, "{figures}");
}

#[tokio::test]
async fn places_and_those_who_wait_are_read() {
    let (office, _) = open().await;
    let system = System::new(&office, StaffRole::Secretariat, &[]).await;
    let places = format!("/api/v1/programs/{R6}/places");
    let all = system.get(&office, &places).await.json();
    let one = system.get(&office, &format!("{places}/utm")).await.json();
    assert_eq!(all["courses"][0]["course"], "utm", "{all}");
    for key in ["capacity", "held", "left", "waiting", "taken_at"] {
        assert_eq!(all["courses"][0][key], one[key], "{key}");
    }
    let sum = |key: &str| one[key].as_i64().expect("a number");
    assert_eq!(sum("held") + sum("offered") + sum("left"), sum("capacity"));
    assert_eq!((&one["in_line"], &one["offers"]), (&json!([]), &json!([])));
    let none = system.get(&office, &format!("{places}/none")).await;
    assert_eq!(none.status, 404);
}
