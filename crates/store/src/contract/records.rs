//! Drafts, mails, settings, revisions, migrations, copies.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use sonae_core::program::Program;
use sonae_db::{Db, DbError, Isolation, Kind, Migration, Value};

use super::{Fresh, count, now, office, receive, submission};
use crate::audit::{self, Act};
use crate::outbox::{self, Mail};
use crate::{MIGRATIONS, StoreError, draft, job_lease, revision, setting};

const HOUR: SignedDuration = SignedDuration::from_hours(1);

pub(super) fn drafts(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let (db, program) = office(fresh, program);
    let typed = json!({ "name": "髙﨑𠮷" });
    db.write(|tx| draft::create(tx, "d", &program, &typed, now(), now() + HOUR))
        .expect("created");
    let found = db
        .read(|tx| draft::find(tx, "d", now()))
        .expect("readable")
        .expect("a draft");
    assert_eq!((found.typed, found.version), (typed, 1));
    let later = json!({ "name": "", "employees": "４５人" });
    let saved = db
        .write(|tx| draft::save(tx, "d", &later, now() + HOUR / 2, now() + HOUR * 2))
        .expect("saved");
    assert!(saved);
    let found = db
        .read(|tx| draft::find(tx, "d", now() + HOUR))
        .expect("readable")
        .expect("a draft");
    assert_eq!((found.typed, found.version), (later, 2));
    // At the instant of expiry the link is dead, and a save does not bring it back.
    let end = now() + HOUR * 2;
    assert_eq!(
        db.read(|tx| draft::find(tx, "d", end)).expect("readable"),
        None
    );
    assert!(
        !db.write(|tx| draft::save(tx, "d", &json!({}), end, end + HOUR))
            .expect("refused")
    );
    assert_eq!(
        db.write(|tx| draft::delete_expired(tx, end))
            .expect("deleted"),
        1
    );
    assert_eq!(count(&db, "draft"), 0);
}

pub(super) fn outbox(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let (db, _) = office(fresh, program);
    let mail = |n: u8| Mail {
        id: format!("m{n}"),
        mail: "received".into(),
        recipient: "a@example.jp".into(),
        message_id: format!("<{n}@example.jp>"),
        content: vec![n, 0, 255],
    };
    for n in 1..=3 {
        db.write(|tx| outbox::put(tx, None, &mail(n), now(), now()))
            .expect("queued");
    }
    let lease = |at, limit| {
        db.write(|tx| outbox::lease(tx, at, HOUR, limit))
            .expect("leased")
    };
    let first = lease(now(), 2);
    assert_eq!(
        first
            .iter()
            .map(|leased| leased.mail.id.as_str())
            .collect::<Vec<_>>(),
        ["m1", "m2"]
    );
    assert_eq!(first[0].mail, mail(1));
    // Another node gets the rest, and nothing twice.
    assert_eq!(lease(now(), 10).len(), 1);
    assert_eq!(lease(now(), 10).len(), 0);
    db.write(|tx| outbox::mark_sent(tx, "m1", now()))
        .expect("marked");
    db.write(|tx| outbox::mark_failed(tx, "m2", "451", Some(now() + HOUR * 3)))
        .expect("marked");
    db.write(|tx| outbox::mark_failed(tx, "m3", "550", None))
        .expect("marked");
    assert_eq!(lease(now() + HOUR * 2, 10).len(), 0);
    let again = lease(now() + HOUR * 3, 10);
    assert_eq!((again[0].mail.id.as_str(), again[0].attempts), ("m2", 1));
    // The node dies: the lease runs out and the mail is tried again with the same Message-ID.
    let taken_over = lease(now() + HOUR * 4, 10);
    assert_eq!(
        (taken_over[0].mail.clone(), taken_over[0].attempts),
        (mail(2), 2)
    );
    let counts = db.read(outbox::counts).expect("readable");
    assert_eq!(
        counts,
        [
            ("failed".to_owned(), 1),
            ("sending".to_owned(), 1),
            ("sent".to_owned(), 1)
        ]
    );
    let twice = db.write(|tx| {
        outbox::put(
            tx,
            None,
            &Mail {
                id: "m9".into(),
                ..mail(1)
            },
            now(),
            now(),
        )
    });
    assert!(matches!(
        twice,
        Err(StoreError::Db(DbError {
            kind: Kind::Unique,
            ..
        }))
    ));
}

