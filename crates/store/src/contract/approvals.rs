//! Approvals: who may decide, what is kept, lists.

use std::sync::Arc;

use sonae_core::access::StaffRole;
use sonae_core::flow::{Actor, Event};
use sonae_core::program::Program;
use sonae_db::Db;

use super::{Fresh, act, count, now, office, receive, submission};
use crate::act::Acted;
use crate::approval::{self, Approval, Cause, Decision};
use crate::approval_list::{self, Counts, NewList};
use crate::approval_page::{self, After, State, Wanted};
use crate::intake::Answer;

fn staff(id: &str, role: StaffRole) -> Actor {
    Actor::Staff {
        id: id.into(),
        role,
    }
}

fn secretariat() -> Actor {
    staff("s", StaffRole::Secretariat)
}

fn sponsor() -> Actor {
    staff("t", StaffRole::Sponsor)
}

/// An office with so many proposed cases; their receipt numbers.
fn proposed(
    fresh: &Fresh<'_>,
    program: &Arc<Program>,
    cases: usize,
) -> (Db, Arc<Program>, Vec<String>) {
    let (db, program) = office(fresh, program);
    let batch: Vec<_> = (1..=cases).map(|n| submission(&program, n)).collect();
    let answers = receive(&db, &batch).expect("received");
    let mut numbers = Vec::new();
    for answer in answers {
        let Answer::Received(arrival) = answer else {
            panic!("not received: {answer:?}");
        };
        let number = arrival.receipt_number;
        for event in [
            Event::Screened {
                note: String::new(),
            },
            propose("お願いします"),
        ] {
            done(&db, &program, &number, &event, &secretariat());
        }
        numbers.push(number);
    }
    (db, program, numbers)
}

fn propose(note: &str) -> Event {
    Event::Proposed { note: note.into() }
}

fn done(db: &Db, program: &Program, number: &str, event: &Event, actor: &Actor) -> Acted {
    act(db, program, number, event, actor).expect("accepted")
}

fn rows(db: &Db, acted: &Acted) -> Vec<Approval> {
    let id = &acted.after.application_id;
    db.read(|tx| approval::of_application(tx, id))
        .expect("readable")
}

pub(super) fn nobody_approves_what_he_proposed(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let (db, program, numbers) = proposed(fresh, program, 1);
    let number = &numbers[0];
    // The same person after a change of role.
    let same = staff("s", StaffRole::Sponsor);
    for event in [
        Event::Approved {},
        Event::SentBack {
            question: "?".into(),
        },
    ] {
        let refused = act(&db, &program, number, &event, &same).expect_err("refused");
        assert_eq!(refused.code, "own_proposal");
    }
    // Past the rules of core, the rows refuse it as well.
    let forged = db.write(|tx| {
        let before = crate::case::by_receipt(tx, number)?.expect("a case");
        let mut after = before.clone();
        let stands = after.case.approval.as_mut().expect("proposed");
        stands.state = sonae_core::flow::ApprovalState::Approved;
        let cause = Cause {
            event: "approved",
            actor: "staff:s",
            at: now(),
            log_index: 0,
        };
        approval::record(tx, &before, &after, cause)
    });
    assert!(forged.is_err());
    let set = db.write(|tx| {
        tx.execute(
            "UPDATE approval SET decision = 'approved', decided_by = proposed_by",
            &[],
        )
    });
    assert!(set.is_err(), "the table itself refuses it");
    let acted = done(&db, &program, number, &Event::Approved {}, &sponsor());
    let rows = rows(&db, &acted);
    let decided = rows[0].decided.as_ref().expect("decided");
    assert_eq!(
        (rows[0].proposed_by.as_str(), decided.by.as_str()),
        ("staff:s", "staff:t")
    );
    assert_eq!(decided.log_index, acted.log_index);
}

