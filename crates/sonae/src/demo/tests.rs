//! The demo starts, holds what it promises, and touches nobody else's data.

mod checks;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use sonae_core::access::StaffRole;
use sonae_core::calendar::tokyo_date;
use sonae_core::flow::Status;
use sonae_core::program::Milestone;
use sonae_store::case::{self, Stored};
use sonae_store::queue::{self, Asker, Scope, View, Wanted};
use sonae_store::{
    StoreError, approval_list, duplicate, mailbox, outbox, paper, paper_answer, verify,
};

use super::editions::{R6, R7};
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
const STANDINGS: [&str; 18] = [
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
    "r7 withdrawn ",
    "r7 declined ",
    "r7 excluded ",
];

/// The views of the office's list that hold cases of each programme when the demonstration begins.
const VIEWS_OF_BOTH: [View; 11] = [
    View::Overdue,
    View::Soon,
    View::Unassigned,
    View::Judgement,
    View::AtSponsor,
    View::SentBack,
    View::Waiting,
    View::Company,
    View::Confirmed,
    View::Closed,
    View::All,
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
    assert_eq!(signs.len(), 8, "{signs:?}");
    let open = |stored: &&Stored| stored.case.status == Status::Open;
    let again = cases.iter().filter(open).filter(|stored| {
        let (id, answers) = (&stored.application_id, &stored.answers);
        let found = app.db.read(|tx| duplicate::of_company(tx, id, answers));
        !found.expect("readable").is_empty()
    });
    assert!(
        again.count() > 0,
        "a company that applied twice is to be looked at"
    );
    views(app);
    let lists = app.db.read(approval_list::open).expect("readable");
    let programs: BTreeSet<&str> = (lists.iter())
        .filter(|list| list.counts.waiting > 0)
        .map(|list| list.program_id.as_str())
        .collect();
    assert_eq!(
        programs.len(),
        2,
        "lists of both programmes wait for the sponsor"
    );
    mails(app, now);
    year(cases);
    papers(app, cases);
    checks::check(app);
    let report = app.db.read(verify::verify).expect("readable");
    assert_eq!(report.expect("the log is whole").receipts, 340);
    let missing = find_missing_mails::round(app, now).expect("readable");
    assert_eq!(missing, 0, "everybody was sent what was due");
}

/// Who asks for a view.
fn asker(app: &App, role: StaffRole) -> (Scope, Asker) {
    let people = app.db.read(sonae_store::staff::all).expect("readable");
    let person = people.into_iter().find(|person| person.role == role);
    let staff_id = person.expect("somebody of each role").id;
    let scope = match role {
        StaffRole::Expert => Scope::Assigned {
            staff_id: staff_id.clone(),
            confirmed: false,
        },
        _ => Scope::All,
    };
    let asker = Asker {
        staff_id,
        role: role.as_str().to_owned(),
        now: app.clock.now(),
        contact_steps: vec!["contact".to_owned(), "expert_contact".to_owned()],
        screening_steps: vec!["screening".to_owned()],
    };
    (scope, asker)
}

fn views(app: &App) {
    let count = |role, view, program: Option<&str>| {
        let (scope, asker) = asker(app, role);
        let wanted = Wanted {
            program: program.map(str::to_owned),
            ..Wanted::of(scope, view)
        };
        let counts = app
            .db
            .read(|tx| queue::counts(tx, std::slice::from_ref(&wanted), &asker));
        counts.expect("readable")[0]
    };
    for view in View::ALL {
        let cases = count(StaffRole::Secretariat, view, None);
        assert!(cases > 0, "{view:?} is empty");
        if VIEWS_OF_BOTH.contains(&view) {
            for program in [R6, R7] {
                let cases = count(StaffRole::Secretariat, view, Some(program));
                assert!(cases > 0, "{view:?} of {program} is empty");
            }
        }
    }
    assert!(count(StaffRole::Sponsor, View::AtSponsor, None) > 0);
    assert!(count(StaffRole::Expert, View::Today, None) > 0);
    for (program, cases) in [(R6, 260), (R7, 80)] {
        assert_eq!(
            count(StaffRole::Secretariat, View::All, Some(program)),
            cases
        );
    }
}

/// Everything was sent in its time but for letters about papers, which can still be stopped; some came back, some were answered, and one
/// belongs to no case.
fn mails(app: &App, now: Timestamp) {
    let counts = app.db.read(mailbox::counts).expect("readable");
    assert_eq!((counts.failed, counts.unmatched), (0, 1));
    assert!((1..=10).contains(&counts.waiting), "{}", counts.waiting);
    assert_eq!(counts.bounced, 2);
    let sent = app.db.read(|tx| outbox::in_state(tx, "sent", 1000));
    let sent = sent.expect("readable");
    let late = |kept: &&outbox::Kept| kept.sent_at != Some(kept.due_at) || kept.due_at > now;
    assert!(sent.iter().find(late).is_none());
    let folder = crate::mail::transport::folder_of(&app.config.data.data);
    let files = crate::mail::folder::numbers(&folder).expect("readable");
    assert!(files.len() > 1_000, "{}", files.len());
}

/// Both programmes have arrivals in every month, and can be applied for.
fn year(cases: &[Stored]) {
    let month = |stored: &Stored| tokyo_date(stored.received_at).first_of_month();
    for program in [R6, R7] {
        let of_program = cases.iter().filter(|stored| stored.program_id == program);
        let months: BTreeSet<Date> = of_program.map(month).collect();
        assert_eq!(months.len(), 12, "{program}: {months:?}");
    }
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
            "withdrawn after all",
            case.status == Status::Withdrawn && case.milestones.contains_key(&Milestone::Confirmed),
        ),
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

/// Papers stand in every state, each version that was sent with its PDF, and other companies have answered without sending.
fn papers(app: &App, cases: &[Stored]) {
    let mut states: BTreeSet<(&str, u32)> = BTreeSet::new();
    let mut only_answered = 0;
    for stored in cases {
        let id = &stored.application_id;
        let (papers, answers) = app
            .db
            .read(|tx| {
                Ok::<_, StoreError>((
                    paper::of_application(tx, id)?,
                    paper_answer::current(tx, id)?,
                ))
            })
            .expect("readable");
        only_answered += usize::from(papers.is_empty() && answers.sequence > 0);
        states.extend(
            papers
                .iter()
                .map(|paper| (paper.state.as_str(), paper.state.version())),
        );
    }
    for state in [("draft", 2), ("in_review", 1), ("accepted", 1)] {
        assert!(states.contains(&state), "{state:?}: {states:?}");
    }
    assert!(only_answered > 0, "somebody is half way");
}
