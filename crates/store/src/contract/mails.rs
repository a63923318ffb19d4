//! Mails that wait, are cancelled, are sent again or come back.

use std::sync::Arc;

use jiff::SignedDuration;
use sonae_core::program::Program;

use super::{Fresh, now, office, receive, submission};
use crate::outbox::{self, Again, Mail, NotResent};

const HOUR: SignedDuration = SignedDuration::from_hours(1);

pub(super) fn mail(id: &str) -> Mail {
    Mail {
        id: id.into(),
        mail: "declined".into(),
        recipient: "a@example.jp".into(),
        message_id: format!("<{id}@example.jp>"),
        content: b"Subject: x\r\n\r\nx".to_vec(),
    }
}

pub(super) fn cancelled(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let (db, _) = office(fresh, program);
    let (made, due) = (now(), now() + HOUR);
    db.write(|tx| {
        outbox::put(tx, None, &mail("a"), made, due)?;
        outbox::put(tx, None, &mail("b"), made, due)
    })
    .expect("queued");
    let lease = |at| {
        db.write(|tx| outbox::lease(tx, at, HOUR, 10))
            .expect("leased")
    };
    assert_eq!(lease(due - SignedDuration::from_millis(1)).len(), 0);
    let cancel = |ids: &[&str], at| {
        let ids: Vec<String> = ids.iter().map(|&id| id.to_owned()).collect();
        db.write(|tx| outbox::cancel(tx, &ids, at))
            .expect("answered")
    };
    assert_eq!(cancel(&["a", "none"], made + HOUR / 2), ["none"]);
    assert!(cancel(&["a"], due).is_empty(), "cancelled is cancelled");
    let leased = lease(due);
    assert_eq!((leased.len(), leased[0].mail.id.as_str()), (1, "b"));
    assert_eq!(cancel(&["a", "b"], due), ["b"], "it is on its way");
    db.write(|tx| outbox::mark_sent(tx, "b", due))
        .expect("marked");
    assert_eq!(cancel(&["b"], due), ["b"]);
    let kept = |id| {
        db.read(|tx| outbox::find(tx, id))
            .expect("readable")
            .expect("kept")
    };
    let a = kept("a");
    assert_eq!(
        (a.state.as_str(), a.ended_at),
        ("cancelled", Some(made + HOUR / 2))
    );
    assert_eq!((a.created_at, a.due_at, a.sent_at), (made, due, None));
    assert_eq!(kept("b").state, "sent");
    assert!(!kept("b").is_held_back(made));
    let listed = db
        .read(|tx| outbox::in_state(tx, "cancelled", 5))
        .expect("readable");
    assert_eq!(listed, [a]);
    let by_hand = |id| {
        db.write(|tx| outbox::cancel_by_hand(tx, id, "staff:1", due))
            .expect("answered")
    };
    db.write(|tx| outbox::put(tx, None, &mail("c"), made, due))
        .expect("queued");
    assert!(by_hand("c") && !by_hand("c") && !by_hand("b") && !by_hand("none"));
    assert_eq!(kept("c").cancelled_by.as_deref(), Some("staff:1"));
    assert_eq!(
        db.read(|tx| outbox::find(tx, "none")).expect("readable"),
        None
    );
}

pub(super) fn sent_again(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let (db, program) = office(fresh, program);
    let submission = submission(&program, 1);
    receive(&db, std::slice::from_ref(&submission)).expect("received");
    let about = submission.application_id.as_str();
    db.write(|tx| {
        outbox::put(tx, Some(about), &mail("a"), now(), now())?;
        outbox::put(tx, Some(about), &mail("gone"), now(), now() + HOUR)?;
        outbox::cancel(tx, &["gone".into()], now())
    })
    .expect("queued");
    let again = |id: &str, copy: &str| {
        let copy = mail(copy);
        let again = Again {
            id,
            copy: &copy,
            actor: "staff:1",
            reason: "届いていないとの電話",
        };
        db.write(|tx| outbox::resend(tx, again, now() + HOUR))
            .expect("answered")
    };
    let leave = || {
        db.write(|tx| {
            for leased in outbox::lease(tx, now() + HOUR, HOUR, 10)? {
                outbox::mark_sent(tx, &leased.mail.id, now() + HOUR)?;
            }
            Ok::<_, crate::StoreError>(())
        })
        .expect("sent");
    };
    assert_eq!(again("none", "x"), Err(NotResent::Unknown));
    assert_eq!(again("gone", "x"), Err(NotResent::Cancelled));
    assert_eq!(again("a", "x"), Err(NotResent::StillWaiting));
    leave();
    assert_eq!(again("a", "b"), Ok(()));
    assert_eq!(
        again("a", "x"),
        Err(NotResent::StillWaiting),
        "its copy waits"
    );
    leave();
    // A copy of the copy is linked to the first.
    assert_eq!(again("b", "c"), Ok(()));
    assert_eq!(again("a", "x"), Err(NotResent::StillWaiting));
    let mails = db
        .read(|tx| outbox::of_application(tx, about))
        .expect("readable");
    let links: Vec<_> = (mails.iter())
        .map(|kept| (kept.mail.id.as_str(), kept.resend_of.as_deref()))
        .collect();
    assert_eq!(
        links,
        [
            ("a", None),
            ("gone", None),
            ("b", Some("a")),
            ("c", Some("a"))
        ]
    );
    assert_eq!(
        (
            mails[3].resent_by.as_deref(),
            mails[3].resend_reason.as_deref()
        ),
        (Some("staff:1"), Some("届いていないとの電話"))
    );
    let copies = db.read(|tx| outbox::copies(tx, "a")).expect("readable");
    assert_eq!(copies, mails[2..]);
}

pub(super) fn bounced(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let (db, _) = office(fresh, program);
    db.write(|tx| outbox::put(tx, None, &mail("a"), now(), now()))
        .expect("queued");
    let bounce = || {
        db.write(|tx| outbox::mark_bounced(tx, "a", "5.1.1", now() + HOUR))
            .expect("answered")
    };
    assert!(!bounce(), "what never left cannot come back");
    db.write(|tx| outbox::lease(tx, now(), HOUR, 1))
        .expect("leased");
    // The notice is read before the node that sent it marked it.
    assert!(bounce());
    db.write(|tx| outbox::mark_sent(tx, "a", now()))
        .expect("marked");
    assert!(!bounce(), "once is enough");
    let kept = db
        .read(|tx| outbox::find(tx, "a"))
        .expect("readable")
        .expect("kept");
    assert_eq!(
        (kept.state.as_str(), kept.last_error.as_deref()),
        ("bounced", Some("5.1.1"))
    );
    assert_eq!(
        db.write(|tx| outbox::lease(tx, now() + HOUR * 9, HOUR, 9))
            .expect("leased"),
        []
    );
}
