//! The revision that is served changes by rows, and cases stay where they are.

use std::sync::Arc;

use sonae_core::program::Program;

use super::{Fresh, count, now, office, receive, submission};
use crate::serving::{self, NewServing};

pub(super) fn revisions_are_served_in_turn(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let (db, program) = office(fresh, program);
    let mut next = (*program).clone();
    next.revision = "f".repeat(64);
    db.write(|tx| crate::revision::publish(tx, &next, now()))
        .expect("published");
    receive(&db, &[submission(&program, 1), submission(&program, 2)]).expect("received");
    let serve = |revision: &str, by: &str| {
        let new = NewServing {
            program_id: program.id(),
            revision,
            by,
            at: now(),
            reason: "定員を増やすため",
            log_index: None,
        };
        db.write(|tx| serving::serve(tx, new)).expect("written")
    };
    assert!(serve(&program.revision, "system"));
    let entries = count(&db, "audit_entry");
    assert!(!serve(&program.revision, "system"), "it is served already");
    assert!(serve(&next.revision, "staff:a"));
    assert!(serve(&program.revision, "staff:a"), "one may go back");
    assert_eq!(count(&db, "audit_entry"), entries + 2);
    let all = db
        .read(|tx| serving::of_program(tx, program.id()))
        .expect("readable");
    let told: Vec<_> = all
        .iter()
        .map(|one| (one.number, one.revision.as_str(), one.by.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            (3, program.revision.as_str(), "staff:a"),
            (2, next.revision.as_str(), "staff:a"),
            (1, program.revision.as_str(), "system"),
        ]
    );
    let was = |revision: &str| {
        db.read(|tx| serving::was_served(tx, program.id(), revision))
            .expect("readable")
    };
    assert!(was(&next.revision) && !was("none"));
    let kept = db.read(|tx| crate::revision::of_program(tx, program.id()));
    assert_eq!(kept.expect("readable").len(), 2);
    let latest = db.read(|tx| serving::latest(tx, program.id()));
    assert_eq!(latest.expect("readable"), Some(all[0].clone()));
    let (counts, open) = db
        .read(|tx| {
            Ok::<_, crate::StoreError>((
                serving::cases_by_revision(tx, program.id())?,
                serving::open_cases(tx, program.id(), &program.revision, 1)?,
            ))
        })
        .expect("readable");
    assert_eq!(counts, [(program.revision.clone(), "open".to_owned(), 2)]);
    assert_eq!(open.len(), 1);
}