pub(super) fn settings(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let (db, _) = office(fresh, program);
    let agree = |value: &[u8]| {
        db.write(|tx| setting::get_or_set(tx, "secret", value))
            .expect("set")
    };
    assert_eq!(agree(&[1, 2]), [1, 2]);
    assert_eq!(agree(&[3]), [1, 2]);
    assert_eq!(
        db.read(|tx| setting::get(tx, "other")).expect("readable"),
        None
    );
    for value in [[7], [8]] {
        (db.write(|tx| setting::set(tx, "secret", &value))).expect("set");
        let stands = db.read(|tx| setting::get(tx, "secret")).expect("readable");
        assert_eq!(stands, Some(value.to_vec()), "a setting is replaced");
    }
    jobs_are_leased(&db);
}

fn jobs_are_leased(db: &Db) {
    let take = |from: i64, until: i64| {
        let (from, until) = (after(from), after(until));
        db.write(|tx| job_lease::take(tx, "sweep", from, until))
            .expect("asked")
    };
    let give_back = |until: i64| {
        db.write(|tx| job_lease::give_back(tx, "sweep", after(until)))
            .expect("given back");
    };
    assert!(take(0, 60));
    assert!(!take(59, 120), "another node has it");
    assert!(take(60, 120), "it ran out");
    give_back(60);
    assert!(
        !take(61, 180),
        "whoever was late gives back nothing of others"
    );
    give_back(120);
    assert!(take(61, 180), "it was given back");
}

fn after(seconds: i64) -> Timestamp {
    now() + SignedDuration::from_secs(seconds)
}

pub(super) fn revisions(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let (db, program) = office(fresh, program);
    assert!(
        !db.write(|tx| revision::publish(tx, &program, now()))
            .expect("known")
    );
    let files = db
        .read(|tx| revision::files(tx, &program.revision))
        .expect("readable");
    assert_eq!(files.as_ref(), Some(&program.files));
    assert_eq!(
        db.read(|tx| revision::files(tx, "none")).expect("readable"),
        None
    );
}

pub(super) fn savepoints(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let (db, _) = office(fresh, program);
    db.write(|tx| {
        setting::get_or_set(tx, "kept", b"1")?;
        let undone: Result<(), StoreError> = tx.savepoint(|tx| {
            setting::get_or_set(tx, "undone", b"1")?;
            tx.execute(
                "INSERT INTO setting (name, value) VALUES ('kept', $1)",
                &[Value::from(&b"2"[..])],
            )?;
            Ok(())
        });
        assert!(undone.is_err());
        Ok::<(), StoreError>(())
    })
    .expect("the transaction goes on");
    assert_eq!(
        db.read(|tx| setting::get(tx, "kept")).expect("readable"),
        Some(b"1".to_vec())
    );
    assert_eq!(
        db.read(|tx| setting::get(tx, "undone")).expect("readable"),
        None
    );
    let refused: Result<u64, DbError> = db.read(|tx| tx.execute("DELETE FROM setting", &[]));
    assert!(refused.is_err(), "a read transaction writes nothing");
}

pub(super) fn migrations(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let (db, _) = office(fresh, program);
    db.migrate(MIGRATIONS).expect("nothing is left to do");
    db.check(MIGRATIONS).expect("everything is applied");
    let newer = db.migrate(&[]).expect_err("an unknown migration");
    assert_eq!(newer.kind, Kind::Newer);
    let changed: Vec<Migration> = MIGRATIONS
        .iter()
        .map(|m| Migration {
            name: m.name,
            sql: "SELECT 1",
        })
        .collect();
    assert_eq!(
        db.migrate(&changed).expect_err("a changed migration").kind,
        Kind::Changed
    );
    let mut more = MIGRATIONS.to_vec();
    more.push(Migration {
        name: "9999_broken",
        sql: "CREATE TABLE half (x INT64) STRICT; NOT SQL",
    });
    assert!(db.migrate(&more).is_err());
    assert!(
        db.read(|tx| tx.query("SELECT x FROM half", &[])).is_err(),
        "half a migration remained"
    );
    db.check(MIGRATIONS).expect("still as before");
}

