//! Places as people look at them: who waits, who was offered one, what moved.

use std::sync::Arc;

use sonae_core::access::StaffRole;
use sonae_core::capacity::PlaceState;
use sonae_core::flow::{Actor, Event};
use sonae_core::program::Program;

use super::{Fresh, act, office, receive, submission};
use crate::intake::Answer;
use crate::waiting_list::{self, Standing};

pub(super) fn places_are_told(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let (db, program) = office(fresh, program);
    let batch: Vec<_> = (1..=5).map(|n| submission(&program, n)).collect();
    let answers = receive(&db, &batch).expect("received");
    let numbers: Vec<String> = answers
        .iter()
        .map(|answer| match answer {
            Answer::Received(arrival) => arrival.receipt_number.clone(),
            other => panic!("not received: {other:?}"),
        })
        .collect();
    let course = program.courses()[0].id.clone();
    let secretariat = Actor::Staff {
        id: "s".into(),
        role: StaffRole::Secretariat,
    };
    let told = |standing: &[Standing]| -> Vec<String> {
        let numbers = standing.iter().map(|one| one.receipt_number.clone());
        numbers.collect()
    };
    let read = || {
        db.read(|tx| {
            Ok::<_, crate::StoreError>((
                waiting_list::waiting(tx, program.id(), &course, 10)?,
                waiting_list::offered(tx, program.id(), &course, 10)?,
                waiting_list::last_moves(tx, program.id(), &course, 10)?,
                waiting_list::counts(tx, program.id())?,
            ))
        })
        .expect("readable")
    };
    let (waiting, offered, moves, counts) = read();
    assert_eq!(told(&waiting), numbers[3..]);
    assert!(offered.is_empty() && moves.is_empty());
    assert_eq!(counts[&(course.clone(), PlaceState::Held)], 3);
    let withdrawn = Event::Withdrawn {
        reason: "電話で".into(),
    };
    act(&db, &program, &numbers[0], &withdrawn, &secretariat).expect("accepted");
    let offer = Event::Offered {
        course: course.clone(),
        reason: "急ぎのため".into(),
    };
    act(&db, &program, &numbers[4], &offer, &secretariat).expect("accepted");
    let (waiting, offered, moves, counts) = read();
    // Both at the same instant: what is behind in the order comes first.
    assert_eq!(told(&moves), [numbers[4].clone(), numbers[0].clone()]);
    assert_eq!(told(&waiting), numbers[3..4]);
    assert_eq!(told(&offered), numbers[4..]);
    assert!(offered[0].offer_due_at.is_some());
    let count = |state| counts.get(&(course.clone(), state)).copied();
    assert_eq!(count(PlaceState::Offered), Some(1));
    assert_eq!(count(PlaceState::Returned), Some(1));
}
