//! What the books must hold after the run.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use sonae_db::Db;
use sonae_store::case_event::Recorded;
use sonae_store::doubt::End;
use sonae_store::outbox::Kept;
use sonae_store::webhook::{self, Webhook};
use sonae_store::{StoreError, application, bulk, case_event, outbox};

use super::acts::{Act, marker};
use super::clients::{Acknowledged, TOGETHER};
use super::pages::{many, run_id};
use super::receivers::Hooks;
use crate::books::{Line, lines};
use crate::letters::Letters;
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
        let by_many = noted_with_others(url, number, &case.receipt_number, &events);
        // A list was handed to the sponsor before she approved; it is counted by its own.
        let proposed = words.iter().filter(|word| *word == "proposed").count();
        let approved = case.acts.contains(&Act::Approve);
        assert_eq!(proposed, usize::from(approved), "{words:?}");
        let expected = case.acts.len() + by_many + proposed;
        assert_eq!(events.len(), expected, "{case:?}: {words:?}");
        let different: BTreeSet<&str> = by_jobs.iter().map(|event| event.data.as_str()).collect();
        assert_eq!(by_jobs.len(), different.len(), "{case:?}");
        for act in &case.acts {
            let is_it = |event: &&Recorded| match act {
                Act::Take => event.event == "assigned",
                Act::Withdraw => event.event == "withdrawn",
                Act::Approve => event.event == "approved",
                _ => event.data.contains(&marker(number, *act)),
            };
            let times = events.iter().filter(is_it).count();
            assert_eq!(times, 1, "{act:?} of {case:?}");
        }
    }
    total
}

/// How many notes on many cases the case got: each at most once, as the record of the action says.
fn noted_with_others(url: &str, case: usize, number: &str, events: &[Recorded]) -> usize {
    let first = case - case % TOGETHER;
    let items = open(url).read(|tx| bulk::items(tx, &run_id(first)));
    let items = items.expect("readable").into_iter();
    let done = items.filter(|item| item.receipt_number == number && item.outcome == "done");
    let noted = events
        .iter()
        .filter(|event| event.data.contains(&many(first)));
    let (done, noted) = (done.count(), noted.count());
    assert!(
        done <= 1 && done == noted,
        "{number}: {noted} notes, {done} in the record"
    );
    noted
}

/// Every mail of the outbox left, and each was taken by the server exactly once, those to staff too.
pub(super) fn mails_left_once(url: &str, letters: &Letters, staff: usize) -> String {
    let taken = letters.taken();
    for (id, copies) in &taken {
        assert_eq!(
            copies.len(),
            1,
            "{id} was handed over {} times",
            copies.len()
        );
    }
    let stored = mails(url);
    assert!(stored.iter().all(|kept| kept.state == "sent"));
    let missing = |kept: &&Kept| !taken.contains_key(&kept.mail.message_id);
    assert_eq!(stored.iter().filter(missing).count(), 0, "mails were lost");
    assert_eq!(taken.len(), stored.len() + staff);
    let ended = |end| stored.iter().filter(|kept| kept.doubt == Some(end)).count();
    format!(
        "{} mails left, none twice; of those in doubt {} were proved by their copy and {} handed over again for want of one",
        taken.len(),
        ended(End::Copy),
        ended(End::NoCopy)
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
