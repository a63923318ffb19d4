//! What a system did it can send again and take back, and people read who did it.

use jiff::SignedDuration;
use serde_json::json;
use sonae::jobs::delete_answers::{self, KEPT_DAYS};
use sonae_core::access::StaffRole;
use sonae_store::api_answer::{self, Command, Known};
use sonae_store::api_token;
use tokio::sync::watch;

use super::{Asked, System, open};
use crate::office::{OPEN_R6, Office};

fn reached(number: &str) -> Asked {
    let body = json!({ "event": "contacted", "channel": "phone", "outcome": "reached" });
    Asked::post(&format!("/api/v1/cases/{number}/actions"), body)
}

fn undo(number: &str, version: i64) -> Asked {
    let body = json!({ "version": version });
    Asked::post(&format!("/api/v1/cases/{number}/undo"), body)
}

#[tokio::test]
async fn a_token_takes_back_what_it_did_and_nothing_else() {
    let (office, number) = open().await;
    let one = System::new(&office, StaffRole::Secretariat, &[]).await;
    let other = System::new(&office, StaffRole::Secretariat, &[]).await;
    let case = format!("/api/v1/cases/{number}");
    let before = one.get(&office, &case).await.json();
    let done = one.send(&office, &reached(&number).key("k")).await.json();
    assert_ne!(done["step"], before["step"]);
    let foreign = other.send(&office, &undo(&number, 1).key("u")).await.json();
    assert_eq!(foreign["code"], "not_yours");
    let undone = one.send(&office, &undo(&number, 1).key("u")).await;
    assert_eq!(undone.status, 200, "{}", undone.text);
    assert_eq!(undone.json()["event"], "contacted");
    assert_eq!(undone.json()["step"], before["step"]);
    // Sent again it is the same answer; with another key it is told that it was done.
    let again = one.send(&office, &undo(&number, 1).key("u")).await;
    assert_eq!(again.text, undone.text);
    let anew = one.send(&office, &undo(&number, 1).key("v")).await.json();
    assert_eq!(anew["code"], "already_undone");
    // The key of an action is no key of an undo.
    let mixed = one.send(&office, &undo(&number, 1).key("k")).await.json();
    assert_eq!(mixed["type"], "urn:sonae:problem:idempotency-key-reused");
}

#[tokio::test]
async fn people_read_the_name_of_the_system() {
    let (office, number) = open().await;
    let system = System::new(&office, StaffRole::Secretariat, &[]).await;
    system.send(&office, &reached(&number).key("k")).await;
    let timeline = format!("/api/v1/cases/{number}/timeline");
    let timeline = system.get(&office, &timeline).await.json();
    assert_eq!(timeline["events"][0]["actor_name"], "別のシステム(API)");
    let person = office.sign_in(StaffRole::Secretariat).await;
    let page = person
        .get(&office, &format!("/office/cases/{number}"))
        .await;
    assert!(page.text.contains("別のシステム(API)"), "{}", page.text);
    let admin = office.sign_in(StaffRole::Admin).await;
    let log = admin.get(&office, "/office/log").await;
    assert!(log.text.contains("別のシステム(API)"), "{}", log.text);
}

#[tokio::test]
async fn old_answers_are_forgotten_and_young_ones_kept() {
    let (office, number) = open().await;
    let system = System::new(&office, StaffRole::Secretariat, &[]).await;
    let done = system.send(&office, &reached(&number).key("k")).await;
    assert_eq!(done.status, 200, "{}", done.text);
    // Whether the key is remembered: it is no key for something else.
    let (token, _) = (office.app)
        .read(|tx| Ok(api_token::names(tx)?.remove(0)))
        .await
        .expect("a token");
    let other = Command {
        token_id: token,
        once: "k".to_owned(),
        request_hash: String::new(),
    };
    let kept = |office: &Office| {
        let known = office.app.db.read(|tx| api_answer::find(tx, &other));
        known.expect("readable") == Known::KeyUsed
    };
    let (_stop, stopping) = watch::channel(false);
    let start: jiff::Timestamp = OPEN_R6.parse().expect("an instant");
    let mut office = office;
    for (hours, is_kept) in [(-1, true), (1, false)] {
        let later = start + SignedDuration::from_hours(KEPT_DAYS * 24 + hours);
        office = office.reopen(&later.to_string());
        delete_answers::run(office.app.clone(), stopping.clone()).await;
        assert_eq!(kept(&office), is_kept, "{hours}");
    }
}
