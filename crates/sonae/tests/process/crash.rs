//! kill -9 in the middle of a burst: what was acknowledged is there, and what was not can be sent again without doubling.
//!
//! A killed process loses its memory but not what it handed to the kernel; that commits also reach the disk (`synchronous=FULL`) is a
//! setting of the engines which this test cannot see.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use crate::books::{Receipt, balanced, receipt};
use crate::office::{Chance, Engine, OPEN_R7, Office, R7, application, pause, submit};

const ROUNDS: usize = 6;
const CLIENTS: usize = 12;
/// More than a round can send before it is killed.
const EACH: usize = 200;

#[test]
fn sqlite() {
    check(Engine::Sqlite);
}

#[test]
fn postgres() {
    check(Engine::Postgres);
}

fn check(engine: Engine) {
    let mut chance = Chance::new(&format!("crash on {engine:?}"));
    let mut office = Office::new(engine);
    let mut acknowledged: BTreeMap<usize, Receipt> = BTreeMap::new();
    let mut unanswered: Vec<usize> = Vec::new();
    let mut in_the_middle = 0;
    for round in 0..ROUNDS {
        office.start(OPEN_R7);
        let address = office.address();
        let clients: Vec<_> = (0..CLIENTS)
            .map(|client| {
                let first = (round * CLIENTS + client) * EACH;
                std::thread::spawn(move || burst(address, first))
            })
            .collect();
        pause(Duration::from_millis(30 + chance.below(250)));
        office.kill();
        for client in clients {
            let (answered, open) = client.join().expect("a client does not panic");
            in_the_middle += open.iter().count();
            acknowledged.extend(answered);
            unanswered.extend(open);
        }
        let receipts: Vec<Receipt> = acknowledged.values().cloned().collect();
        balanced(&office, &receipts);
    }
    assert!(in_the_middle >= ROUNDS, "no round was killed in its middle");
    office.start(OPEN_R7);
    let mut stored_unheard = 0;
    for key in &unanswered {
        let answer = apply(office.address(), *key).expect("the office runs");
        assert!([200, 201].contains(&answer.status), "{answer:?}");
        stored_unheard += usize::from(answer.status == 200);
        acknowledged.insert(*key, receipt(&answer));
    }
    for (key, before) in &acknowledged {
        let answer = apply(office.address(), *key).expect("the office runs");
        assert_eq!((answer.status, &receipt(&answer)), (200, before));
    }
    office.kill();
    let receipts: Vec<Receipt> = acknowledged.values().cloned().collect();
    let lines = balanced(&office, &receipts);
    assert_eq!(lines.len(), acknowledged.len(), "an application is doubled");
    println!(
        "{engine:?}: {ROUNDS} kills, {} applications, {} unanswered of which {stored_unheard} were stored",
        lines.len(),
        unanswered.len(),
    );
}

fn apply(address: SocketAddr, number: usize) -> std::io::Result<crate::http::Answer> {
    submit(
        address,
        R7,
        &format!("key-{number}"),
        &application(R7, number),
    )
}

/// Submits one after the other until the server is gone: what was answered, and what was sent without an answer.
fn burst(address: SocketAddr, first: usize) -> (Vec<(usize, Receipt)>, Option<usize>) {
    let mut answered = Vec::new();
    for number in first..first + EACH {
        match apply(address, number) {
            Ok(answer) => {
                assert_eq!(answer.status, 201, "{answer:?}");
                answered.push((number, receipt(&answer)));
            }
            Err(_) => return (answered, Some(number)),
        }
    }
    (answered, None)
}
