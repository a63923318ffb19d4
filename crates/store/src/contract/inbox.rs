//! Mails that come in: matched, stored once, decided once.

use std::sync::Arc;

use sonae_core::program::Program;
use sonae_db::Db;

use super::{Fresh, now, office, receive, submission};
use crate::inbox::{self, Arriving, Nature, Received};
use crate::intake::Answer;
use crate::outbox::{self, Mail};

pub(super) fn arriving(id: &str) -> Arriving {
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

type Words = &'static [&'static str];

/// Id, what it becomes, its own signs, the Message-IDs it refers to, the receipt numbers of its address (`+` is the right one), and
/// whether it finds the case.
const ARRIVALS: &[(&str, &str, &str, Words, Words, bool)] = &[
    ("reply", "reply", "", &["x", "a"], &[], true),
    ("plus", "reply", "", &[], &["XX-1", "+"], true),
    ("stranger", "unmatched", "", &["x"], &["XX-1"], false),
    ("absent", "auto_reply", "machine", &["a"], &[], true),
    ("bounce", "bounce", "5.1.1", &["a"], &[], true),
    ("bounced draft", "bounce", "5.2.2", &["draft"], &[], false),
    ("bounce of what", "bounce", "5.1.1", &[], &[], false),
];

fn nature(word: &str) -> Nature {
    match word {
        "" => Nature::Ordinary,
        "machine" => Nature::Automatic,
        reason => Nature::Returned {
            reason: reason.into(),
        },
    }
}

/// Writes a mail of ours and marks it sent.
fn send(db: &Db, id: &str, application_id: Option<&str>) {
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

pub(super) fn arrivals(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let (db, program) = office(fresh, program);
    let submission = submission(&program, 1);
    let answers = receive(&db, std::slice::from_ref(&submission)).expect("received");
    let Answer::Received(arrival) = &answers[0] else {
        panic!("not received");
    };
    let about = submission.application_id.as_str();
    send(&db, "a", Some(about));
    send(&db, "draft", None);
    let take = |mail: &Arriving| db.write(|tx| inbox::receive(tx, mail)).expect("stored");
    for (id, kind, signs, refers, numbers, finds) in ARRIVALS {
        let number = |number: &&str| match *number {
            "+" => arrival.receipt_number.clone(),
            other => other.to_owned(),
        };
        let mail = Arriving {
            nature: nature(signs),
            answers: (refers.iter())
                .map(|id| format!("<{id}@office.example.jp>"))
                .collect(),
            receipt_numbers: numbers.iter().map(number).collect(),
            ..arriving(id)
        };
        let stored = Received::Stored {
            kind,
            application_id: finds.then(|| about.to_owned()),
        };
        assert_eq!(take(&mail), stored, "{id}");
        // The same file read again, under another id.
        let again = Arriving {
            id: format!("{id} again"),
            ..mail
        };
        assert_eq!(take(&again), Received::Again, "{id}");
    }
    let states = db.read(outbox::counts).expect("readable");
    assert_eq!(states, [("bounced".to_owned(), 2)]);
    let of_case = db
        .read(|tx| inbox::of_application(tx, about))
        .expect("readable");
    let ids: Vec<_> = of_case.iter().map(|mail| mail.id.as_str()).collect();
    assert_eq!(ids, ["absent", "bounce", "plus", "reply"]);
    assert_eq!(of_case[3].outbox_id.as_deref(), Some("a"));
    let raw = db.read(|tx| inbox::raw(tx, "reply")).expect("readable");
    assert_eq!(raw, Some(vec![0, 255, 10]));
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
