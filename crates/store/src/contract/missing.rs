//! Mails that were due and were not sent.

use std::sync::Arc;

use sonae_core::access::StaffRole;
use sonae_core::flow::due_mails::{DueMail, Standing};
use sonae_core::flow::{Actor, Event, Status};
use sonae_core::program::Program;

use super::{Fresh, act, now, office, receive, submission};
use crate::intake::Answer;
use crate::missing_mail::{self, Missing};
use crate::outbox::{self, Mail};

fn mail(id: &str, mail: &str) -> Mail {
    Mail {
        id: id.into(),
        mail: mail.into(),
        recipient: "a@example.jp".into(),
        message_id: format!("<{id}@example.jp>"),
        content: Vec::new(),
    }
}

pub(super) fn found(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let (db, program) = office(fresh, program);
    let answers = receive(&db, &[submission(&program, 1)]).expect("received");
    let Answer::Received(arrival) = &answers[0] else {
        panic!("not received");
    };
    let (number, id) = (&arrival.receipt_number, &arrival.application_id);
    let due = |standing, mail: &str| DueMail {
        standing,
        mail: mail.to_owned(),
    };
    let all = [
        due(Standing::Received, "received"),
        due(Standing::At("screening".to_owned()), "at_step"),
        due(Standing::At("approval".to_owned()), "not_there"),
        due(Standing::Correcting, "correction_request"),
        due(Standing::Offered, "place_offered"),
        due(Standing::Ended(Status::Withdrawn), "withdrawn"),
    ];
    let missing = || {
        let count = db
            .write(|tx| missing_mail::reconcile(tx, program.id(), &all, now()))
            .expect("compared");
        let listed = db.read(|tx| missing_mail::list(tx, 10)).expect("readable");
        let counted = db.read(missing_mail::count).expect("readable");
        assert_eq!((count, counted), (listed.len() as u64, listed.len() as i64));
        assert!(
            listed
                .iter()
                .all(|missing: &Missing| missing.receipt_number == *number)
        );
        listed
            .into_iter()
            .map(|missing| missing.mail)
            .collect::<Vec<_>>()
    };
    assert_eq!(missing(), ["at_step", "received"]);
    assert_eq!(missing(), ["at_step", "received"], "found once");
    let put = |mail: &Mail| {
        db.write(|tx| outbox::put(tx, Some(id), mail, now(), now()))
            .expect("queued");
    };
    put(&mail("1", "received"));
    put(&mail("2", "at_step"));
    assert!(missing().is_empty(), "what waits will be sent");
    db.write(|tx| outbox::mark_failed(tx, "2", "no such server", None))
        .expect("given up");
    assert_eq!(missing(), ["at_step"]);
    let is_missing = |mail| db.read(|tx| missing_mail::is_missing(tx, id, mail));
    assert!(is_missing("at_step").expect("readable") && !is_missing("received").expect("readable"));
    let staff = Actor::Staff {
        id: "a".into(),
        role: StaffRole::Secretariat,
    };
    let asked = Event::CorrectionRequested {
        message: "お確かめください。".into(),
        fields: Vec::new(),
    };
    act(&db, &program, number, &asked, &staff).expect("asked");
    assert_eq!(missing(), ["at_step", "correction_request"]);
    db.write(|tx| missing_mail::forget(tx, id, "correction_request"))
        .expect("forgotten");
    let gone = Event::Withdrawn {
        reason: String::new(),
    };
    act(&db, &program, number, &gone, &Actor::Company).expect("withdrawn");
    assert_eq!(missing(), ["withdrawn"], "only where it stands now");
}