pub(super) fn two_decide_at_once(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let (db, program, numbers) = proposed(fresh, program, 1);
    let decide = |id: &str, event: Event| {
        act(
            &db,
            &program,
            &numbers[0],
            &event,
            &staff(id, StaffRole::Sponsor),
        )
        .is_ok()
    };
    let question = Event::SentBack {
        question: "従業員の数は".into(),
    };
    let (one, other) = std::thread::scope(|scope| {
        let one = scope.spawn(|| decide("t", Event::Approved {}));
        let other = scope.spawn(|| decide("u", question));
        (one.join().expect("ends"), other.join().expect("ends"))
    });
    assert!(one != other, "exactly one decision counts");
    assert_eq!(count(&db, "approval"), 1);
    assert_eq!(db.read(approval::waiting).expect("readable"), 0);
}

pub(super) fn kept_when_the_case_changes(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let (db, program, numbers) = proposed(fresh, program, 1);
    let number = &numbers[0];
    let sent_back = Event::SentBack {
        question: "従業員の数は".into(),
    };
    done(&db, &program, number, &sent_back, &sponsor());
    done(&db, &program, number, &propose("45人です"), &secretariat());
    let withdrawn = Event::Withdrawn {
        reason: "電話で".into(),
    };
    let reopened = Event::Reopened {
        reason: "取下げの取消し".into(),
    };
    done(&db, &program, number, &withdrawn, &secretariat());
    done(&db, &program, number, &reopened, &secretariat());
    done(&db, &program, number, &propose("続けます"), &secretariat());
    done(&db, &program, number, &Event::Approved {}, &sponsor());
    done(&db, &program, number, &withdrawn, &secretariat());
    let acted = done(&db, &program, number, &reopened, &secretariat());
    let rows = rows(&db, &acted);
    let found: Vec<_> = rows
        .iter()
        .map(|row| {
            let decision = row.decided.as_ref().map(|decided| decided.decision);
            let by = row.invalidated.as_ref().map(|invalid| invalid.by.as_str());
            (row.number, row.note.as_str(), decision, by)
        })
        .collect();
    assert_eq!(
        found,
        [
            (1, "お願いします", Some(Decision::SentBack), None),
            (2, "45人です", None, Some("withdrawn")),
            (3, "続けます", Some(Decision::Approved), Some("reopened")),
        ]
    );
}

pub(super) fn pages(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let (db, program, numbers) = proposed(fresh, program, 3);
    let question = Event::SentBack {
        question: "?".into(),
    };
    done(&db, &program, &numbers[0], &Event::Approved {}, &sponsor());
    done(&db, &program, &numbers[1], &question, &sponsor());
    done(&db, &program, &numbers[1], &propose("答え"), &secretariat());
    let withdrawn = Event::Withdrawn {
        reason: "電話で".into(),
    };
    done(&db, &program, &numbers[2], &withdrawn, &secretariat());
    let all = |wanted: &Wanted, most: u32| {
        let mut wanted = wanted.clone();
        let mut found = Vec::new();
        loop {
            let page = db
                .read(|tx| approval_page::page(tx, &wanted, most))
                .expect("readable");
            let Some(last) = page.last() else {
                return found;
            };
            // What stands in an address reads back.
            let after = After::of(last).write();
            wanted.after = After::parse(&after);
            assert!(wanted.after.is_some(), "{after}");
            found.extend(page.into_iter().map(|row| (row.receipt_number, row.number)));
        }
    };
    let mut states = Vec::new();
    for state in State::ALL {
        let wanted = Wanted {
            state: Some(state),
            program_id: Some(program.id().to_owned()),
            ..Wanted::default()
        };
        states.push(all(&wanted, 10));
    }
    let one = |index: usize, number: i64| (numbers[index].clone(), number);
    assert_eq!(
        states,
        [
            vec![one(1, 2)],
            vec![one(0, 1)],
            vec![one(1, 1)],
            vec![one(2, 1)]
        ]
    );
    // Pages of any size show each once, in the same order.
    let whole = all(&Wanted::default(), 100);
    assert_eq!(whole.len(), 4);
    for most in 1..4 {
        assert_eq!(all(&Wanted::default(), most), whole, "{most}");
    }
    let other = Wanted {
        program_id: Some("none".to_owned()),
        ..Wanted::default()
    };
    assert_eq!(all(&other, 10), []);
}

