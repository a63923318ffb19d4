//! People of the office: second factor, links, sessions, tokens.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use sonae_core::access::{Action, StaffRole};
use sonae_core::program::Program;
use sonae_db::Db;

use super::{Fresh, now, office};
use crate::api_token::{self, NewToken};
use crate::outbox::{self, Mail};
use crate::session::{self, NewSession, Stage};
use crate::sign_in_link::{self, Kind, NewLink};
use crate::staff::{self, NewStaff, Staff};

const IDLE: SignedDuration = SignedDuration::from_hours(8);

fn later(minutes: i64) -> Timestamp {
    now() + SignedDuration::from_mins(minutes)
}

fn add(db: &Db, id: &str, role: StaffRole) -> bool {
    let new = NewStaff {
        id,
        email: &format!("{id}@office.example.jp"),
        name: id,
        role,
    };
    db.write(|tx| staff::add(tx, &new, now())).expect("written")
}

fn person(db: &Db, id: &str) -> Staff {
    let found = db.read(|tx| staff::by_id(tx, id));
    found.expect("readable").expect("somebody")
}

/// Opens a session of a person; its id has the length of a real one.
fn open(db: &Db, id: &str, staff_id: &str, minutes: i64) -> String {
    let id = format!("{id:0>64}");
    let new = NewSession {
        id: &id,
        staff_id,
        stage: Stage::Full,
        goes_to: "/office",
        browser: "test",
        expires_at: later(minutes),
    };
    db.write(|tx| session::open(tx, &new, now()))
        .expect("written");
    id
}

fn link(db: &Db, id: &str, staff_id: &str, kind: Kind) {
    let new = NewLink {
        id,
        staff_id,
        kind,
        goes_to: "/office",
        expires_at: later(10),
    };
    db.write(|tx| sign_in_link::create(tx, &new, now()))
        .expect("written");
}

pub(super) fn people(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let (db, _) = office(fresh, program);
    assert!(add(&db, "a", StaffRole::Admin) && add(&db, "b", StaffRole::Expert));
    assert!(!add(&db, "a", StaffRole::Desk), "one address is one person");
    assert_eq!(person(&db, "a").role, StaffRole::Admin);
    let by_email = db.read(|tx| staff::by_email(tx, "b@office.example.jp"));
    assert_eq!(by_email.expect("readable"), Some(person(&db, "b")));
    open(&db, "1", "b", 60);
    link(&db, "l", "b", Kind::Mail);
    db.write(|tx| {
        staff::set_role(tx, "b", StaffRole::Desk)?;
        assert_eq!(session::of_staff(tx, "b")?, [], "a role ends its sessions");
        staff::set_single_keys(tx, "b", false)?;
        staff::set_active(tx, "b", false)?;
        assert_eq!(sign_in_link::find(tx, "l", now())?, None);
        assert_eq!(staff::active_of(tx, StaffRole::Desk)?, []);
        staff::set_active(tx, "b", true)?;
        assert_eq!(staff::active_of(tx, StaffRole::Desk)?.len(), 1);
        let order: Vec<String> = staff::all(tx)?.into_iter().map(|one| one.id).collect();
        assert_eq!(order, ["a", "b"]);
        Ok::<_, crate::StoreError>(())
    })
    .expect("written");
    let changed = person(&db, "b");
    assert!(changed.active && !changed.single_keys && changed.role == StaffRole::Desk);
}

pub(super) fn second_factor(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let (db, _) = office(fresh, program);
    add(&db, "a", StaffRole::Admin);
    let codes = ["one".to_owned(), "two".to_owned()];
    db.write(|tx| {
        staff::enrol(tx, "a", &[0, 255], 10, &codes)?;
        for (step, taken) in [(10, false), (9, false), (11, true), (11, false)] {
            assert_eq!(staff::accept_step(tx, "a", step)?, taken, "{step}");
        }
        for (code, taken) in [("one", true), ("one", false), ("three", false)] {
            let used = staff::use_recovery_code(tx, "a", code, now())?;
            assert_eq!(used, taken, "{code}");
        }
        assert_eq!(staff::recovery_codes_left(tx, "a")?, 1);
        assert_eq!(staff::count_failure(tx, "a")?, 1);
        assert_eq!(staff::count_failure(tx, "a")?, 2);
        staff::lock(tx, "a", later(15))?;
        Ok::<_, crate::StoreError>(())
    })
    .expect("written");
    let locked = person(&db, "a").second_factor;
    assert_eq!((locked.failed, locked.last_step), (0, 11));
    assert!(locked.is_locked(later(14)) && !locked.is_locked(later(15)));
    open(&db, "1", "a", 60);
    db.write(|tx| {
        staff::unlock(tx, "a")?;
        assert_eq!(staff::count_failure(tx, "a")?, 1);
        staff::reset_second_factor(tx, "a")?;
        assert_eq!(staff::recovery_codes_left(tx, "a")?, 0);
        assert_eq!(session::of_staff(tx, "a")?, []);
        Ok::<_, crate::StoreError>(())
    })
    .expect("written");
    let reset = person(&db, "a").second_factor;
    assert_eq!(
        (reset.secret, reset.failed, reset.locked_until),
        (None, 0, None)
    );
}

