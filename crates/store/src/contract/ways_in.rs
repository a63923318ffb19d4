//! How devices' lines come in: ports, when they were heard, what was refused, when they were silent.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use sonae_core::program::Program;
use sonae_db::Db;

use super::{Fresh, now, office, receive, submission};
use crate::StoreError;
use crate::intake::Answer;
use crate::telemetry_port::{Port, REST, assign, listened, of_source};
use crate::telemetry_silence::{self as silence, How, Silence, raise};
use crate::telemetry_source::{self, Kind, Source};
use crate::telemetry_watch::{self, Refused, Watch, add_refused, heard, set_silent_after};

const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// An office with a company that was lent devices of these names, for two hours from now on.
fn lent(fresh: &Fresh<'_>, program: &Arc<Program>, names: &[&str]) -> Db {
    let (db, program) = office(fresh, program);
    let answers = receive(&db, &[submission(&program, 1)]).expect("received");
    let Answer::Received(arrival) = &answers[0] else {
        panic!("not received");
    };
    db.write(|tx| {
        for name in names {
            let source = Source {
                id: (*name).to_owned(),
                application_id: arrival.application_id.clone(),
                kind: Kind::Utm,
                product: "見本のUTM".to_owned(),
                serial: (*name).to_owned(),
                from: now(),
                until: now() + HOUR * 2,
                created_by: "command".to_owned(),
                created_at: now(),
                ended_at: None,
            };
            telemetry_source::add(tx, &source, name)?;
        }
        Ok::<_, StoreError>(())
    })
    .expect("written");
    db
}

pub(super) fn ports(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let db = lent(fresh, program, &["a", "b", "c"]);
    let given = |id: &str, peer: &str, at: Timestamp| {
        let assigned = db.write(|tx| assign(tx, id, 20_000..=20_001, peer, at));
        assigned
            .expect("written")
            .map(|given| (given.port, given.peer))
    };
    let port = |port: u16, peer: &str| Some((port, peer.to_owned()));
    assert_eq!(
        given("a", "192.0.2.0/24", now()),
        port(20_000, "192.0.2.0/24")
    );
    assert_eq!(given("b", "", now()), port(20_001, ""));
    let again = given("a", "", now());
    assert_eq!(again, port(20_000, "192.0.2.0/24"), "it has one");
    assert_eq!(given("c", "", now()), None, "none is free");
    let ports = |at: Timestamp| -> Vec<(String, u16)> {
        let listened = db.read(|tx| listened(tx, at)).expect("read").into_iter();
        listened
            .map(|(source, port)| (source.id, port.port))
            .collect()
    };
    let (a, b) = (("a".to_owned(), 20_000), ("b".to_owned(), 20_001));
    assert_eq!(ports(now()), [a, b.clone()]);
    (db.write(|tx| telemetry_source::end(tx, "a", now() + HOUR))).expect("written");
    assert_eq!(ports(now() + HOUR * 3), [b], "heard after its period, too");
    assert_eq!(given("c", "", now() + REST), None, "it rests");
    let later = now() + REST + HOUR * 2;
    assert_eq!(given("c", "", later), port(20_000, ""));
    db.read(|tx| {
        assert_eq!(of_source(tx, "a")?, None);
        let peer = String::new();
        assert_eq!(of_source(tx, "c")?, Some(Port { port: 20_000, peer }));
        Ok::<_, StoreError>(())
    })
    .expect("read");
}

pub(super) fn watch(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let db = lent(fresh, program, &["a", "b"]);
    let refused = |day, why: &str, lines, peer: &str| Refused {
        day,
        why: why.to_owned(),
        lines,
        last_at: now(),
        last_peer: peer.to_owned(),
    };
    db.write(|tx| {
        assert_eq!(telemetry_watch::of_source(tx, "a")?, Watch::default());
        heard(tx, "a", now() + HOUR)?;
        heard(tx, "a", now())?;
        set_silent_after(tx, "a", 48)?;
        set_silent_after(tx, "b", 24)?;
        let of = |heard_at, hours| Watch {
            heard_at,
            silent_after_hours: Some(hours),
        };
        let later = Some(now() + HOUR);
        assert_eq!(telemetry_watch::of_source(tx, "a")?, of(later, 48));
        assert_eq!(telemetry_watch::of_source(tx, "b")?, of(None, 24));
        heard(tx, "b", now())?;
        assert_eq!(telemetry_watch::of_source(tx, "b")?, of(Some(now()), 24));
        for (day, why, lines, peer) in [
            (9, "peer", 2, "192.0.2.1"),
            (9, "peer", 3, "192.0.2.2"),
            (9, "full", 1, ""),
            (8, "full", 7, ""),
            (7, "full", 9, ""),
        ] {
            add_refused(tx, "a", &refused(day, why, lines, peer))?;
        }
        let told = telemetry_watch::refused_since(tx, "a", 8)?;
        let full = |day, lines| refused(day, "full", lines, "");
        let by_peer = refused(9, "peer", 5, "192.0.2.2");
        assert_eq!(told, [full(9, 1), by_peer, full(8, 7)]);
        assert_eq!(telemetry_watch::refused_since(tx, "b", 0)?, []);
        Ok::<_, StoreError>(())
    })
    .expect("written");
}

pub(super) fn silences(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let db = lent(fresh, program, &["a", "b"]);
    let since = now();
    let lasting = |id: &str, since| Silence {
        source_id: id.to_owned(),
        since,
        raised_at: now() + HOUR,
        ended: None,
    };
    db.write(|tx| {
        assert!(raise(tx, "a", since, now() + HOUR)?);
        assert!(!raise(tx, "a", since, now() + HOUR * 2)?, "known already");
        assert!(raise(tx, "b", since, now() + HOUR)?);
        let both = [lasting("a", since), lasting("b", since)];
        assert_eq!(silence::open(tx)?, both);
        let named = silence::named(tx, None)?;
        assert_eq!(named.len(), 2);
        assert_eq!(named[0].silence, lasting("a", since));
        assert_eq!((&*named[0].serial, &named[0].assignee), ("a", &None));
        assert_eq!(silence::named(tx, Some("nobody"))?, []);
        assert!(silence::end(tx, "a", How::Heard, now() + HOUR * 3)?);
        assert!(!silence::end(tx, "a", How::Over, now() + HOUR * 4)?);
        assert_eq!(silence::open(tx)?, [lasting("b", since)]);
        assert!(raise(tx, "a", since + HOUR, now() + HOUR)?, "another time");
        let ended = Silence {
            ended: Some((now() + HOUR * 3, How::Heard)),
            ..lasting("a", since)
        };
        let told = silence::of_source(tx, "a")?;
        assert_eq!(told, [lasting("a", since + HOUR), ended]);
        assert!(silence::end(tx, "b", How::Over, now() + HOUR * 2)?);
        let over = silence::of_source(tx, "b")?;
        assert_eq!(over[0].ended, Some((now() + HOUR * 2, How::Over)));
        Ok::<_, StoreError>(())
    })
    .expect("written");
}
