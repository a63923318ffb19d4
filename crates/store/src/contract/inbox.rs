//! Mails that come in: matched, stored once, decided once.

use std::sync::Arc;

use sonae_core::program::Program;

use super::{Fresh, now, office, receive, submission};
use crate::inbox::{self, Arriving, Nature, Received};
use crate::outbox::{self, Mail};

fn arriving(id: &str) -> Arriving {
    Arriving {
        id: id.into(),
        nature: Nature::Ordinary,
        sender: "担当 <a@example.jp>".into(),
        subject: "お返事".into(),
        text: "承知しました。".into(),
        attachments: "[]".into(),
        raw: vec![0, 255, 10],
        raw_is_cut: false,
        message_id: format!("<{id}@example.jp>"),
        once: id.into(),
        answers: Vec::new(),
        receipt_numbers: Vec::new(),
        received_at: now(),
    }
}

pub(super) fn arrivals(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let (db, program) = office(fresh, program);
    let submission = submission(&program, 1);
    let answers = receive(&db, std::slice::from_ref(&submission)).expect("received");
    let crate::intake::Answer::Received(arrival) = &answers[0] else {
        panic!("not received");
    };
    let about = Some(submission.application_id.clone());
    for (id, application_id) in [("a", about.as_deref()), ("draft", None)] {
        let mail = Mail {
            id: id.into(),
            mail: "received".into(),
            recipient: "a@example.jp".into(),
            message_id: format!("<{id}@office.example.jp>"),
            content: Vec::new(),
        };
        db.write(|tx| {
            outbox::put(tx, application_id, &mail, now(), now())?;
            outbox::lease(tx, now(), jiff::SignedDuration::from_mins(1), 9)?;
            outbox::mark_sent(tx, id, now())
        })
        .expect("sent");
    }
    let take = |mail: &Arriving| db.write(|tx| inbox::receive(tx, mail)).expect("stored");
    let stored = |kind, application_id: &Option<String>| Received::Stored {
        kind,
        application_id: application_id.clone(),
    };
    let returned = Nature::Returned {
        reason: "5.1.1".into(),
    };
    let ids = |ids: &[&str]| ids.iter().map(|&id| id.to_owned()).collect::<Vec<_>>();
    let (a, draft) = ("<a@office.example.jp>", "<draft@office.example.jp>");
    let cases = [
        (
            "reply",
            "reply",
            Nature::Ordinary,
            ids(&["<x@example.jp>", a]),
            ids(&[]),
            &about,
        ),
        (
            "plus",
            "reply",
            Nature::Ordinary,
            ids(&[]),
            ids(&["XX-1", &arrival.receipt_number]),
            &about,
        ),
        (
            "stranger",
            "unmatched",
            Nature::Ordinary,
            ids(&["<x@example.jp>"]),
            ids(&["XX-1"]),
            &None,
        ),
        (
            "absent",
            "auto_reply",
            Nature::Automatic,
            ids(&[a]),
            ids(&[]),
            &about,
        ),
        (
            "bounce",
            "bounce",
            returned.clone(),
            ids(&[a]),
            ids(&[]),
            &about,
        ),
        (
            "bounced draft",
            "bounce",
            returned.clone(),
            ids(&[draft]),
            ids(&[]),
            &None,
        ),
        (
            "bounce of what",
            "bounce",
            returned,
            ids(&[]),
            ids(&[]),
            &None,
        ),
    ];
    for (id, kind, nature, answers, receipt_numbers, application_id) in cases {
        let mail = Arriving {
            nature,
            answers,
            receipt_numbers,
            ..arriving(id)
        };
        assert_eq!(take(&mail), stored(kind, application_id), "{id}");
        // The same file read again, under another id.
        let again = Arriving {
            id: format!("{id} again"),
            ..mail
        };
        assert_eq!(take(&again), Received::Again, "{id}");
    }
    let states: Vec<_> = db.read(outbox::counts).expect("readable");
    assert_eq!(states, [("bounced".to_owned(), 2)]);
    let of_case = db
        .read(|tx| inbox::of_application(tx, &submission.application_id))
        .expect("readable");
    let kinds: Vec<_> = of_case.iter().map(|mail| mail.id.as_str()).collect();
    assert_eq!(kinds, ["absent", "bounce", "plus", "reply"]);
    assert_eq!(of_case[3].outbox_id.as_deref(), Some("a"));
    assert_eq!(
        db.read(|tx| inbox::raw(tx, "reply")).expect("readable"),
        Some(vec![0, 255, 10])
    );
    let open = db
        .read(|tx| inbox::in_state(tx, "open", 10))
        .expect("readable");
    let open: Vec<_> = open.iter().map(|mail| mail.id.as_str()).collect();
    assert_eq!(open, ["stranger", "bounce of what"]);
}

pub(super) fn decisions(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let (db, program) = office(fresh, program);
    let submission = submission(&program, 1);
    receive(&db, std::slice::from_ref(&submission)).expect("received");
    let about = submission.application_id.as_str();
    for id in ["a", "b"] {
        db.write(|tx| inbox::receive(tx, &arriving(id)))
            .expect("stored");
    }
    assert_eq!(db.read(inbox::open_count).expect("readable"), 2);
    let assign = |id| {
        db.write(|tx| inbox::assign(tx, id, about, "staff", now()))
            .expect("done")
    };
    let aside = |id| {
        db.write(|tx| inbox::set_aside(tx, id, "広告", "staff", now()))
            .expect("done")
    };
    assert!(assign("a"));
    assert!(!assign("a") && !aside("a"), "decided once");
    assert!(aside("b"));
    assert!(!assign("b") && !assign("none"));
    let found = |id| {
        db.read(|tx| inbox::find(tx, id))
            .expect("readable")
            .expect("stored")
    };
    let a = found("a");
    assert_eq!((a.kind.as_str(), a.state.as_str()), ("reply", "assigned"));
    assert_eq!(
        (a.application_id.as_deref(), a.decided_by.as_deref()),
        (Some(about), Some("staff"))
    );
    let b = found("b");
    assert_eq!(
        (b.kind.as_str(), b.state.as_str()),
        ("unmatched", "set_aside")
    );
    assert_eq!(
        (b.reason.as_deref(), b.decided_at),
        (Some("広告"), Some(now()))
    );
    assert_eq!(db.read(inbox::open_count).expect("readable"), 0);
    let log = db
        .read(crate::verify::verify)
        .expect("readable")
        .expect("sound");
    assert_eq!(log.entries, 5);
}
