//! A server that is spoken to through TLS, with a certificate of an authority that only this office trusts.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;

use sonae_db::Kind;
use sonae_db::clickhouse::{ClickHouse, Url};

use crate::Office;
use crate::load::{Load, PLAN};
use crate::servers::{Server, url};

fn authority() -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cluster/tls/authority.pem");
    format!("?secure=true&ca={}", file.display())
}

#[test]
fn a_protected_server_keeps_what_it_is_sent() {
    let load = Load::of(&PLAN);
    let server = Server::start(None);
    let office = Office::on(&[vec![server.protected()]], &authority());
    let detections = office.detections();
    let batches: Vec<_> = load.batches.iter().map(|one| one.prepared()).collect();
    let answers = detections.store(&batches);
    assert!(answers.iter().all(Result::is_ok), "{answers:?}");
    load.check(&PLAN, &detections);
}

/// Somebody who answers without TLS; the real server may also wait for the rest of what it takes for a request, as the random bytes of the first message
/// happen to be.
fn without_tls() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        let mut open = Vec::new();
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            drop(stream.read(&mut [0; 4096]));
            drop(stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n"));
            open.push(stream);
        }
    });
    address
}

#[test]
fn a_protected_server_that_is_not_trusted_is_told_nothing() {
    let server = Server::start(None);
    let (protected, plain) = (server.protected(), without_tls());
    let by_name = protected.replace("127.0.0.1", "localhost");
    let cases = [
        // The system does not know the authority.
        (
            &protected,
            "?secure=true".to_owned(),
            "nobody who is trusted",
        ),
        // The certificate is for the number, not for the name.
        (&by_name, authority(), "for another name"),
        // Nobody speaks TLS there.
        (&plain, authority(), "TLS"),
    ];
    for (address, options, expected) in cases {
        let url = url(&[vec![address.clone()]], "office", &options);
        let place = Url::read(&url).unwrap().shards[0][0].clone();
        let error = ClickHouse::new(place, 1)
            .query("SELECT 1", &[])
            .expect_err(expected);
        assert_eq!(error.kind, Kind::Unreachable, "{error}");
        assert!(error.detail.contains(expected), "{error}");
        assert!(!format!("{error:?}").contains("secret"), "{error:?}");
    }
}

#[test]
fn a_protected_or_plain_server_refuses_a_wrong_password() {
    let server = Server::start(None);
    for (address, options) in [
        (server.address(), String::new()),
        (server.protected(), authority()),
    ] {
        let url = format!("clickhouse://default:wrong%2Fone@{address}/office{options}");
        let place = Url::read(&url).unwrap().shards[0][0].clone();
        let error = (ClickHouse::new(place, 1).query("SELECT 1", &[])).expect_err("refused");
        assert_eq!(error.kind, Kind::Unreachable, "{error}");
        assert!(!format!("{error:?}").contains("wrong"), "{error:?}");
    }
}
