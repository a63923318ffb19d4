//! The demo starts, holds what it promises, and touches nobody else's data.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use sonae_store::case::{self, Stored};
use sonae_store::{StoreError, approval_list, outbox, verify};

use crate::app::App;
use crate::commands::demo;
use crate::jobs::find_missing_mails;

/// All cases of the demo, by their programme.
fn cases(app: &App) -> Vec<Stored> {
    let prefixes = [("KT", 260), ("NC", 80)];
    let numbers = prefixes.into_iter().flat_map(|(prefix, count)| {
        (1..=count).map(move |n| sonae_core::receipt_number::write(prefix, n))
    });
    let numbers: Vec<String> = numbers.collect();
    let found = app.db.read(|tx| {
        let found = numbers.iter().map(|number| case::by_receipt(tx, number));
        found.collect::<Result<Vec<_>, StoreError>>()
    });
    let found = found.expect("readable").into_iter();
    found.map(|case| case.expect("received")).collect()
}

/// Where a case stands, in words.
fn standing(app: &App, stored: &Stored) -> String {
    let program = &app
        .programs
        .get(&stored.program_id)
        .expect("served")
        .program;
    let step = stored
        .case
        .current(program)
        .map_or("", |step| step.id.as_str());
    format!(
        "{} {} {step}",
        &program.id()[6..8],
        stored.case.status.as_str()
    )
}

#[test]
fn the_year_has_every_state_and_a_second_start_adds_nothing() {
    let home = tempfile::tempdir().expect("a folder");
    let listen = "127.0.0.1:0".parse().expect("an address");
    let mut before = Vec::new();
    for _ in 0..2 {
        let config = demo::config(home.path(), listen).expect("a demo's folder");
        let app = crate::serve::start(config).expect("it starts");
        super::staff::bring_in(&app).expect("people");
        super::year::bring_in(&app).expect("the months are played");
        demo::ready(home.path()).expect("writable");
        let cases = cases(&app);
        if before.is_empty() {
            check(&app, &cases);
            before = cases;
        } else {
            assert_eq!(cases, before);
        }
    }
}

/// Where open cases stand, and how others ended.
const STANDINGS: [&str; 15] = [
    "r6 open contact",
    "r6 open agreement",
    "r6 open expert_contact",
    "r6 open diagnosis",
    "r6 open approval",
    "r6 open course_decision",
    "r6 confirmed ",
    "r6 withdrawn ",
    "r6 declined ",
    "r6 excluded ",
    "r6 lapsed ",
    "r7 open screening",
    "r7 open approval",
    "r7 open questionnaire",
    "r7 confirmed ",
];

fn check(app: &App, cases: &[Stored]) {
    let mut standings: BTreeMap<String, usize> = BTreeMap::new();
    for stored in cases {
        *standings.entry(standing(app, stored)).or_default() += 1;
    }
    for standing in STANDINGS {
        let has = standings.keys().any(|known| known.starts_with(standing));
        assert!(has, "{standing}: {standings:#?}");
    }
    let now = app.clock.now();
    let signs: BTreeSet<&str> = cases.iter().flat_map(|stored| signs(stored, now)).collect();
    assert_eq!(signs.len(), 7, "{signs:?}");
    let lists = app.db.read(approval_list::open).expect("readable");
    assert!(!lists.is_empty(), "lists wait for the sponsor");
    let report = app.db.read(verify::verify).expect("readable");
    assert_eq!(report.expect("the log is whole").receipts, 340);
    let missing = find_missing_mails::round(app, now).expect("readable");
    assert_eq!(missing, 0, "everybody was sent what was due");
    let waiting = app.db.read(|tx| outbox::in_state(tx, "queued", 500));
    let late = waiting.expect("readable").into_iter();
    let late = late.filter(|kept| kept.due_at <= now).count();
    assert_eq!(late, 0, "mails left on the day they were due");
}

/// What else there is to see about a case.
fn signs(stored: &Stored, now: Timestamp) -> Vec<&'static str> {
    let case = &stored.case;
    let due = case.due().map(|(_, clock)| clock.due_at);
    let place = |word| case.places.values().any(|state| state.as_str() == word);
    let approval = case.approval.as_ref();
    let signs = [
        ("correcting", case.correction.is_some()),
        ("late", due.is_some_and(|due| due <= now)),
        ("offered", place("offered")),
        ("waiting", place("waiting")),
        ("judged", !case.judgements.is_empty()),
        (
            "called about",
            case.clocks.keys().any(|id| id.starts_with("phone.")),
        ),
        (
            "sent back",
            approval.is_some_and(|approval| approval.number > 1),
        ),
    ];
    let there = signs.into_iter().filter(|(_, is)| *is);
    there.map(|(sign, _)| sign).collect()
}

#[test]
fn a_folder_with_other_data_is_left_alone() {
    let home = tempfile::tempdir().expect("a folder");
    std::fs::write(home.path().join("sonae.db"), "real").expect("writable");
    let listen = "127.0.0.1:0".parse().expect("an address");
    let error = demo::config(home.path(), listen).expect_err("it is not a demo");
    assert!(error.to_string().contains("--data"));
    assert_eq!(std::fs::read_dir(home.path()).expect("readable").count(), 1);
}
