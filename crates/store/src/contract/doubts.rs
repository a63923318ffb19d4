//! Mails of which nobody knows whether they arrived.

use std::sync::Arc;

use jiff::SignedDuration;
use sonae_core::program::Program;
use sonae_db::Db;

use super::mails::mail;
use super::{Fresh, now, office};
use crate::doubt::{self, End};
use crate::outbox::{self, Kept};

const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// `a` and `b` are leased for an hour, and `a` is being handed over.
fn one_begun(fresh: &Fresh<'_>, program: &Arc<Program>) -> Db {
    let (db, _) = office(fresh, program);
    db.write(|tx| {
        for id in ["a", "b"] {
            outbox::put(tx, None, &mail(id), now(), now())?;
        }
        doubt::begin(tx, "a", now())?;
        assert_eq!(outbox::lease(tx, now(), HOUR, 10)?.len(), 2);
        doubt::begin(tx, "a", now() + HOUR / 2)
    })
    .expect("begun");
    db
}

fn kept(db: &Db, id: &str) -> Kept {
    let found = db.read(|tx| outbox::find(tx, id));
    found.expect("readable").expect("kept")
}

fn leased(db: &Db, at: jiff::Timestamp) -> Vec<String> {
    let leased = db.write(|tx| outbox::lease(tx, at, HOUR, 10));
    let leased = leased.expect("leased").into_iter();
    leased.map(|leased| leased.mail.id).collect()
}

fn again(db: &Db, before: jiff::Timestamp, at: jiff::Timestamp) -> u64 {
    db.write(|tx| doubt::hand_over_again(tx, before, at, End::NoCopy))
        .expect("answered")
}

pub(super) fn begun(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let db = one_begun(fresh, program);
    let (begun, later) = (now() + HOUR / 2, now() + HOUR * 3);
    assert_eq!(again(&db, later, begun), 0, "its node holds the lease");
    assert_eq!(again(&db, begun - HOUR / 4, later), 0, "it was begun later");
    // The node dies: what was not begun is taken over, what was begun is not.
    assert_eq!(leased(&db, now() + HOUR), ["b"]);
    let a = kept(&db, "a");
    assert!(a.is_in_doubt(later) && !a.is_in_doubt(begun));
    let counts = [begun - HOUR, begun]
        .map(|before| db.read(|tx| doubt::count(tx, before)).expect("readable"));
    assert_eq!(counts, [0, 1]);
    assert_eq!(again(&db, begun, later), 1);
    let a = kept(&db, "a");
    assert_eq!((a.state.as_str(), a.doubt), ("queued", Some(End::NoCopy)));
    assert_eq!((a.due_at, a.handing_at), (later, None));
    assert_eq!(leased(&db, later), ["a", "b"]);
    // What breaks off while it is handed over is in doubt at once; what was refused is not.
    db.write(|tx| {
        doubt::begin(tx, "a", later)?;
        doubt::leave(tx, "a", "no answer in time", later)?;
        doubt::begin(tx, "b", later)?;
        outbox::mark_failed(tx, "b", "451", Some(later))?;
        doubt::note_again(tx, "b")
    })
    .expect("marked");
    let (a, b) = (kept(&db, "a"), kept(&db, "b"));
    assert_eq!(a.last_error.as_deref(), Some("no answer in time"));
    assert_eq!((b.handing_at, b.doubt), (None, Some(End::Again)));
    assert_eq!(leased(&db, later), ["b"]);
    assert_eq!(again(&db, later, later), 1);
}

pub(super) fn copies(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let db = one_begun(fresh, program);
    let found = |message_id: &str| {
        let found = db.read(|tx| doubt::by_message_id(tx, message_id));
        found.expect("readable").map(|kept| kept.mail.id)
    };
    assert_eq!(found("<a@example.jp>").as_deref(), Some("a"));
    assert_eq!(found("<z@example.jp>"), None);
    let settle = |id: &str| {
        db.write(|tx| doubt::settle_by_copy(tx, id, now() + HOUR))
            .expect("answered")
    };
    assert!(settle("a") && !settle("a"), "once it is known");
    // The node lives after all and thinks that it failed.
    db.write(|tx| outbox::mark_failed(tx, "a", "451", Some(now())))
        .expect("marked");
    let a = kept(&db, "a");
    assert_eq!((a.state.as_str(), a.doubt), ("sent", Some(End::Copy)));
    assert_eq!((a.sent_at, a.handing_at), (Some(now() + HOUR), None));
    assert_eq!(leased(&db, now() + HOUR * 2), ["b"]);
    db.write(|tx| outbox::mark_sent(tx, "b", now()))
        .expect("marked");
    assert!(!settle("b") && !settle("none"));
    assert_eq!(kept(&db, "b").doubt, None);
}
