//! Arrivals: order, places, keys, races.

use std::sync::Arc;

use jiff::SignedDuration;
use sonae_core::clock::{Clock, ClockSpec};
use sonae_core::flow::{Actor, Case, Event};
use sonae_core::program::Program;
use sonae_db::{Db, DbError, Isolation, Kind};

use super::{Fresh, act, begun, count, no_effects, now, office, receive, sample, submission};
use crate::intake::{Answer, Arrival, Effects, Refusal};
use crate::outbox::Mail;
use crate::{MIGRATIONS, StoreError, application, draft};

pub(super) fn received(answer: &Answer) -> &Arrival {
    match answer {
        Answer::Received(arrival) => arrival,
        other => panic!("not received: {other:?}"),
    }
}

pub(super) fn an_arrival_leaves_all_its_rows(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let (db, program) = office(fresh, program);
    let expires = now() + SignedDuration::from_hours(24);
    db.write(|tx| draft::create(tx, "d1", &program, &serde_json::json!({}), now(), expires))
        .expect("a draft");
    let mut first = submission(&program, 1);
    first.draft_id = Some("d1".into());
    let calendar = program.calendar();
    let spec = ClockSpec {
        business_days: 3,
        warn_when_left: 1,
        owner: sonae_core::program::Role::Secretariat,
        pausable: true,
    };
    let hours = sonae_core::calendar::OfficeHours::of_programme(&program.definition.program.office);
    let clock = Clock::start(spec, &calendar, &hours, now()).expect("a clock starts");
    let answers = db
        .write(|tx| {
            crate::intake::receive(tx, std::slice::from_ref(&first), &|_, arrival| Effects {
                mail: vec![Mail {
                    id: "m1".into(),
                    mail: "received".into(),
                    recipient: "a1@example.jp".into(),
                    message_id: "<m1@example.jp>".into(),
                    content: arrival.receipt_number.clone().into_bytes(),
                }],
                case: Case {
                    clocks: [("contact".to_owned(), clock)].into(),
                    ..begun(&first, arrival)
                },
            })
        })
        .expect("received");
    let arrival = received(&answers[0]).clone();
    let stored = db
        .read(|tx| application::by_receipt(tx, &arrival.receipt_number))
        .expect("readable")
        .expect("an application");
    assert_eq!(stored.answers, first.answers);
    assert_eq!(stored.sequence, 1);
    assert_eq!(stored.places, arrival.places);
    assert_eq!(stored.clocks, vec![("contact".to_owned(), clock)]);
    one_case(&db, &stored.id, &arrival.receipt_number);
    let again = db
        .read(|tx| application::arrival(tx, &stored.id))
        .expect("readable")
        .expect("a receipt");
    assert_eq!(again, arrival);
    let mails = db
        .read(|tx| crate::outbox::of_application(tx, &stored.id))
        .expect("readable");
    assert_eq!(mails[0].mail.content, arrival.receipt_number.as_bytes());
    let sent = db
        .read(|tx| draft::find(tx, "d1", now()))
        .expect("readable")
        .expect("the draft");
    assert_eq!(sent.application_id.as_deref(), Some(stored.id.as_str()));
    assert_eq!(
        db.read(crate::verify::verify)
            .expect("readable")
            .expect("sound")
            .receipts,
        1
    );
}

/// A case is found by its application and by its receipt number, and is the same.
fn one_case(db: &Db, id: &str, number: &str) {
    let read = |id: &str, number: &str| {
        db.read(|tx| {
            Ok::<_, StoreError>((
                crate::case::by_id(tx, id)?,
                crate::case::by_receipt(tx, number)?,
            ))
        })
        .expect("readable")
    };
    let (by_id, by_number) = read(id, number);
    assert_eq!(by_id.as_ref().map(|one| &*one.application_id), Some(id));
    assert_eq!(by_id, by_number);
    assert_eq!(read(number, id), (None, None));
}

pub(super) fn places_run_out_in_strict_order(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let (db, program) = office(fresh, program);
    let batch: Vec<_> = (1..=4).map(|n| submission(&program, n)).collect();
    let first = receive(&db, &batch).expect("received");
    let second =
        receive(&db, &[submission(&program, 5), submission(&program, 6)]).expect("received");
    let states: Vec<_> = first
        .iter()
        .chain(&second[..1])
        .map(|answer| {
            let arrival = received(answer);
            (
                arrival.sequence,
                arrival.places[0].position,
                arrival.places[0].state.clone(),
            )
        })
        .collect();
    let expected = [
        (1, "held"),
        (2, "held"),
        (3, "held"),
        (4, "waiting"),
        (5, "waiting"),
    ];
    assert_eq!(states, expected.map(|(n, state)| (n, n, state.to_owned())));
    assert_eq!(
        second[1],
        Answer::Refused(Refusal::Full {
            course: program.courses()[0].id.clone()
        })
    );
    assert_eq!(count(&db, "application"), 5);
}

pub(super) fn the_same_key_gives_the_same_receipt(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let (db, program) = office(fresh, program);
    let mut twin = submission(&program, 1);
    twin.application_id = "00000000-0000-7000-8000-00000000ffff".into();
    let mut other = submission(&program, 1);
    other.body_hash = [9; 32];
    let together =
        receive(&db, &[submission(&program, 1), twin.clone(), other.clone()]).expect("received");
    let arrival = received(&together[0]).clone();
    assert_eq!(together[1], Answer::Again(arrival.clone()));
    assert_eq!(together[2], Answer::Refused(Refusal::KeyUsed));
    let later = receive(&db, &[twin, other]).expect("received");
    assert_eq!(
        later,
        [Answer::Again(arrival), Answer::Refused(Refusal::KeyUsed)]
    );
    assert_eq!(count(&db, "application"), 1);
}