pub(super) fn lists(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let (db, program, numbers) = proposed(fresh, program, 3);
    let waiting = db
        .read(|tx| approval::waiting_alone(tx, 10))
        .expect("readable");
    let ids: Vec<String> = waiting
        .iter()
        .map(|row| row.application_id.clone())
        .collect();
    assert_eq!(ids.len(), 3);
    let hand_over = |list: &str, ids: &[String]| {
        let new = NewList {
            id: list,
            program_id: program.id(),
            note: "6月の分",
            by: "staff:s",
            at: now(),
            applications: ids,
        };
        db.write(|tx| approval_list::hand_over(tx, &new))
            .expect("written")
    };
    assert_eq!(hand_over("l1", &ids[..2]), 2);
    assert_eq!(
        hand_over("l2", &ids[..2]),
        0,
        "they stand on a list already"
    );
    assert_eq!(hand_over("l3", &ids), 1);
    let question = Event::SentBack {
        question: "?".into(),
    };
    done(&db, &program, &numbers[0], &Event::Approved {}, &sponsor());
    done(&db, &program, &numbers[1], &question, &sponsor());
    let again = done(&db, &program, &numbers[1], &propose("答え"), &secretariat());
    let back = db.write(|tx| approval_list::put_back(tx, &again.after.application_id));
    assert_eq!(back.expect("written").as_deref(), Some("l1"));
    let open = db.read(approval_list::open).expect("readable");
    let numbered: Vec<_> = open
        .iter()
        .map(|list| (list.id.as_str(), list.number))
        .collect();
    assert_eq!(numbered, [("l3", 2), ("l1", 1)]);
    let past = |after: Option<&str>| -> Vec<String> {
        let read = db.read(|tx| approval_list::past(tx, after, 1));
        let lists = read.expect("readable").into_iter();
        lists.map(|list| list.id).collect()
    };
    assert_eq!(past(None), [""; 0]);
    let counts = Counts {
        waiting: 1,
        approved: 1,
        sent_back: 1,
        invalid: 0,
    };
    let first = db
        .read(|tx| approval_list::by_id(tx, "l1"))
        .expect("readable")
        .expect("a list");
    assert_eq!(first.counts, counts);
    let rows = db.read(|tx| approval::of_list(tx, "l1")).expect("readable");
    questions_and_what_is_ready(&db, &program, &numbers);
    assert_eq!(past(None), ["l3"], "the newest of those that are done");
    assert_eq!(past(Some("l3")), ["l1"]);
    assert_eq!(past(Some("l1")), [""; 0]);
    assert_eq!(past(Some("none")), [""; 0]);
    let order: Vec<_> = rows.iter().map(|row| row.receipt_number.as_str()).collect();
    assert_eq!(order, [&numbers[0], &numbers[1], &numbers[1]]);
}

fn questions_and_what_is_ready(db: &Db, program: &Program, numbers: &[String]) {
    let question = Event::SentBack {
        question: "?".into(),
    };
    let asked = |db: &Db| {
        let rows = db.read(|tx| approval::sent_back(tx, 10)).expect("readable");
        let numbers = rows.into_iter().map(|row| row.receipt_number);
        numbers.collect::<Vec<_>>()
    };
    assert_eq!(asked(db), [""; 0], "an answered question is none");
    done(db, program, &numbers[1], &question, &sponsor());
    assert_eq!(asked(db), [numbers[1].clone()]);
    let ready = |step: &str| {
        db.read(|tx| approval::ready(tx, program.id(), step, 10))
            .expect("readable")
    };
    assert_eq!(ready("approval"), []);
    done(
        db,
        program,
        &numbers[2],
        &Event::Withdrawn {
            reason: "電話で".into(),
        },
        &secretariat(),
    );
    done(
        db,
        program,
        &numbers[2],
        &Event::Reopened {
            reason: "続ける".into(),
        },
        &secretariat(),
    );
    let found = ready("approval");
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].receipt_number, numbers[2]);
    assert!(found[0].was_invalidated && found[0].outcome == "eligible");
    assert_eq!(ready("screening"), []);
}
