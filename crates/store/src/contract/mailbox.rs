//! Mails both ways in one order, page by page.

use std::sync::Arc;

use jiff::SignedDuration;
use sonae_core::program::Program;
use sonae_db::Db;

use super::inbox::arriving;
use super::mails::mail;
use super::{Fresh, now, office, receive, submission};
use crate::inbox::{self, Arriving};
use crate::mailbox::{self, Counts, Entry, View};
use crate::outbox;

const HOUR: SignedDuration = SignedDuration::from_hours(1);

fn all(db: &Db, view: View) -> String {
    let (mut ids, mut mark) = (Vec::new(), None);
    loop {
        let entries = db
            .read(|tx| mailbox::page(tx, view, mark.as_ref(), 2))
            .expect("readable");
        ids.extend(entries.iter().map(|entry| entry.id().to_owned()));
        mark = match entries.last() {
            Some(last) if entries.len() == 2 => Some(last.mark(view)),
            _ => return ids.join(" "),
        };
    }
}

pub(super) fn mailbox(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let (db, program) = office(fresh, program);
    let submission = submission(&program, 1);
    receive(&db, std::slice::from_ref(&submission)).expect("received");
    let about = submission.application_id.as_str();
    // Sent, come back, given up, on its way, waiting; made an hour apart.
    for (hours, id) in ["sent", "back", "up", "way", "wait"].iter().enumerate() {
        let at = now() + HOUR * hours as i32;
        let application = (hours < 2).then_some(about);
        db.write(|tx| {
            outbox::put(tx, application, &mail(id), at, at)?;
            if *id != "wait" {
                outbox::lease(tx, at, HOUR, 1)?;
            }
            match *id {
                "sent" => outbox::mark_sent(tx, id, at),
                "back" => outbox::mark_bounced(tx, id, "5.1.1", at).map(|_| ()),
                "up" => outbox::mark_failed(tx, id, "550", None),
                _ => Ok(()),
            }
        })
        .expect("queued");
    }
    let reply = Arriving {
        answers: vec!["<sent@example.jp>".into()],
        received_at: now() + HOUR / 2,
        ..arriving("reply")
    };
    let stranger = Arriving {
        received_at: now() + HOUR * 9,
        ..arriving("stranger")
    };
    for mail in [&reply, &stranger] {
        db.write(|tx| inbox::receive(tx, mail)).expect("stored");
    }
    for (view, expected) in [
        (View::All, "stranger wait way up back reply sent"),
        (View::Waiting, "wait way"),
        (View::Failed, "up"),
        (View::Bounced, "back"),
        (View::Incoming, "stranger reply"),
        (View::Unmatched, "stranger"),
    ] {
        assert_eq!(all(&db, view), expected, "{view:?}");
    }
    let of_case = db
        .read(|tx| mailbox::of_application(tx, about))
        .expect("readable");
    let ids: Vec<_> = of_case.iter().map(Entry::id).collect();
    assert_eq!(ids, ["sent", "reply", "back"]);
    for entry in &of_case {
        let (Entry::Out(kept), Entry::In(message)) = (entry, &of_case[1]) else {
            continue;
        };
        assert!(kept.receipt_number.is_some());
        assert_eq!(kept.receipt_number, message.receipt_number);
    }
    let counts = db.read(mailbox::counts).expect("readable");
    let expected = Counts {
        waiting: 2,
        failed: 1,
        bounced: 1,
        unmatched: 1,
    };
    assert_eq!(counts, expected);
}
