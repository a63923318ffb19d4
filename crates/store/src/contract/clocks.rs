//! Clocks that run out, and who waits first.

use std::sync::Arc;

use jiff::SignedDuration;
use sonae_core::access::StaffRole;
use sonae_core::flow::{Actor, Event};
use sonae_core::program::Program;
use sonae_db::Db;

use super::{Fresh, act, act_at, now, office, receive, submission};
use crate::case::{self, Stored};
use crate::clock;

const MOMENT: SignedDuration = SignedDuration::from_millis(1);

/// Brings `count` applications in and gives their receipt numbers.
fn arrivals(db: &Db, program: &Arc<Program>, count: usize) -> Vec<String> {
    let batch: Vec<_> = (1..=count).map(|n| submission(program, n)).collect();
    let answers = receive(db, &batch).expect("received");
    let number = |answer: &crate::intake::Answer| match answer {
        crate::intake::Answer::Received(arrival) => arrival.receipt_number.clone(),
        other => panic!("not received: {other:?}"),
    };
    answers.iter().map(number).collect()
}

fn stored(db: &Db, number: &str) -> Stored {
    let found = db.read(|tx| case::by_receipt(tx, number));
    found.expect("readable").expect("a case")
}

pub(super) fn ran_out(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let (db, program) = office(fresh, program);
    let number = arrivals(&db, &program, 1).remove(0);
    let staff = Actor::Staff {
        id: "a".into(),
        role: StaffRole::Secretariat,
    };
    let asked = Event::CorrectionRequested {
        message: "資本金をお確かめください。".into(),
        fields: Vec::new(),
    };
    act(&db, &program, &number, &asked, &staff).expect("asked");
    let due_at = stored(&db, &number).case.clocks["correction"].due_at;
    let names = |at| {
        let found = db.read(|tx| clock::ran_out(tx, at, 10)).expect("readable");
        let mut names: Vec<String> = found.iter().map(|found| found.clock.clone()).collect();
        names.sort();
        names
    };
    let others = names(due_at - MOMENT);
    assert!(!others.contains(&"correction".to_owned()));
    assert!(names(due_at).contains(&"correction".to_owned()));
    let event = Event::ClockRanOut {
        clock: "correction".into(),
    };
    let acted = act_at(&db, &program, &number, (&event, &Actor::System), due_at);
    assert!(acted.is_ok(), "{acted:?}");
    let again = act_at(&db, &program, &number, (&event, &Actor::System), due_at);
    assert_eq!(again.expect_err("acted on already").code, "already_done");
    assert_eq!(names(due_at), others, "it is looked at once");
    for other in db
        .read(|tx| clock::ran_out(tx, due_at, 10))
        .expect("readable")
    {
        db.write(|tx| clock::nothing_follows(tx, &other))
            .expect("noted");
    }
    assert!(names(due_at).is_empty());
    // A clock that was looked at is looked at again when it runs anew.
    let corrected = Event::Corrected {
        answers: Box::new(stored(&db, &number).answers),
        reason: "電話で確認した".into(),
    };
    act_at(&db, &program, &number, (&corrected, &staff), due_at).expect("answered");
    act_at(&db, &program, &number, (&asked, &staff), due_at).expect("asked anew");
    let later = stored(&db, &number).case.clocks["correction"].due_at;
    assert!(names(later).contains(&"correction".to_owned()));
}

/// While a correction is asked for, nothing else that the company owes runs out; it does when the request is taken back.
pub(super) fn nothing_else_is_pressed_for(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let (db, program) = office(fresh, program);
    let number = arrivals(&db, &program, 1).remove(0);
    let staff = |role| Actor::Staff {
        id: format!("{role:?}"),
        role,
    };
    let secretariat = staff(StaffRole::Secretariat);
    let note = String::new();
    for (event, actor) in [
        (Event::Screened { note: note.clone() }, &secretariat),
        (Event::Proposed { note }, &secretariat),
        (Event::Approved {}, &staff(StaffRole::Sponsor)),
    ] {
        act(&db, &program, &number, &event, actor).expect("on the way");
    }
    let late = stored(&db, &number).case.clocks["questionnaire"].due_at;
    let runs_out = || {
        let found = db
            .read(|tx| clock::ran_out(tx, late, 10))
            .expect("readable");
        found.iter().any(|found| found.clock == "questionnaire")
    };
    assert!(runs_out());
    let message = "資本金をお確かめください。".to_owned();
    let fields = Vec::new();
    let asked = Event::CorrectionRequested { message, fields };
    act_at(&db, &program, &number, (&asked, &secretariat), late).expect("asked");
    assert!(!runs_out());
    let reason = "お電話で確認".to_owned();
    let cancelled = Event::CorrectionCancelled { reason };
    act_at(&db, &program, &number, (&cancelled, &secretariat), late).expect("taken back");
    assert!(runs_out());
}

pub(super) fn first_waiting(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let (db, program) = office(fresh, program);
    let numbers = arrivals(&db, &program, 5);
    let course = program.courses()[0].id.clone();
    let first = |settled| {
        db.read(|tx| case::first_waiting(tx, program.id(), settled))
            .expect("readable")
    };
    assert_eq!(first(now()), [(course.clone(), numbers[3].clone())]);
    let event = Event::Withdrawn {
        reason: String::new(),
    };
    act(&db, &program, &numbers[0], &event, &Actor::Company).expect("withdrawn");
    assert_eq!(first(now()), [], "the withdrawal may still be undone");
    assert_eq!(first(now() + MOMENT), [(course, numbers[3].clone())]);
}
