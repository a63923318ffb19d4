//! The contract suite: what every engine must do, one case per subject. It runs on SQLite and PostgreSQL in every test run and, as
//! `sonae selftest`, on any empty database of an installation.
//!
//! A case panics when the engine breaks the contract.

mod api;
mod approvals;
mod checks;
mod clocks;
mod doubts;
mod earlier;
mod figures;
mod inbox;
mod intake;
mod mailbox;
mod mails;
mod missing;
mod papers;
mod plans;
mod portal;
mod queue;
mod records;
mod reports;
mod serving;
mod sources;
mod staff;
mod tampering;
mod undoing;
mod waiting;
mod ways_in;
mod webhooks;

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use sonae_core::calendar::{Calendar, Closings};
use sonae_core::capacity::PlaceState;
use sonae_core::flow::{self, Actor, Event, Refusal};
use sonae_core::program::Program;
use sonae_core::program::program::{CapacityKind, WaitingList};
use sonae_db::{Db, DbError, Isolation};

use crate::act::{Acted, Command};
use crate::intake::{Effects, Submission};
use crate::{MIGRATIONS, StoreError};

/// Opens an empty database of the engine under test; a second call of the same case opens the same database again.
pub type Fresh<'a> = dyn Fn(Isolation) -> Db + 'a;

/// A case by name.
pub type Case = (&'static str, fn(&Fresh<'_>, &Arc<Program>));

/// All cases. Each gets an empty database of its own.
pub const CASES: &[Case] = &[
    (
        "an arrival leaves all its rows",
        intake::an_arrival_leaves_all_its_rows,
    ),
    (
        "places run out in strict order",
        intake::places_run_out_in_strict_order,
    ),
    (
        "the same key gives the same receipt",
        intake::the_same_key_gives_the_same_receipt,
    ),
    (
        "closed and full courses refuse",
        intake::closed_and_full_courses_refuse,
    ),
    (
        "a failing effect leaves nothing",
        intake::a_failing_group_leaves_nothing,
    ),
    ("a race for the last places", intake::a_race_keeps_the_order),
    (
        "the race without protection fails",
        intake::the_race_without_protection_fails,
    ),
    (
        "withdrawal gives the place back once",
        intake::withdrawal_gives_the_place_back_once,
    ),
    ("a clock that ran out is looked at once", clocks::ran_out),
    (
        "nobody is pressed for anything else while a correction is asked for",
        clocks::nothing_else_is_pressed_for,
    ),
    (
        "who waits first is known once places have settled",
        clocks::first_waiting,
    ),
    (
        "the log is read from its end and changes do not fit",
        records::log,
    ),
    ("a zero byte makes no statement fail", records::zero_bytes),
    ("drafts are saved, sent and deleted", records::drafts),
    ("mails are leased, retried and kept", records::outbox),
    ("a mail that was due and not sent is found", missing::found),
    ("a mail can be cancelled until it leaves", mails::cancelled),
    ("a kept mail is sent again as a copy", mails::sent_again),
    ("a mail that came back is marked once", mails::bounced),
    ("only a mail that was begun is in doubt", doubts::begun),
    ("a copy ends every doubt", doubts::copies),
    ("a mail that came in is stored once", inbox::arrivals),
    ("a mail that came in is decided on once", inbox::decisions),
    (
        "lists of earlier support are imported and taken back",
        earlier::imports,
    ),
    ("earlier support is searched", earlier::search),
    ("records about a company are found", earlier::about),
    (
        "participants are earlier support later",
        earlier::participants,
    ),
    ("mails of both ways stand in one order", mailbox::mailbox),
    ("duplicates of a company are found", earlier::duplicates),
    ("what a company types is kept until sent", portal::drafts),
    ("a company knows how many wait before it", portal::waiting),
    ("commands of other systems are done once", api::answers),
    ("the last event is taken back", undoing::undone),
    ("what cannot be taken back stays", undoing::not_undone),
    ("a case says what it would take", undoing::trials),
    ("reading a case is recorded once an hour", undoing::readings),
    ("settings are agreed on", records::settings),
    ("revisions are kept", records::revisions),
    ("savepoints undo", records::savepoints),
    ("migrations run once", records::migrations),
    ("an office moves to another database", records::copies),
    (
        "events are queued for those who want them",
        webhooks::webhooks,
    ),
    (
        "nobody approves what he proposed",
        approvals::nobody_approves_what_he_proposed,
    ),
    (
        "two decide at once and one counts",
        approvals::two_decide_at_once,
    ),
    (
        "approvals are kept when the case changes",
        approvals::kept_when_the_case_changes,
    ),
    ("a list is handed over once", approvals::lists),
    ("proposals page by page", approvals::pages),
    ("cases are listed and found", queue::lists),
    ("people are added, changed and kept out", staff::people),
    (
        "a code of the second factor is taken once",
        staff::second_factor,
    ),
    ("a sign-in link opens once", staff::links),
    ("a session ends", staff::sessions),
    ("a token ends", staff::tokens),
    ("a device sends for its period", sources::devices),
    ("a monthly report lives in its order", reports::life),
    ("a port belongs to one device", ways_in::ports),
    ("who was heard and what was refused is kept", ways_in::watch),
    ("a silence is raised once and ends", ways_in::silences),
    (
        "what is said of a day is kept and signed once",
        checks::days,
    ),
    ("findings are judged and handed on once", checks::findings),
    ("a suppression says what it hid", checks::suppressions),
    ("mails to staff stand in no list", staff::mails),
    ("lists and actions on many cases are kept", queue::kept),
    (
        "places and those who wait are told",
        waiting::places_are_told,
    ),
    ("every case is counted", figures::every_case_is_counted),
    (
        "figures equal a recount whatever happens",
        figures::whatever_happens,
    ),
    (
        "revisions are served in turn",
        serving::revisions_are_served_in_turn,
    ),
    (
        "answers for papers are kept with their history",
        papers::answers,
    ),
    ("a version of a paper never changes", papers::versions),
    ("comments on papers are settled once", papers::comments),
    ("what comes into a paper is kept", papers::files),
    ("tampering is found", tampering::tampering_is_found),
];

