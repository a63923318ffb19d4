//! The syslog listener over real sockets: UDP, TCP in both framings, TLS; whose lines are taken, and that each is counted, taken or not.

use std::fs;
use std::net::{SocketAddr, TcpListener, UdpSocket};
use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering::Relaxed};
use std::time::Duration;

use jiff::SignedDuration;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use sonae::telemetry::figures;
use sonae::telemetry::syslog::{self, Listening, given};
use sonae_store::telemetry_source::{self, Kind, Source};
use sonae_store::telemetry_watch;
use sonae_telemetry::{Day, Month};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::{Trial, holds};
use crate::office::{OPEN_R6, Office, R6, complete};

/// How long anything may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// An invented line of a FortiGate; `{}` is its number.
fn line(number: usize) -> String {
    format!(
        "<185>date=2024-06-03 time=09:59:00 devname=\"FG60\" devid=\"FG60-1\" eventtime=1717376340 tz=\"+0900\" logid=\"0419016384\" type=\"utm\" \
         subtype=\"ips\" eventtype=\"signature\" level=\"alert\" severity=\"high\" srcip=198.51.100.7 dstip=192.0.2.9 srcport={number} dstport=80 \
         action=\"dropped\" proto=6 attack=\"Sample.Attack\" attackid=40001"
    )
}

/// An office that listens for one device.
struct Listened {
    office: Office,
    /// None while it is stopped.
    listening: Option<Listening>,
    company: String,
    source: String,
    address: SocketAddr,
}

