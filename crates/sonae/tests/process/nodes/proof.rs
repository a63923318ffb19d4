//! What the books must hold after the run.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use sonae_db::Db;
use sonae_store::case_event::Recorded;
use sonae_store::outbox::Kept;
use sonae_store::webhook::{self, Webhook};
use sonae_store::{StoreError, application, case_event, outbox};

use super::clients::{Acknowledged, Act, marker};
use super::receivers::{Hooks, Letters};
use crate::books::{Line, lines};
use crate::office::pause;

/// How long the nodes may take for what is left.
const PATIENCE: Duration = Duration::from_secs(120);

fn open(url: &str) -> Db {
    Db::open(url).expect("the database opens")
}

/// Registers the receiver of every event.
pub(super) fn prepare(url: &str, hooks: &str, now: Timestamp) {
    let webhook = Webhook {
        id: "all".into(),
        url: hooks.to_owned(),
        secret: vec![7; 32],
        events: vec!["*".into()],
        active: true,
        note: String::new(),
        created_at: now,
        created_by: "test".into(),
    };
    let added = open(url).write(|tx| webhook::add(tx, &webhook));
    assert!(added.expect("the database answers"));
}

/// How many mails and deliveries stand in one of these states.
fn count(url: &str, states: &[&str]) -> i64 {
    let counts =
        open(url).read(|tx| Ok::<_, StoreError>([outbox::counts(tx)?, webhook::counts(tx)?]));
    let counts = counts.expect("readable");
    let counts = counts.iter().flatten();
    counts
        .filter(|(state, _)| states.contains(&state.as_str()))
        .map(|(_, count)| count)
        .sum()
}

/// Rows on which a killed node holds a lease.
pub(super) fn held(url: &str) -> i64 {
    count(url, &["sending"])
}

/// Waits until nothing waits or is held.
pub(super) fn settled(url: &str) {
    let asked = Instant::now();
    loop {
        let left = count(url, &["queued", "sending"]);
        if left == 0 {
            return;
        }
        assert!(asked.elapsed() < PATIENCE, "{left} are left");
        pause(Duration::from_millis(100));
    }
}

/// Every acknowledged action stands in the books exactly once, and nothing else does. Gives the number of events.
pub(super) fn stored_once(url: &str, acknowledged: &[Acknowledged]) -> usize {
    let lines = lines(url);
    let stored: BTreeSet<&str> = (lines.iter())
        .map(|line| line.receipt["receipt_number"].as_str().expect("a number"))
        .collect();
    let given: BTreeSet<&str> = (acknowledged.iter())
        .map(|case| case.receipt_number.as_str())
        .collect();
    assert_eq!((lines.len(), stored), (acknowledged.len(), given));
    let db = open(url);
    let mut total = 0;
    for (number, case) in acknowledged.iter().enumerate() {
        let events = db.read(|tx| {
            let found = application::by_receipt(tx, &case.receipt_number)?.expect("received");
            case_event::of_application(tx, &found.id)
        });
        let events: Vec<Recorded> = events.expect("readable");
        total += events.len();
        // What both nodes' jobs do by themselves, such as offering a place that came free, happens once too.
        let (by_jobs, events): (Vec<_>, Vec<_>) =
            (events.into_iter()).partition(|event| event.actor == "system");
        let words: Vec<String> = events.iter().map(|event| event.event.clone()).collect();
        assert_eq!(events.len(), case.acts.len(), "{case:?}: {words:?}");
        let different: BTreeSet<&str> = by_jobs.iter().map(|event| event.data.as_str()).collect();
        assert_eq!(by_jobs.len(), different.len(), "{case:?}");
        for act in &case.acts {
            let is_it = |event: &&Recorded| match act {
                Act::Take => event.event == "assigned",
                Act::Withdraw => event.event == "withdrawn",
                _ => event.data.contains(&marker(number, *act)),
            };
            let times = events.iter().filter(is_it).count();
            assert_eq!(times, 1, "{act:?} of {case:?}");
        }
    }
    total
}

/// Every mail of the outbox left, and each once. Between handing a mail over and noting it a node may die; that mail is handed over again,
/// byte for byte under its Message-ID, so that servers drop the copy (RFC 1047 says why there is no better promise). A kill can cause
/// one such copy at most.
pub(super) fn mails_left_once(url: &str, letters: &Letters, kills: usize) -> String {
    let copies = letters.copies();
    let handed_over: BTreeSet<&str> = copies.keys().map(String::as_str).collect();
    let stored = mails(url);
    let ids: BTreeSet<&str> = (stored.iter())
        .map(|kept| kept.mail.message_id.as_str())
        .collect();
    assert!(stored.iter().all(|kept| kept.state == "sent"));
    assert_eq!((handed_over, stored.len()), (ids, copies.len()));
    let mut again = 0;
    for (id, copies) in &copies {
        assert!(
            copies.iter().all(|copy| *copy == copies[0]),
            "{id} says two things"
        );
        again += copies.len() - 1;
    }
    assert!(
        again <= kills,
        "{again} mails were handed over twice by {kills} kills"
    );
    format!(
        "{} mails left, {again} handed over again under their Message-ID",
        copies.len()
    )
}

/// The mails of every case: one auto-reply and one message each, and what its events sent.
fn mails(url: &str) -> Vec<Kept> {
    let db = open(url);
    let of_case = |line: &Line| {
        let number = line.receipt["receipt_number"].as_str().expect("a number");
        let mails = db.read(|tx| {
            let found = application::by_receipt(tx, number)?.expect("received");
            outbox::of_application(tx, &found.id)
        });
        let mails = mails.expect("readable");
        for name in ["received", "message"] {
            let times = mails.iter().filter(|kept| kept.mail.mail == name).count();
            assert_eq!(times, 1, "{name} of {number}");
        }
        mails
    };
    lines(url).iter().flat_map(of_case).collect()
}

/// Every one of these receipts and events was told, the same thing under the same id.
pub(super) fn all_is_told(hooks: &Hooks, events: usize) -> String {
    let copies = hooks.copies();
    assert_eq!(copies.len(), events);
    let mut again = 0;
    for (id, copies) in &copies {
        assert!(
            copies.iter().all(|copy| *copy == copies[0]),
            "{id} says two things"
        );
        again += copies.len() - 1;
    }
    format!("{events} events told, {again} again under their id")
}