/// Makes an empty schema on the PostgreSQL server at `base` and gives the URL of a database that is only this schema.
///
/// # Errors
/// The server cannot be reached, or the schema exists.
pub fn empty_schema(base: &str, name: &str) -> Result<String, DbError> {
    let db = Db::open(base)?;
    db.write(|tx| tx.execute(&format!("CREATE SCHEMA {name}"), &[]))?;
    let separator = if base.contains('?') { '&' } else { '?' };
    Ok(format!("{base}{separator}options=-csearch_path%3D{name}"))
}

/// A moment inside the sample programme's window.
fn now() -> Timestamp {
    "2025-06-02T10:00:00+09:00"
        .parse()
        .expect("a fixed instant")
}

/// An office with the sample programme published: its first course has three places and a waiting list of two, and any window is that
/// of the given programme.
fn office(fresh: &Fresh<'_>, program: &Arc<Program>) -> (Db, Arc<Program>) {
    let program = sample(program);
    let db = fresh(Isolation::Strict);
    db.migrate(MIGRATIONS)
        .expect("migrations run on an empty database");
    db.write(|tx| crate::revision::publish(tx, &program, now()))
        .expect("a revision is published");
    (db, program)
}

fn sample(program: &Program) -> Arc<Program> {
    let mut program = program.clone();
    let course = &mut program.definition.program.course[0];
    course.capacity.places = 3;
    course.capacity.kind = CapacityKind::Hard;
    course.capacity.waiting_list = WaitingList::Open {
        limit: Some(2),
        offer_business_days: 3,
    };
    Arc::new(program)
}

fn submission(program: &Arc<Program>, n: usize) -> Submission {
    Submission {
        application_id: format!("00000000-0000-7000-8000-{n:012}"),
        program: program.clone(),
        courses: vec![program.courses()[0].id.clone()],
        answers: format!(
            "{{\"name\":\"株式会社サンプル{n}\",\"contact_email\":\"a{n}@example.jp\"}}"
        ),
        verdict: r#"{"verdict":"eligible","revision":"","findings":[]}"#.into(),
        outcome: "eligible".into(),
        salt: [n as u8; 16],
        key: format!("api:{n}"),
        body_hash: [n as u8; 32],
        draft_id: None,
        arrived_at: now(),
    }
}

fn no_effects(submission: &Submission, arrival: &crate::intake::Arrival) -> Effects {
    Effects {
        mail: Vec::new(),
        case: begun(submission, arrival),
    }
}

/// The case of an arrival as it begins.
fn begun(submission: &Submission, arrival: &crate::intake::Arrival) -> flow::Case {
    let places = arrival.places.iter().map(|place| {
        let state = PlaceState::parse(&place.state).expect("a state of a place");
        (place.course.clone(), state)
    });
    let calendar = Calendar::published_default(Closings::year_end());
    flow::received(
        &submission.program,
        &calendar,
        &places.collect(),
        arrival.received_at,
    )
    .case
}

/// Applies one event as a page does, at an instant of a clock that is finer than the tables.
fn act(
    db: &Db,
    program: &Program,
    receipt_number: &str,
    event: &Event,
    actor: &Actor,
) -> Result<Acted, Refusal> {
    let at = now() + SignedDuration::from_nanos(456_789);
    act_at(db, program, receipt_number, (event, actor), at)
}

/// The same at another moment.
fn act_at(
    db: &Db,
    program: &Program,
    receipt_number: &str,
    (event, actor): (&Event, &Actor),
    at: Timestamp,
) -> Result<Acted, Refusal> {
    let calendar = Calendar::published_default(Closings::year_end());
    let command = Command {
        program,
        calendar: &calendar,
        event,
        actor,
        at,
    };
    let acted = db.write(|tx| {
        let stored = crate::case::by_receipt(tx, receipt_number)?.expect("a case");
        crate::act::act(tx, stored, command)
    });
    acted.expect("the database answers")
}

fn receive(db: &Db, batch: &[Submission]) -> Result<Vec<crate::intake::Answer>, StoreError> {
    db.write(|tx| crate::intake::receive(tx, batch, &no_effects))
}

fn count(db: &Db, table: &str) -> i64 {
    let row = db.read(|tx| tx.query_one(&format!("SELECT COUNT(*) FROM {table}"), &[]));
    row.expect("a table can be counted").int(0)
}