pub(super) fn closed_and_full_courses_refuse(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let (db, program) = office(fresh, program);
    let mut early = submission(&program, 1);
    early.arrived_at = "2001-01-01T00:00:00Z".parse().expect("a fixed instant");
    let answers = receive(&db, std::slice::from_ref(&early)).expect("answered");
    assert!(
        matches!(&answers[0], Answer::Refused(Refusal::Outside { .. })),
        "{answers:?}"
    );
    // A refused key is free: the same request later is a new one.
    early.arrived_at = now();
    assert!(matches!(
        receive(&db, &[early]).expect("answered")[0],
        Answer::Received(_)
    ));
}

pub(super) fn a_failing_group_leaves_nothing(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let (db, program) = office(fresh, program);
    let mut doubled = submission(&program, 2);
    doubled.application_id = submission(&program, 1).application_id;
    let error = receive(&db, &[submission(&program, 1), doubled]).expect_err("an id twice");
    assert!(
        matches!(
            &error,
            StoreError::Db(DbError {
                kind: Kind::Unique,
                ..
            })
        ),
        "{error}"
    );
    for table in [
        "application",
        "place",
        "audit_entry",
        "submission_key",
        "course_tally",
    ] {
        assert_eq!(count(&db, table), 0, "{table}");
    }
    assert!(matches!(
        receive(&db, &[submission(&program, 1)]).expect("received")[0],
        Answer::Received(_)
    ));
}

/// Eight threads send 160 applications one by one; gives what broke.
fn race(db: &Arc<Db>, program: &Arc<Program>) -> Result<(), String> {
    let threads: Vec<_> = (0..8)
        .map(|thread| {
            let (db, program) = (db.clone(), program.clone());
            std::thread::spawn(move || -> Result<(), String> {
                for n in 0..20 {
                    let batch = [submission(&program, 1 + thread * 20 + n)];
                    db.write(|tx| crate::intake::receive(tx, &batch, &no_effects))
                        .map_err(|error| error.to_string())?;
                }
                Ok(())
            })
        })
        .collect();
    let results: Vec<_> = threads
        .into_iter()
        .map(|thread| thread.join().expect("no thread panics"))
        .collect();
    results.into_iter().collect::<Result<Vec<()>, String>>()?;
    let rows = db
        .read(|tx| {
            tx.query(
                "SELECT state, COUNT(*), MAX(position) FROM place GROUP BY state ORDER BY state",
                &[],
            )
        })
        .map_err(|error| error.to_string())?;
    let counts: Vec<_> = rows
        .iter()
        .map(|row| (row.text(0).to_owned(), row.int(1), row.int(2)))
        .collect();
    if counts
        != [
            ("held".to_owned(), 30, 30),
            ("waiting".to_owned(), 130, 160),
        ]
    {
        return Err(format!("places: {counts:?}"));
    }
    match db
        .read(crate::verify::verify)
        .map_err(|error| error.to_string())?
    {
        Ok(_) => Ok(()),
        Err(broken) => Err(format!("{}: {}", broken.row, broken.what)),
    }
}

fn racing_program(program: &Arc<Program>) -> Arc<Program> {
    let mut racing = Program::clone(&sample(program));
    racing.definition.program.course[0].capacity.places = 30;
    racing.definition.program.course[0].capacity.waiting_list =
        sonae_core::program::program::WaitingList::Open {
            limit: None,
            offer_business_days: 3,
        };
    Arc::new(racing)
}

pub(super) fn a_race_keeps_the_order(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let (db, program) = office(fresh, program);
    assert_eq!(race(&Arc::new(db), &racing_program(&program)), Ok(()));
}

pub(super) fn the_race_without_protection_fails(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let (db, program) = office(fresh, program);
    drop(db);
    let unsafe_db = fresh(Isolation::Unsafe);
    unsafe_db.migrate(MIGRATIONS).expect("nothing is missing");
    // The negative control: what keeps the race test green is the protection and not luck.
    assert!(
        race(&Arc::new(unsafe_db), &racing_program(&program)).is_err(),
        "the unprotected race went well"
    );
}

pub(super) fn withdrawal_gives_the_place_back_once(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let (db, program) = office(fresh, program);
    let answers =
        receive(&db, &[submission(&program, 1), submission(&program, 2)]).expect("received");
    let number = received(&answers[0]).receipt_number.clone();
    let event = Event::Withdrawn {
        reason: String::new(),
    };
    let withdraw = || act(&db, &program, &number, &event, &Actor::Company);
    assert!(withdraw().is_ok());
    assert_eq!(withdraw().expect_err("closed").code, "not_open");
    let tallies = db
        .read(|tx| crate::tally::of_program(tx, program.id()))
        .expect("readable");
    let tally = tallies[&program.courses()[0].id];
    assert_eq!((tally.last_position, tally.held, tally.waiting), (2, 1, 0));
    let stored = db
        .read(|tx| application::by_receipt(tx, &number))
        .expect("readable")
        .expect("an application");
    assert_eq!(
        (stored.state.as_str(), stored.withdrawn_at),
        ("withdrawn", Some(now()))
    );
    db.read(crate::verify::verify)
        .expect("readable")
        .expect("sound");
}
