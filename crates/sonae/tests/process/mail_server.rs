//! A mail server that is down: visitors do not notice, their mails wait, and when it comes up each is delivered once.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use crate::books::{balanced, receipt};
use crate::office::{Engine, OPEN_R7, Office, R7, application};

const APPLICATIONS: usize = 8;

#[test]
fn sqlite() {
    check(Engine::Sqlite);
}

#[test]
fn postgres() {
    check(Engine::Postgres);
}

fn check(engine: Engine) {
    // A port that nobody listens on, until later.
    let port = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = port.local_addr().expect("it is bound");
    drop(port);
    let url = format!("smtp://{address}");
    let flags = [
        "--smtp",
        url.as_str(),
        "--mail-from",
        "office@office.example.jp",
    ];
    let mut office = Office::new(engine);
    office.start_with(OPEN_R7, &flags);
    let received: Vec<_> = (0..APPLICATIONS)
        .map(|number| {
            let asked = Instant::now();
            let answer = office.submit(R7, &format!("key-{number}"), &application(R7, number));
            let answer = answer.expect("an answer");
            assert_eq!(answer.status, 201, "{answer:?}");
            assert!(
                asked.elapsed() < Duration::from_secs(3),
                "the visitor waited for the mail"
            );
            receipt(&answer)
        })
        .collect();
    office.kill();
    balanced(&office, &received);

    let (arrive, arrived) = channel();
    let listener = TcpListener::bind(address).expect("the port is still free");
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let arrive = arrive.clone();
            std::thread::spawn(move || drop(converse(stream, &arrive)));
        }
    });
    // The next attempts are due within the hour, and a lease that the killed program held has run out by then.
    office.start_with("2025-06-02T11:00:00+09:00", &flags);
    let mails = collect(&arrived);
    assert_eq!(mails.len(), APPLICATIONS, "{mails:?}");
    for number in 0..APPLICATIONS {
        let recipient = format!("a{number}@sample.example.jp");
        assert_eq!(mails.get(&recipient), Some(&1), "{mails:?}");
    }
    assert_eq!(office.stop().code(), Some(0));
    balanced(&office, &received);
}

/// Mails by recipient: all that are expected, and what still comes a while after them.
fn collect(arrived: &Receiver<String>) -> BTreeMap<String, usize> {
    let mut mails: BTreeMap<String, usize> = BTreeMap::new();
    let mut patience = Duration::from_secs(30);
    while let Ok(recipient) = arrived.recv_timeout(patience) {
        *mails.entry(recipient).or_default() += 1;
        if mails.len() == APPLICATIONS {
            patience = Duration::from_secs(3);
        }
    }
    mails
}

/// As much of SMTP (RFC 5321) as a client needs to hand over mails; tells the recipient of each.
fn converse(stream: TcpStream, arrive: &Sender<String>) -> std::io::Result<()> {
    let mut answer = stream.try_clone()?;
    let mut lines = BufReader::new(stream).lines();
    answer.write_all(b"220 test ESMTP\r\n")?;
    let mut recipient = String::new();
    while let Some(line) = lines.next().transpose()? {
        let upper = line.to_ascii_uppercase();
        if upper.starts_with("DATA") {
            answer.write_all(b"354 go on\r\n")?;
            for line in lines.by_ref() {
                if line? == "." {
                    break;
                }
            }
            // The test may have seen enough.
            let _ = arrive.send(std::mem::take(&mut recipient));
        } else if upper.starts_with("RCPT TO:") {
            let (_, rest) = line.split_once('<').unwrap_or_default();
            recipient = rest.split('>').next().unwrap_or_default().to_owned();
        } else if upper.starts_with("QUIT") {
            return answer.write_all(b"221 bye\r\n");
        }
        answer.write_all(b"250 fine\r\n")?;
    }
    Ok(())
}
