//! SIGTERM in the middle of a burst: what is in progress is finished and answered, nothing more is taken, and the program ends well.

use std::io::Write;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::books::{Receipt, balanced, receipt};
use crate::office::{Engine, OPEN_R7, Office, R7, application, pause, submit};

const CLIENTS: usize = 12;

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
    let address = office.address();
    let clients: Vec<_> = (0..CLIENTS)
        .map(|client| {
            std::thread::spawn(move || {
                let mut received: Vec<Receipt> = Vec::new();
                for number in client * 1000.. {
                    let body = application(R7, number);
                    let Ok(answer) = submit(address, R7, &format!("key-{number}"), &body) else {
                        break;
                    };
                    match answer.status {
                        201 => received.push(receipt(&answer)),
                        503 => assert!(!answer.header("retry-after").is_empty(), "{answer:?}"),
                        _ => panic!("{answer:?}"),
                    }
                }
                received
            })
        })
        .collect();
    pause(Duration::from_millis(300));
    let ended = office.stop();
    assert_eq!(ended.code(), Some(0), "{}", office.log());
    let received: Vec<Receipt> = clients
        .into_iter()
        .flat_map(|client| client.join().expect("a client does not panic"))
        .collect();
    assert!(!received.is_empty());
    let lines = balanced(&office, &received);
    assert_eq!(
        lines.len(),
        received.len(),
        "something was stored and not answered"
    );
}

/// Somebody who sends half a request and falls silent does not keep the program from ending.
#[test]
fn a_silent_visitor_does_not_hold_it_up() {
    let mut office = Office::new(Engine::Sqlite);
    office.start(OPEN_R7);
    let mut silent = TcpStream::connect(office.address()).expect("it listens");
    let head = format!("POST /api/v1/programs/{R7}/applications HTTP/1.1\r\nhost: a\r\n");
    let half =
        "content-type: application/json\r\nidempotency-key: a\r\ncontent-length: 100\r\n\r\n{";
    write!(silent, "{head}{half}").expect("it reads");
    pause(Duration::from_millis(100));
    let asked = Instant::now();
    assert_eq!(office.stop().code(), Some(0));
    assert!(
        asked.elapsed() < Duration::from_secs(20),
        "{:?}",
        asked.elapsed()
    );
}
