//! Two clicks, a proxy that sends again, twenty at once: the same key gives one application.

use std::sync::Barrier;

use serde_json::Value;

use crate::books::{balanced, receipt};
use crate::office::{Engine, OPEN_R7, Office, R7, application};

const CONNECTIONS: usize = 20;

#[test]
fn sqlite() {
    check(Engine::Sqlite);
}

#[test]
fn postgres() {
    check(Engine::Postgres);
}

fn check(engine: Engine) {
    let mut office = Office::new(engine);
    office.start(OPEN_R7);
    let body = application(R7, 1);
    let together = Barrier::new(CONNECTIONS);
    let answers: Vec<(u16, Value)> = std::thread::scope(|scope| {
        let clicks: Vec<_> = (0..CONNECTIONS)
            .map(|_| {
                scope.spawn(|| {
                    together.wait();
                    let answer = office.submit(R7, "one", &body).expect("an answer");
                    (answer.status, receipt(&answer))
                })
            })
            .collect();
        let joined = clicks.into_iter().map(|click| click.join());
        joined.collect::<Result<_, _>>().expect("no panic")
    });
    let created = answers.iter().filter(|(status, _)| *status == 201).count();
    let again = answers.iter().filter(|(status, _)| *status == 200).count();
    assert_eq!((created, again), (1, CONNECTIONS - 1));
    assert!(answers.iter().all(|(_, receipt)| *receipt == answers[0].1));

    let changed = office
        .submit(R7, "one", &application(R7, 2))
        .expect("an answer");
    assert_eq!(changed.status, 422, "{changed:?}");
    assert_eq!(
        changed.json()["type"],
        "urn:sonae:problem:idempotency-key-reused"
    );
    let second = office.submit(R7, "two", &body).expect("an answer");
    assert_eq!(second.status, 201, "another key is another application");
    office.kill();
    let receipts = [answers[0].1.clone(), receipt(&second)];
    assert_eq!(balanced(&office, &receipts).len(), 2);
}
