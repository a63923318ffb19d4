//! What a company typed and did not send, and its place among those who wait.

use std::sync::Arc;

use serde_json::json;
use sonae_core::flow::{Actor, Event};
use sonae_core::program::Program;

use super::{Fresh, act, count, now, office, receive, submission};
use crate::case::waiting_ahead;
use crate::portal_draft::{delete, find, save};

pub(super) fn drafts(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let (db, program) = office(fresh, program);
    let one = submission(&program, 1);
    let id = one.application_id.clone();
    receive(&db, &[one]).expect("received");
    let find = |page| db.read(|tx| find(tx, &id, page)).expect("readable");
    let save = |page, typed| {
        db.write(|tx| save(tx, &id, page, &typed, now()))
            .expect("saved");
    };
    assert_eq!(find("questionnaire"), None);
    save("questionnaire", json!({ "goal": "髙" }));
    save("questionnaire", json!({ "goal": "𠮷" }));
    save("correct", json!({}));
    assert_eq!(find("questionnaire"), Some(json!({ "goal": "𠮷" })));
    for _ in 0..2 {
        db.write(|tx| delete(tx, &id, "questionnaire"))
            .expect("deleted");
    }
    assert_eq!(
        (find("questionnaire"), find("correct")),
        (None, Some(json!({})))
    );
    // Nobody needs it when the case has closed.
    let number = db
        .read(|tx| crate::application::arrival(tx, &id))
        .expect("readable")
        .expect("received")
        .receipt_number;
    let withdrawn = Event::Withdrawn {
        reason: String::new(),
    };
    act(&db, &program, &number, &withdrawn, &Actor::Company).expect("withdrawn");
    assert_eq!(count(&db, "portal_draft"), 0);
}

pub(super) fn waiting(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let (db, program) = office(fresh, program);
    let batch: Vec<_> = (1..=5).map(|n| submission(&program, n)).collect();
    receive(&db, &batch).expect("received");
    let course = &program.courses()[0].id;
    let ahead: Vec<_> = batch
        .iter()
        .map(|one| {
            db.read(|tx| waiting_ahead(tx, &one.application_id, course))
                .expect("readable")
        })
        .collect();
    assert_eq!(ahead, [None, None, None, Some(0), Some(1)]);
    let other = db.read(|tx| waiting_ahead(tx, &batch[4].application_id, "none"));
    assert_eq!(other.expect("readable"), None);
}