pub(super) fn copies(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let (db, program) = office(fresh, program);
    let batch: Vec<_> = (1..=5).map(|n| submission(&program, n)).collect();
    receive(&db, &batch).expect("received");
    let folder = std::env::temp_dir().join(format!(
        "sonae-contract-{}-{}",
        std::process::id(),
        db.engine()
    ));
    drop(std::fs::remove_dir_all(&folder));
    std::fs::create_dir_all(&folder).expect("a temporary folder");
    let other = crate::open(&format!("sqlite:{}", folder.join("copy.db").display()))
        .expect("a new database");
    let there = crate::copy::copy(&db, &other).expect("copied");
    assert_eq!(
        there
            .iter()
            .find(|table| table.table == "application")
            .expect("a table")
            .rows,
        5
    );
    assert!(
        crate::copy::copy(&db, &other).is_err(),
        "copied over an office"
    );
    let sound = |db: &Db| {
        db.read(crate::verify::verify)
            .expect("readable")
            .expect("sound")
    };
    assert_eq!(sound(&other), sound(&db));
    drop(std::fs::remove_dir_all(&folder));
    drop(fresh(Isolation::Strict));
}

/// The log is read from its end, piece by piece and from a day on, and what was changed behind its back does not fit.
pub(super) fn log(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let (db, _) = office(fresh, program);
    let first = db.read(audit::tail).expect("readable").next_index;
    db.write(|tx| {
        for hour in 0..5 {
            let act = Act {
                at: now() + HOUR * hour,
                actor: "system",
                action: "test.noted",
                subject: "s",
            };
            audit::append(tx, act, json!({ "hour": hour }))?;
        }
        Ok::<_, StoreError>(())
    })
    .expect("written");
    let read = |before: i64, most: u32| -> Vec<(i64, bool)> {
        let found = db.read(|tx| audit::before(tx, before, most));
        let found = found.expect("readable").into_iter();
        found.map(|entry| (entry.index, entry.fits)).collect()
    };
    let all = read(i64::MAX, 100);
    assert_eq!(all.len() as i64, first + 5);
    assert!(all.iter().all(|(_, fits)| *fits), "{all:?}");
    assert_eq!(read(first + 4, 2), [(first + 3, true), (first + 2, true)]);
    assert_eq!(read(0, 2), []);
    let since = |at| db.read(|tx| audit::first_since(tx, at)).expect("readable");
    assert_eq!(since(now() + HOUR), first + 1);
    assert_eq!(
        since(now() + HOUR + SignedDuration::from_secs(1)),
        first + 2
    );
    assert_eq!(since(now() + HOUR * 9), first + 5);
    db.write(|tx| {
        tx.execute(
            "UPDATE audit_entry SET line = replace(line, 'system', 'System') WHERE log_index = $1",
            &[(first + 3).into()],
        )?;
        Ok::<_, StoreError>(())
    })
    .expect("changed");
    let fit = [(first + 4, true), (first + 3, false), (first + 2, true)];
    assert_eq!(read(i64::MAX, 3), fit);
}

/// What comes in a path or a form may hold any character; none makes a statement fail.
pub(super) fn zero_bytes(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let (db, program) = office(fresh, program);
    let typed = json!({ "name": "a\0b" });
    db.write(|tx| draft::create(tx, "a\0b", &program, &typed, now(), now() + HOUR))
        .expect("created");
    for (id, is_found) in [("a\0b", true), ("a\u{fffd}b", true), ("a", false)] {
        let found = db.read(|tx| draft::find(tx, id, now())).expect("readable");
        assert_eq!(
            found.map(|found| found.typed),
            is_found.then(|| typed.clone())
        );
    }
}
