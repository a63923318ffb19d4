//! Taking back what was done, what a case would take, and who read it.

use std::sync::Arc;

use jiff::SignedDuration;
use sonae_core::access::StaffRole;
use sonae_core::calendar::{Calendar, Closings};
use sonae_core::flow::{Actor, Channel, ContactOutcome, Event};
use sonae_core::program::Program;
use sonae_db::Db;

use super::{Fresh, act, count, now, office, receive, submission};
use crate::act::{Command, possible};
use crate::case::{self, Stored};
use crate::case_read::{self, Reading};
use crate::intake::Answer;
use crate::{case_event, tally, undo, verify};

const WITHIN: SignedDuration = SignedDuration::from_mins(5);

fn hanako() -> Actor {
    Actor::Staff {
        id: "hanako".into(),
        role: StaffRole::Secretariat,
    }
}

/// Numbers of `count` received applications; the course has three places.
fn numbers(db: &Db, program: &Arc<Program>, count: usize) -> Vec<String> {
    let batch: Vec<_> = (1..=count).map(|n| submission(program, n)).collect();
    let answers = receive(db, &batch).expect("received");
    let number = |answer: &Answer| super::intake::received(answer).receipt_number.clone();
    answers.iter().map(number).collect()
}

fn stored(db: &Db, number: &str) -> Stored {
    let read = db.read(|tx| case::by_receipt(tx, number));
    read.expect("readable").expect("a case")
}

fn withdrawn() -> Event {
    Event::Withdrawn {
        reason: "電話で申し出があった".into(),
    }
}

fn take_back(
    db: &Db,
    program: &Program,
    number: &str,
    who: (&str, SignedDuration),
) -> Result<Stored, &'static str> {
    let (actor, later) = who;
    let undone = db.write(|tx| {
        let before = case::by_receipt(tx, number)?.expect("a case");
        let command = undo::Command {
            program,
            version: before.case.version,
            actor,
            at: now() + later,
            within: WITHIN,
        };
        undo::undo(tx, &before, command)
    });
    let undone = undone.expect("the database answers");
    undone
        .map(|undone| undone.after)
        .map_err(|refusal| refusal.code)
}

pub(super) fn undone(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let (db, program) = office(fresh, program);
    let numbers = numbers(&db, &program, 5);
    let course = &program.courses()[0].id;
    let tallies = || {
        let read = db.read(|tx| tally::of_program(tx, program.id()));
        let tally = read.expect("readable")[course];
        (tally.held, tally.waiting)
    };
    assert_eq!(tallies(), (3, 2));
    let (held, waits) = (&numbers[0], &numbers[3]);
    for number in [held, waits] {
        let before = stored(&db, number);
        act(&db, &program, number, &withdrawn(), &hanako()).expect("withdrawn");
        let soon = SignedDuration::from_mins(4);
        let check = |actor: &str, later, code: &str| {
            let found = take_back(&db, &program, number, (actor, later));
            assert_eq!(found.expect_err("refused"), code);
        };
        check("staff:taro", soon, "not_yours");
        check("staff:hanako", WITHIN, "too_late");
        let after = take_back(&db, &program, number, ("staff:hanako", soon)).expect("undone");
        assert_eq!(after.case.version, 2, "the version only grows");
        assert_eq!(after, stored(&db, number), "what was saved is what is read");
        let mut as_before = after;
        as_before.case.version = before.case.version;
        assert_eq!(as_before, before, "everything else stands as before");
        let events = db.read(|tx| case_event::of_application(tx, &before.application_id));
        let events = events.expect("readable");
        assert_eq!((events.len(), events[0].undone_at), (1, Some(now() + soon)));
        check("staff:hanako", soon, "unknown_event");
    }
    assert_eq!(tallies(), (3, 2));
    let next = db.read(|tx| case::next_waiting(tx, program.id(), course));
    let first = next.expect("readable");
    assert_eq!(
        first,
        Some(stored(&db, waits).application_id),
        "who waited first waits first"
    );
    db.read(verify::verify).expect("readable").expect("sound");
}

