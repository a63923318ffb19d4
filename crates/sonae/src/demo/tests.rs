//! The demo starts, holds what it promises, and touches nobody else's data.

use std::collections::{BTreeMap, BTreeSet};

use sonae_store::case::{self, Stored};
use sonae_store::{StoreError, approval_list, verify};

use crate::app::App;
use crate::commands::demo;

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

fn check(app: &App, cases: &[Stored]) {
    let mut standings: BTreeMap<String, usize> = BTreeMap::new();
    for stored in cases {
        *standings.entry(standing(app, stored)).or_default() += 1;
    }
    let now = app.clock.now();
    let mut also = BTreeSet::new();
    for stored in cases {
        let case = &stored.case;
        let due = case.due().map(|(_, clock)| clock.due_at);
        let signs = [
            ("correcting", case.correction.is_some()),
            ("late", due.is_some_and(|due| due <= now)),
            (
                "offered",
                case.places
                    .values()
                    .any(|state| state.as_str() == "offered"),
            ),
            (
                "waiting",
                case.places
                    .values()
                    .any(|state| state.as_str() == "waiting"),
            ),
            ("judged", !case.judgements.is_empty()),
            (
                "called about",
                case.clocks.keys().any(|id| id.starts_with("phone.")),
            ),
            (
                "sent back",
                case.approval
                    .as_ref()
                    .is_some_and(|approval| approval.number > 1),
            ),
        ];
        also.extend(
            signs
                .into_iter()
                .filter(|(_, is)| *is)
                .map(|(sign, _)| sign),
        );
    }
    let steps = [
        "r6 open contact",
        "r6 open agreement",
        "r6 open expert_contact",
        "r6 open diagnosis",
        "r6 open approval",
        "r6 open course_decision",
        "r6 confirmed ",
        "r7 open screening",
        "r7 open approval",
        "r7 open questionnaire",
        "r7 confirmed ",
    ];
    let closed = ["withdrawn", "declined", "excluded", "lapsed"];
    let has = |beginning: &str| {
        standings
            .keys()
            .any(|standing| standing.starts_with(beginning))
    };
    for standing in steps {
        assert!(has(standing), "{standing}: {standings:#?}");
    }
    for status in closed {
        let beginning = ["r6", "r7"].map(|program| format!("{program} {status} "));
        assert!(
            beginning.iter().any(|beginning| has(beginning)),
            "{status}: {standings:#?}"
        );
    }
    let lists = app.db.read(approval_list::all).expect("readable");
    assert!(!lists.is_empty(), "lists wait for the sponsor");
    assert_eq!(also.len(), 7, "{also:?}");
    let report = app.db.read(verify::verify).expect("readable");
    let report = report.expect("the log is whole");
    assert_eq!(report.receipts, 340);
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