/// A port that nobody has, beyond those that the system gives to whoever asks for any.
fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    loop {
        let own = (process::id() % 400) as u16 * 30;
        let port = 10_000 + own + NEXT.fetch_add(1, Relaxed) % 30;
        let free = TcpListener::bind(("127.0.0.1", port)).is_ok();
        if free && UdpSocket::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

impl Listened {
    /// `hours` are the device's period around now.
    async fn new(peer: &'static str, hours: (i64, i64), flags: &[&str]) -> Listened {
        let range = format!("127.0.0.1:{}", free_port());
        let flags = [&["--syslog", &range], flags].concat();
        let office = Office::open_with(OPEN_R6, &flags);
        let reply = office.apply(R6, "key-0001", complete(R6).to_string()).await;
        let number = reply.json()["receipt_number"].as_str().unwrap().to_owned();
        let now = office.app.clock.now();
        let source = sonae::chance::id(now);
        let id = source.clone();
        let company = office.app.write(move |tx| {
            let stored = sonae_store::case::by_receipt(tx, &number)?.expect("it was received");
            let source = Source {
                id: id.clone(),
                application_id: stored.application_id.clone(),
                kind: Kind::Utm,
                product: "FortiGate 60F".to_owned(),
                serial: "SN-1".to_owned(),
                from: now + SignedDuration::from_hours(hours.0),
                until: now + SignedDuration::from_hours(hours.1),
                created_by: "command".to_owned(),
                created_at: now,
                ended_at: None,
            };
            telemetry_source::add(tx, &source, &id)?;
            given::give(tx, &id, peer, now)?.expect("a port is free");
            Ok(stored.application_id)
        });
        let mut listened = Listened {
            company: company.await.unwrap(),
            source,
            address: "127.0.0.1:0".parse().unwrap(),
            listening: None,
            office,
        };
        listened.start().await;
        listened
    }

    async fn start(&mut self) {
        let listening = syslog::start(self.office.app.clone()).await.unwrap();
        self.address = *listening.addresses().first().expect("the port is open");
        self.listening = Some(listening);
    }

    /// Closes the port and gives how many lines are stored: detections, other readable ones, and unknown ones.
    async fn stop(&mut self) -> [i64; 3] {
        if let Some(listening) = self.listening.take() {
            listening.stop().await;
        }
        let company = self.company.clone();
        let day = Day::of(self.office.app.clock.now().as_microsecond());
        let asked = self.office.app.detections(move |all| all.sheet(day));
        let total = asked.await.unwrap().remove(&company).unwrap_or_default();
        [total.detections, total.activities, total.unknown]
    }

    /// Why lines were not taken, and how many.
    async fn refused(&self) -> Vec<(String, i64, String)> {
        let source = self.source.clone();
        let asked =
            (self.office.app).read(move |tx| telemetry_watch::refused_since(tx, &source, 0));
        let told = asked.await.unwrap().into_iter();
        told.map(|one| (one.why, one.lines, one.last_peer))
            .collect()
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// Sends bytes over a connection of its own and waits until the other end has read and closed it.
    async fn send(&self, bytes: &[u8]) {
        let mut stream = self.connect().await;
        stream.write_all(bytes).await.unwrap();
        ended(stream).await;
    }

    fn datagram(&self, text: &str) {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        assert_eq!(
            socket.send_to(text.as_bytes(), self.address).unwrap(),
            text.len()
        );
    }
}

/// Says that nothing more comes and waits for the other end to say so too.
async fn ended(mut stream: TcpStream) {
    stream.shutdown().await.unwrap();
    let read = tokio::time::timeout(PATIENCE, stream.read(&mut [0]))
        .await
        .unwrap();
    // A connection that is closed before all was read is reset.
    assert!(matches!(read, Ok(0) | Err(_)));
}

fn counted(numbers: std::ops::Range<usize>) -> String {
    let message = |number| format!("{} {}", line(number).len(), line(number));
    numbers.map(message).collect()
}

fn lines(numbers: std::ops::Range<usize>) -> String {
    numbers.map(|number| line(number) + "\n").collect()
}

fn certificate() -> [String; 2] {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/telemetry/");
    ["localhost.cert.pem", "localhost.key.pem"].map(|name| format!("{folder}{name}"))
}

async fn send_encrypted(listened: &Listened, bytes: &[u8]) {
    let mut roots = RootCertStore::empty();
    let known = CertificateDer::from_pem_file(&certificate()[0]).unwrap();
    roots.add(known).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let connector = TlsConnector::from(Arc::new(config));
    let name = ServerName::try_from("localhost").unwrap();
    let mut stream = connector
        .connect(name, listened.connect().await)
        .await
        .unwrap();
    stream.write_all(bytes).await.unwrap();
    stream.shutdown().await.unwrap();
    let read = tokio::time::timeout(PATIENCE, stream.read(&mut [0]))
        .await
        .unwrap();
    assert!(matches!(read, Ok(0) | Err(_)));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_way_in_reaches_the_store() {
    let [cert, key] = certificate();
    let flags = ["--syslog-cert", &cert, "--syslog-key", &key];
    let mut listened = Listened::new("127.0.0.0/8", (-1, 1), &flags).await;
    (0..3).for_each(|number| listened.datagram(&line(number)));
    listened.send(lines(10..15).as_bytes()).await;
    listened.send(counted(20..27).as_bytes()).await;
    send_encrypted(&listened, counted(30..41).as_bytes()).await;
    listened.send(b"<13>nobody can read this\n").await;
    assert_eq!(listened.stop().await, [3 + 5 + 7 + 11, 0, 1]);
    assert_eq!(listened.refused().await, []);
    let source = listened.source.clone();
    let watch = (listened.office.app).read(move |tx| telemetry_watch::of_source(tx, &source));
    assert_eq!(
        watch.await.unwrap().heard_at,
        Some(listened.office.app.clock.now())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_not_come_is_counted_and_never_stored() {
    let foreign = Listened::new("192.0.2.0/24", (-1, 1), &[]).await;
    let early = Listened::new("", (1, 2), &[]).await;
    let [cert, key] = certificate();
    let flags = [
        "--syslog-cert",
        &cert,
        "--syslog-key",
        &key,
        "--syslog-tls-only",
    ];
    let plain = Listened::new("", (-1, 1), &flags).await;
    for (mut listened, expected) in [
        (foreign, [("peer", 3)]),
        (early, [("period", 3)]),
        (plain, [("encryption", 1)]),
    ] {
        if expected[0].0 != "encryption" {
            listened.datagram(&line(1));
            listened.datagram(&line(2));
        }
        listened.send(lines(3..9).as_bytes()).await;
        assert_eq!(listened.stop().await, [0, 0, 0]);
        let expected = expected.map(|(why, lines)| (why.to_owned(), lines, "127.0.0.1".to_owned()));
        assert_eq!(listened.refused().await, expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lying_frame_ends_the_connection_and_nothing_before_it_is_lost() {
    let mut listened = Listened::new("", (-1, 1), &[]).await;
    let mut stream = listened.connect().await;
    let text = counted(0..4) + "12 <13>too long for its length";
    stream.write_all(text.as_bytes()).await.unwrap();
    let read = tokio::time::timeout(PATIENCE, stream.read(&mut [0]))
        .await
        .unwrap();
    assert!(matches!(read, Ok(0) | Err(_)), "the other end hangs up");
    // The cut message, and what cannot be taken apart.
    assert_eq!(listened.stop().await, [4, 0, 2]);
    let peer = "127.0.0.1".to_owned();
    assert_eq!(listened.refused().await, [("frame".to_owned(), 1, peer)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_in_the_middle_loses_and_doubles_nothing() {
    let mut listened = Listened::new("", (-1, 1), &[]).await;
    for round in 0..3 {
        let mut stream = listened.connect().await;
        let text = lines(0..50);
        // The listener stops while the last message has no end yet.
        stream
            .write_all(&text.as_bytes()[..text.len() - 1])
            .await
            .unwrap();
        tokio::time::sleep(Duration::from_millis(200)).await;
        assert_eq!(listened.stop().await, [50 * (round + 1), 0, 0]);
        listened.start().await;
    }
    listened.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_datagrams_is_stored_or_counted() {
    const SENT: usize = 30_000;
    let mut listened = Listened::new("", (-1, 1), &[]).await;
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    for number in 0..SENT {
        let text = line(number);
        assert_eq!(
            socket.send_to(text.as_bytes(), listened.address).unwrap(),
            text.len()
        );
    }
    let stored: i64 = listened.stop().await.iter().sum();
    let refused = listened.refused().await;
    let lost: i64 = refused.iter().map(|(_, lines, _)| lines).sum();
    assert_eq!(stored + lost, SENT as i64, "{refused:?}");
    assert!(stored > 5_000, "{stored}, {refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn more_than_there_is_room_for_waits_with_the_sender() {
    // Three times the room of one device, over several connections at once.
    let mut listened = Listened::new("", (-1, 1), &[]).await;
    let text = Arc::new(counted(0..5_000));
    let mut sending = Vec::new();
    for _ in 0..8 {
        let (mut stream, text) = (listened.connect().await, text.clone());
        sending.push(tokio::spawn(async move {
            stream.write_all(text.as_bytes()).await.unwrap();
            ended(stream).await;
        }));
    }
    for one in sending {
        tokio::time::timeout(PATIENCE * 4, one)
            .await
            .unwrap()
            .unwrap();
    }
    assert_eq!(listened.stop().await, [40_000, 0, 0]);
    assert_eq!(listened.refused().await, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn ports_follow_the_list_of_devices() {
    let mut listened = Listened::new("", (-1, 1), &[]).await;
    let (address, source) = (listened.address, listened.source.clone());
    let stream = listened.connect().await;
    let now = listened.office.app.clock.now();
    let end = (listened.office.app).write(move |tx| telemetry_source::end(tx, &source, now));
    assert!(end.await.unwrap());
    ended(stream).await;
    let closed = async {
        while TcpStream::connect(address).await.is_ok() {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(PATIENCE, closed)
        .await
        .expect("the port is closed");
    listened.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn generated_logs_that_were_sent_equal_their_truth() {
    let trial = Trial::begun("1", "3", "2024-05-30");
    let mut listened = Listened::new("", (-1, 1), &[]).await;
    for file in trial.truth["files"].as_array().unwrap() {
        let log = trial.logs().join(file["file"].as_str().unwrap());
        listened.send(&fs::read(log).unwrap()).await;
    }
    listened.stop().await;
    for truth in trial.truth["months"].as_array().unwrap() {
        let month = Month::parse(truth["month"].as_str().unwrap()).unwrap();
        let company = listened.company.clone();
        let watched = (month.first_day(), month.last_day());
        let asked =
            (listened.office.app).detections(move |all| all.month(&company, month, watched));
        let told = figures::json(
            truth["company"].as_str().unwrap(),
            month,
            &asked.await.unwrap(),
        );
        holds(&told, truth, "");
    }
}