pub(super) fn not_undone(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let (db, program) = office(fresh, program);
    let numbers = numbers(&db, &program, 4);
    let (held, waits) = (&numbers[0], &numbers[3]);
    act(&db, &program, held, &withdrawn(), &hanako()).expect("withdrawn");
    let offered = Event::Offered {
        course: program.courses()[0].id.clone(),
        reason: String::new(),
    };
    act(&db, &program, waits, &offered, &Actor::System).expect("offered");
    let check = |number: &str, code: &str| {
        let soon = SignedDuration::from_secs(1);
        let found = take_back(&db, &program, number, ("staff:hanako", soon));
        assert_eq!(found.expect_err("refused"), code);
    };
    check(held, "place_taken");
    let note = Event::Noted {
        text: "メモ".into(),
    };
    act(&db, &program, &numbers[1], &note, &hanako()).expect("noted");
    check(&numbers[1], "not_undoable");
    check(&numbers[2], "unknown_event");
    db.read(verify::verify).expect("readable").expect("sound");
}

pub(super) fn trials(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let (db, program) = office(fresh, program);
    let number = &numbers(&db, &program, 1)[0];
    let (calendar, actor) = (Calendar::published_default(Closings::year_end()), hanako());
    let called = Event::Contacted {
        channel: Channel::Phone,
        outcome: ContactOutcome::NoAnswer,
        note: String::new(),
    };
    let reopened = Event::Reopened { reason: "-".into() };
    let events = [called.clone(), reopened, withdrawn()];
    let taken = |number: &str| {
        let read = db.read(|tx| {
            let before = case::by_receipt(tx, number)?.expect("a case");
            let command = Command {
                program: &program,
                calendar: &calendar,
                event: &called,
                actor: &actor,
                at: now(),
            };
            possible(tx, &before, command, &events)
        });
        read.expect("readable")
    };
    assert_eq!(taken(number), [true, false, true]);
    act(&db, &program, number, &withdrawn(), &actor).expect("withdrawn");
    assert_eq!(taken(number), [true, true, false]);
}

pub(super) fn readings(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let (db, program) = office(fresh, program);
    let number = &numbers(&db, &program, 1)[0];
    let id = stored(&db, number).application_id;
    let entries = count(&db, "audit_entry");
    let read = |staff: &str, minutes: i64| {
        let reading = Reading {
            application_id: id.clone(),
            receipt_number: number.clone(),
            staff_id: staff.to_owned(),
            role: "secretariat",
            at: now() + SignedDuration::from_mins(minutes),
        };
        db.write(|tx| case_read::record(tx, &reading))
            .expect("written")
    };
    assert!(read("hanako", 0), "the first time in the hour");
    assert!(!read("hanako", 59), "the same hour");
    assert!(!read("hanako", 58), "an older one changes nothing");
    assert!(read("taro", 5), "another person");
    assert!(read("hanako", 60), "another hour");
    assert_eq!(count(&db, "audit_entry"), entries + 3);
    let at = |minutes| now() + SignedDuration::from_mins(minutes);
    let reads = |since| {
        let reads = db.read(|tx| case_read::since(tx, &id, since));
        reads.expect("readable")
    };
    let seen: Vec<_> = (reads(at(5)).iter())
        .map(|read| (read.staff_id.clone(), read.seen_at))
        .collect();
    let expected = [("hanako", 60), ("hanako", 59), ("taro", 5)];
    assert_eq!(
        seen,
        expected.map(|(staff, minutes)| (staff.to_owned(), at(minutes)))
    );
    let due = |staff, minutes| case_read::is_due(&reads(now()), staff, at(minutes));
    assert!(!due("hanako", 60) && due("hanako", 61) && due("taro", 60) && due("jiro", 60));
    db.read(verify::verify).expect("readable").expect("sound");
}