pub(super) fn links(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let (db, _) = office(fresh, program);
    add(&db, "a", StaffRole::Admin);
    for (id, kind) in [("1", Kind::Mail), ("2", Kind::Mail), ("3", Kind::Command)] {
        link(&db, id, "a", kind);
    }
    db.write(|tx| {
        let hour = SignedDuration::from_hours(1);
        assert_eq!(sign_in_link::mailed_since(tx, "a", later(59), hour)?, 2);
        assert_eq!(sign_in_link::mailed_since(tx, "a", later(60), hour)?, 0);
        let found = sign_in_link::find(tx, "3", now())?.expect("a link");
        assert_eq!(
            (found.kind, found.goes_to.as_str()),
            (Kind::Command, "/office")
        );
        assert_eq!(sign_in_link::consume(tx, "3", now())?, Some(found));
        assert_eq!(sign_in_link::consume(tx, "3", now())?, None, "used");
        assert_eq!(sign_in_link::consume(tx, "1", later(10))?, None, "expired");
        assert_eq!(sign_in_link::consume(tx, "4", now())?, None, "invented");
        sign_in_link::void(tx, "a")?;
        assert_eq!(sign_in_link::find(tx, "1", now())?, None);
        assert_eq!(sign_in_link::delete_expired(tx, later(9))?, 0);
        assert_eq!(sign_in_link::delete_expired(tx, later(10))?, 1);
        Ok::<_, crate::StoreError>(())
    })
    .expect("written");
}

pub(super) fn sessions(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let (db, _) = office(fresh, program);
    add(&db, "a", StaffRole::Admin);
    add(&db, "b", StaffRole::Desk);
    let (short, long) = (open(&db, "1", "a", 60), open(&db, "2", "a", 720));
    let other = open(&db, "3", "b", 720);
    let found = |id: &str, minutes: i64| {
        let found = db.read(|tx| session::find(tx, id, later(minutes), IDLE));
        found.expect("readable").map(|(staff, _)| staff.id)
    };
    for (id, minutes, whose) in [
        (&short, 59, Some("a")),
        (&short, 60, None),
        (&long, 479, Some("a")),
        (&long, 480, None),
        (&other, 1, Some("b")),
    ] {
        assert_eq!(found(id, minutes).as_deref(), whose, "{minutes}");
    }
    db.write(|tx| {
        session::touch(tx, &long, later(300))?;
        session::touch(tx, &long, later(200))?;
        session::set_enrolling(tx, &long, &[1, 2])?;
        Ok::<_, crate::StoreError>(())
    })
    .expect("written");
    assert_eq!(found(&long, 719).as_deref(), Some("a"), "seen at 300");
    assert_eq!(found(&long, 720), None, "however busy");
    db.write(|tx| {
        let of_a = session::of_staff(tx, "a")?;
        assert_eq!(of_a.len(), 2);
        assert!((of_a.iter()).any(|one| one.enrolling.as_deref() == Some(&[1, 2])));
        let short_id = of_a[0].short_id().to_owned();
        assert!(!session::end_one_of(tx, "b", "none of hers")?);
        assert!(session::end_one_of(tx, "a", &short_id)?);
        assert_eq!(session::end_all(tx, "a")?, 1);
        assert!(session::end(tx, &other)? && !session::end(tx, &other)?);
        Ok::<_, crate::StoreError>(())
    })
    .expect("written");
    open(&db, "4", "a", 60);
    let deleted = db.write(|tx| session::delete_expired(tx, later(60)));
    assert_eq!(deleted.expect("written"), 1);
}

pub(super) fn tokens(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let (db, _) = office(fresh, program);
    let new = NewToken {
        id: "t",
        token_hash: "hash",
        name: "会計",
        role: StaffRole::Secretariat,
        scopes: &[Action::ListCases, Action::ReadCase],
        created_by: "command",
        expires_at: later(60),
    };
    db.write(|tx| {
        api_token::create(tx, &new, now())?;
        let found = api_token::find(tx, "hash", later(59))?.expect("a token");
        assert_eq!(found.scopes, new.scopes);
        assert_eq!((found.role, found.last_used_at), (new.role, None));
        assert_eq!(api_token::find(tx, "hash", later(60))?, None, "expired");
        assert_eq!(
            api_token::find(tx, "t", now())?,
            None,
            "its id opens nothing"
        );
        api_token::touch(tx, "t", later(1))?;
        assert!(api_token::revoke(tx, "t", later(2))? && !api_token::revoke(tx, "t", later(3))?);
        assert_eq!(api_token::find(tx, "hash", now())?, None, "revoked");
        let names = vec![("t".to_owned(), "会計".to_owned())];
        assert_eq!(api_token::names(tx)?, names, "the log names revoked ones");
        let all = api_token::all(tx)?;
        assert_eq!(all[0].last_used_at, Some(later(1)));
        assert_eq!(all[0].revoked_at, Some(later(2)));
        Ok::<_, crate::StoreError>(())
    })
    .expect("written");
}

/// A secretary reads mails; a link with which somebody else signs in is not among them.
pub(super) fn mails(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let (db, _) = office(fresh, program);
    for (id, kind) in [("1", "staff_sign_in"), ("2", "staffing")] {
        let mail = Mail {
            id: id.into(),
            mail: kind.into(),
            recipient: "a@office.example.jp".into(),
            message_id: format!("<{id}@office.example.jp>"),
            content: b"link".to_vec(),
        };
        db.write(|tx| outbox::put(tx, None, &mail, now(), now()))
            .expect("written");
    }
    let listed = db.read(|tx| {
        let all = crate::mailbox::page(tx, crate::mailbox::View::All, None, 9)?;
        let waiting = crate::mailbox::page(tx, crate::mailbox::View::Waiting, None, 9)?;
        let queued = outbox::in_state(tx, "queued", 9)?;
        let ids = all
            .iter()
            .chain(&waiting)
            .map(|entry| entry.id().to_owned());
        Ok::<_, crate::StoreError>(
            ids.chain(queued.into_iter().map(|kept| kept.mail.id))
                .collect::<Vec<_>>(),
        )
    });
    assert_eq!(listed.expect("readable"), ["2", "2", "2"]);
}
