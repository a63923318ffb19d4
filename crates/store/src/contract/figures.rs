//! Figures are counted from every case, and from the clause of the last refusal.

use std::sync::Arc;

use sonae_core::access::StaffRole;
use sonae_core::figures::Counter;
use sonae_core::flow::{Actor, Event};
use sonae_core::program::{Milestone, Program};

use super::{Fresh, act, office, receive, submission};
use crate::figures;
use crate::intake::Answer;

pub(super) fn every_case_is_counted(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let (db, program) = office(fresh, program);
    let batch: Vec<_> = (1..=4).map(|n| submission(&program, n)).collect();
    let answers = receive(&db, &batch).expect("received");
    let Answer::Received(first) = &answers[0] else {
        panic!("not received");
    };
    let secretariat = Actor::Staff {
        id: "s".into(),
        role: StaffRole::Secretariat,
    };
    let declined = |clause: &str| Event::Declined {
        reason: "理由".into(),
        clause: clause.into(),
    };
    let reopened = Event::Reopened {
        reason: "理由".into(),
    };
    for event in [declined("3"), reopened, declined("4")] {
        act(&db, &program, &first.receipt_number, &event, &secretariat).expect("accepted");
    }
    let calendar = program.calendar();
    let (counted, clauses) = db
        .read(|tx| {
            let mut counter = Counter::new(&program, &calendar);
            figures::each_case(tx, program.id(), |at, case| counter.add(at, &case))?;
            let clauses = figures::closed_by_clause(tx, program.id())?;
            Ok::<_, crate::StoreError>((counter.finish(), clauses))
        })
        .expect("readable");
    assert_eq!(counted.received, 4);
    assert_eq!(counted.milestones[&Milestone::Received], 4);
    assert_eq!(
        (counted.by_status["open"], counted.by_status["declined"]),
        (3, 1)
    );
    let second = &counted.steps[1];
    assert_eq!((second.reached, second.waiting, second.done), (4, 3, 0));
    assert_eq!(counted.courses[0].received, 4);
    assert_eq!(counted.weeks[0].received, 4);
    let expected = [(("declined".to_owned(), "4".to_owned()), 1)];
    assert_eq!(clauses.into_iter().collect::<Vec<_>>(), expected);
}
