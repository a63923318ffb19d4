//! Events for other systems: queued once for each that wants them, leased, retried, given up.

use std::sync::Arc;

use jiff::SignedDuration;
use sonae_core::program::Program;
use sonae_db::Db;

use super::{Fresh, count, now, office};
use crate::webhook::{self, Attempt, Subject, Webhook};

const HOUR: SignedDuration = SignedDuration::from_hours(1);

fn add(db: &Db, id: &str, events: &[&str]) -> bool {
    let webhook = Webhook {
        id: id.into(),
        url: format!("https://{id}.example.jp/"),
        secret: vec![7; 32],
        events: events.iter().map(|&event| event.to_owned()).collect(),
        active: true,
        note: String::new(),
        created_at: now(),
        created_by: "admin".into(),
    };
    db.write(|tx| webhook::add(tx, &webhook)).expect("answered")
}

fn queue(db: &Db, event: &str, version: i64) {
    let subject = Subject {
        receipt_number: "KT-333-34A",
        program: "p",
        step: "contact",
        state: "open",
        version,
    };
    db.write(|tx| webhook::queue(tx, &[(event, subject, now())]))
        .expect("queued");
}

pub(super) fn webhooks(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let (db, _) = office(fresh, program);
    queue(&db, "case.nobody_wants", 0);
    assert!(add(&db, "a", &["case.*"]) && add(&db, "b", &["case.confirmed", "mail.bounced"]));
    queue(&db, "case.screened", 1);
    queue(&db, "case.confirmed", 2);
    queue(&db, "mail.bounced", 3);
    let lease = |at| {
        db.write(|tx| webhook::lease(tx, at, HOUR, 9))
            .expect("leased")
    };
    let due = |at| db.read(|tx| webhook::is_due(tx, at)).expect("readable");
    assert!(due(now()));
    let first = lease(now());
    assert!(!due(now()) && due(now() + HOUR), "a lease runs out");
    let names: Vec<_> = (first.iter())
        .map(|leased| (leased.webhook_id.as_str(), leased.event_id.as_str()))
        .collect();
    let mut sorted = names.clone();
    sorted.sort_unstable();
    let id = |n: i64| format!("KT-333-34A.{n}");
    let (one, two, three) = (id(1), id(2), id(3));
    assert_eq!(
        sorted,
        [("a", &*one), ("a", &*two), ("b", &*two), ("b", &*three)]
    );
    let told = first
        .iter()
        .find(|leased| leased.event_id == two)
        .expect("leased");
    let body: serde_json::Value = serde_json::from_str(&told.body).expect("JSON");
    assert_eq!(body["type"], "case.confirmed");
    assert_eq!(body["timestamp"], "2025-06-02T10:00:00.000+09:00");
    assert_eq!(body["data"]["receipt_number"], "KT-333-34A");
    assert_eq!(lease(now()).len(), 0, "nobody else takes them");
    let mark = |index: usize, attempt| {
        db.write(|tx| webhook::mark(tx, &first[index], attempt, "200", now()))
            .expect("marked");
    };
    mark(0, Attempt::Sent);
    mark(1, Attempt::Again(now() + HOUR * 3));
    mark(2, Attempt::Untried(now() + HOUR * 3));
    mark(3, Attempt::GivenUp);
    assert_eq!(lease(now() + HOUR * 2).len(), 0);
    let again = lease(now() + HOUR * 3);
    let attempts: Vec<_> = again.iter().map(|leased| leased.attempts).collect();
    let mut sorted = attempts.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, [0, 1]);
    // Its node dies: the lease runs out.
    assert_eq!(lease(now() + HOUR * 5).len(), 2);
    switched_off(&db);
}

fn queue_test(db: &Db, event_id: &str) {
    db.write(|tx| webhook::queue_test(tx, event_id, "a", now() + HOUR))
        .expect("queued");
}

fn switched_off(db: &Db) {
    let set = |id, active| {
        db.write(|tx| webhook::set_active(tx, id, active, "admin", now()))
            .expect("answered")
    };
    assert!(set("a", false) && set("b", false) && !set("none", true));
    assert_eq!(
        db.write(|tx| webhook::lease(tx, now() + HOUR * 99, HOUR, 9))
            .expect("leased"),
        []
    );
    queue(db, "case.confirmed", 9);
    assert_eq!(count(db, "webhook_delivery"), 4, "nobody is told any more");
    queue_test(db, "t");
    let counts = db.read(webhook::counts).expect("readable");
    let expected = [("cancelled", 2), ("failed", 1), ("queued", 1), ("sent", 1)];
    assert_eq!(counts, expected.map(|(state, n)| (state.to_owned(), n)));
    let newest = db
        .read(|tx| webhook::deliveries(tx, "a", 1))
        .expect("readable");
    assert_eq!(
        (newest[0].event.as_str(), newest[0].state.as_str()),
        ("webhook.test", "queued")
    );
    let deleted = db
        .write(|tx| webhook::delete_ended(tx, now() + HOUR * 99))
        .expect("deleted");
    assert_eq!(deleted, 4);
    queue_test(db, "t2");
    let delete = |id| {
        db.write(|tx| webhook::delete(tx, id, "admin", now()))
            .expect("answered")
    };
    assert!(delete("a") && !delete("a"));
    assert_eq!(count(db, "webhook_delivery"), 0);
    for n in 2..=webhook::MOST {
        assert!(add(db, &format!("w{n}"), &["*"]));
    }
    assert!(!add(db, "one too many", &["*"]));
    let all = db.read(webhook::all).expect("readable");
    assert_eq!(all.len(), webhook::MOST as usize);
    let found = db
        .read(|tx| webhook::find(tx, "b"))
        .expect("readable")
        .expect("added");
    assert_eq!(
        (found.active, found.secret.len(), found.events.len()),
        (false, 32, 2)
    );
}
