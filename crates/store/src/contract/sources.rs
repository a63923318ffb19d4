//! Devices that send lines: found by their token, open for their period, ended once.

use std::sync::Arc;

use jiff::SignedDuration;
use sonae_core::program::Program;
use sonae_db::Db;

use super::{Fresh, now, office, receive, submission};
use crate::intake::Answer;
use crate::telemetry_source::{
    Kind, Source, Watched, add, by_id, by_token, end, of_application, renew, watched,
};

pub(super) fn devices(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let (db, program) = office(fresh, program);
    let answers = receive(&db, &[submission(&program, 1)]).expect("received");
    let Answer::Received(arrival) = &answers[0] else {
        panic!("not received");
    };
    let hour = SignedDuration::from_hours(1);
    let source = |id: &str, kind| Source {
        id: id.to_owned(),
        application_id: arrival.application_id.clone(),
        kind,
        product: "見本のUTM".to_owned(),
        serial: "SN-1".to_owned(),
        from: now(),
        until: now() + hour * 2,
        created_by: "command".to_owned(),
        created_at: now(),
        ended_at: None,
    };
    db.write(|tx| {
        let utm = source("a", Kind::Utm);
        add(tx, &utm, "hash-a")?;
        add(tx, &source("b", Kind::Edr), "hash-b")?;
        assert_eq!(by_token(tx, "hash-a")?, Some(utm.clone()));
        assert_eq!(by_token(tx, "a")?, None, "its id opens nothing");
        assert!(renew(tx, "b", "hash-c")? && !renew(tx, "nobody", "hash-d")?);
        let found = ["hash-b", "hash-c"].map(|hash| by_token(tx, hash).map(|one| one.is_some()));
        assert!(
            matches!(found, [Ok(false), Ok(true)]),
            "the old token opens nothing"
        );
        assert_eq!(by_id(tx, "b")?.map(|one| one.kind), Some(Kind::Edr));
        let open = [-1, 0, 1, 2].map(|hours| utm.is_open(now() + hour * hours));
        assert_eq!(open, [false, true, true, false]);
        assert!(end(tx, "a", now() + hour)? && !end(tx, "a", now())?);
        assert!(!renew(tx, "a", "hash-e")?, "what was ended stays so");
        let listed = of_application(tx, &arrival.application_id)?;
        let kinds: Vec<_> = listed.iter().map(|one| one.kind).collect();
        assert_eq!(kinds, [Kind::Edr, Kind::Utm], "the newest first");
        let open = [0, 1].map(|hours| listed[1].is_open(now() + hour * hours));
        assert_eq!(open, [true, false], "ended early");
        assert_eq!(of_application(tx, "nobody")?, []);
        // One was ended after an hour, the other is open for two.
        for (from, until, kinds) in [
            (-2, 0, vec![]),
            (-2, 1, vec![Kind::Utm, Kind::Edr]),
            (0, 9, vec![Kind::Utm, Kind::Edr]),
            (1, 9, vec![Kind::Edr]),
            (2, 9, vec![]),
        ] {
            let found = watched(tx, now() + hour * from, now() + hour * until)?;
            let found_kinds: Vec<_> = found.iter().map(|one| one.source.kind).collect();
            assert_eq!(found_kinds, kinds, "{from} to {until}");
            let named = |one: &Watched| one.receipt_number == arrival.receipt_number;
            assert!(found.iter().all(named), "with its company");
        }
        assert_eq!(listed[1].end(), now() + hour);
        Ok::<_, crate::StoreError>(())
    })
    .expect("written");
    let twice = db.write(|tx| add(tx, &source("c", Kind::Utm), "hash-c"));
    assert!(twice.is_err(), "a token opens one source");
    never_begun(&db, &source("d", Kind::Utm));
}

fn never_begun(db: &Db, like: &Source) {
    let hour = SignedDuration::from_hours(1);
    let early = Source {
        ended_at: Some(now() + hour),
        ..like.clone()
    };
    let found = [(-2, 0), (-2, 1), (0, 9), (1, 9)]
        .map(|(from, until)| early.is_watched(now() + hour * from, now() + hour * until));
    assert_eq!(found, [false, true, true, false], "ended early");
    db.write(|tx| {
        // One that was registered by mistake and ended before its period was never watched.
        let mistake = Source {
            from: now() + hour * 4,
            until: now() + hour * 8,
            ..like.clone()
        };
        add(tx, &mistake, "hash-f")?;
        let begins = |tx: &mut _| watched(tx, now() + hour * 3, now() + hour * 9);
        assert_eq!(begins(tx)?.len(), 1);
        assert!(end(tx, "d", now() + hour)?);
        assert_eq!(begins(tx)?, [], "nor counted as silent");
        let ended = by_id(tx, "d")?.expect("it is listed");
        assert!(!ended.is_watched(now(), now() + hour * 9));
        Ok::<_, crate::StoreError>(())
    })
    .expect("written");
}
