//! Lines that are sent over HTTPS: every answer, each batch once, and nothing beyond the bounds.

use std::io::Write;

use axum::body::Body;
use axum::http::{Request, header};
use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use sonae::staff::session;
use sonae::telemetry::sent::LARGEST_SENT;
use sonae_store::telemetry_source::{self, Kind, Source};
use sonae_telemetry::Day;
use sonae_telemetry::batch::MOST_LINES;

use crate::office::{OPEN_R6, Office, R6, Reply, complete};
use crate::openapi;

pub(super) const PATH: &str = "/api/v1/telemetry/batches";

/// An office with a company that was lent a device.
pub(super) struct Lent {
    pub(super) office: Office,
    pub(super) number: String,
    pub(super) company: String,
    pub(super) token: String,
}

impl Lent {
    pub(super) async fn new(flags: &[&str]) -> Lent {
        let office = Office::open_with(OPEN_R6, flags);
        let reply = office.apply(R6, "key-0001", complete(R6).to_string()).await;
        let number = reply.json()["receipt_number"].as_str().unwrap().to_owned();
        let asked = number.clone();
        let read = (office.app).read(move |tx| sonae_store::case::by_receipt(tx, &asked));
        let company = read.await.unwrap().unwrap().application_id;
        let mut lent = Lent {
            office,
            number,
            company,
            token: String::new(),
        };
        lent.token = lent.device("SN-1", (-1, 1), None).await;
        lent
    }

    pub(super) fn now(&self) -> Timestamp {
        self.office.app.clock.now()
    }

    /// The receipt number of another company.
    pub(super) async fn other_company(&self, key: &str) -> String {
        let mut body = complete(R6);
        body["name"] = json!("株式会社べつ");
        let reply = self.office.apply(R6, key, body.to_string()).await;
        reply.json()["receipt_number"].as_str().unwrap().to_owned()
    }

    /// Registers a device for some hours around now; gives its token.
    async fn device(&self, serial: &str, hours: (i64, i64), ended: Option<i64>) -> String {
        let token = format!("sonae_source_{serial}_{}", hours.0);
        let at = |hour| self.now() + SignedDuration::from_hours(hour);
        let source = Source {
            id: sonae::chance::id(self.now()),
            application_id: self.company.clone(),
            kind: Kind::Utm,
            product: "FortiGate 60F".to_owned(),
            serial: serial.to_owned(),
            from: at(hours.0),
            until: at(hours.1),
            created_by: "command".to_owned(),
            created_at: at(-2),
            ended_at: None,
        };
        let hash = session::id_of(&token);
        let ended = ended.map(at);
        let write = self.office.app.write(move |tx| {
            telemetry_source::add(tx, &source, &hash)?;
            if let Some(ended) = ended {
                assert!(telemetry_source::end(tx, &source.id, ended)?);
            }
            Ok(())
        });
        write.await.unwrap();
        token
    }

    pub(super) async fn send(&self, sent: Sent) -> Reply {
        let mut request = Request::post(PATH);
        if let Some(id) = sent.id {
            request = request.header("Batch-Id", id);
        }
        if let Some(token) = sent.token.as_ref().unwrap_or(&Some(self.token.clone())) {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        if let Some(encoding) = sent.encoding {
            request = request.header(header::CONTENT_ENCODING, encoding);
        }
        let request = request.body(Body::from(sent.body)).unwrap();
        self.office.send(request).await
    }

    /// What the detections count of the company in this month: detections, activities, unread lines.
    async fn counted(&self) -> (i64, i64, i64) {
        let company = self.company.clone();
        let month = Day::of(self.now().as_microsecond()).month();
        let asked = self.office.app.detections(move |detections| {
            detections.month(&company, month, (month.first_day(), month.last_day()))
        });
        let figures = asked.await.unwrap();
        (
            figures.detections,
            figures.activities.iter().map(|(_, lines)| lines).sum(),
            figures.unknown.iter().map(|(_, lines)| lines).sum(),
        )
    }
}

/// A request; what is not said is as it should be.
#[derive(Clone)]
pub(super) struct Sent {
    pub(super) id: Option<&'static str>,
    /// The office's own device when it is not said.
    token: Option<Option<String>>,
    encoding: Option<&'static str>,
    body: Vec<u8>,
}

pub(super) fn sent(id: &'static str, body: impl Into<Vec<u8>>) -> Sent {
    Sent {
        id: Some(id),
        token: None,
        encoding: None,
        body: body.into(),
    }
}

/// A batch of a device by its token.
pub(super) fn sent_by(token: &str, id: &'static str, body: &str) -> Sent {
    Sent {
        token: Some(Some(token.to_owned())),
        ..sent(id, body)
    }
}

fn gzip(plain: &[u8]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(plain).unwrap();
    gzip.finish().unwrap()
}

/// An alert of Suricata at an instant.
pub(super) fn alert(at: Timestamp) -> String {
    let line = json!({
        "timestamp": at.to_string(), "event_type": "alert", "src_ip": "203.0.113.9", "src_port": 40000,
        "dest_ip": "192.0.2.10", "dest_port": 443, "proto": "TCP",
        "alert": { "action": "blocked", "gid": 1, "signature_id": 2_000_001, "rev": 1, "signature": "ET SCAN invented", "category": "Attempted Information Leak", "severity": 2 },
    });
    format!("{line}\n")
}

/// An alert, statistics, and a line that nothing reads.
pub(super) fn three(at: Timestamp) -> String {
    let stats =
        json!({ "timestamp": at.to_string(), "event_type": "stats", "stats": { "uptime": 5 } });
    format!("{}{stats}\nこれは何でもない行です\n", alert(at))
}

/// A request with its name, its status and the type of its problem; none when it is answered with counts.
type Case = (&'static str, Sent, u16, Option<&'static str>);

fn encoded(encoding: &'static str, sent: Sent) -> Sent {
    Sent {
        encoding: Some(encoding),
        ..sent
    }
}

/// One batch, however it is packed.
fn stored(lines: &str) -> Vec<Case> {
    let plain = || sent("b-1", lines);
    let packed = || sent("b-1", gzip(lines.as_bytes()));
    vec![
        ("new", plain(), 201, None),
        ("again", plain(), 200, None),
        ("again in gzip", encoded("gzip", packed()), 200, None),
        ("gzip without its header", packed(), 200, None),
    ]
}

async fn senders(lent: &Lent, lines: &str) -> Vec<Case> {
    let early = lent.device("SN-2", (1, 2), None).await;
    let late = lent.device("SN-3", (-2, -1), None).await;
    let ended = lent.device("SN-4", (-2, 2), Some(-1)).await;
    let of = |token: Option<&str>| Sent {
        token: Some(token.map(str::to_owned)),
        ..sent("t", lines)
    };
    let unauthorized = Some("unauthorized");
    let forbidden = Some("forbidden");
    vec![
        ("no token", of(None), 401, unauthorized),
        (
            "unknown token",
            of(Some("sonae_source_x")),
            401,
            unauthorized,
        ),
        ("before its period", of(Some(&early)), 403, forbidden),
        ("after its period", of(Some(&late)), 403, forbidden),
        ("ended", of(Some(&ended)), 403, forbidden),
    ]
}

fn contents(lines: &str) -> Vec<Case> {
    let nameless = Sent {
        id: None,
        ..sent("", "a\n")
    };
    let mut cut = gzip(lines.as_bytes());
    cut.truncate(cut.len() - 9);
    let bomb = gzip(&vec![b'a'; (64 << 20) + 1]);
    assert!(bomb.len() < LARGEST_SENT);
    let many = "a\n".repeat(MOST_LINES + 1);
    let (id, malformed, large) = (Some("batch-id"), Some("malformed"), Some("too-large"));
    let encoding = Some("unsupported-encoding");
    vec![
        (
            "other content",
            sent("b-1", "a\n"),
            409,
            Some("batch-id-reused"),
        ),
        ("no id", nameless, 400, id),
        ("an id without a letter", sent("", "a\n"), 400, id),
        ("an id in Japanese", sent("まとまり", "a\n"), 400, id),
        ("no line", sent("e", "\n \n"), 400, malformed),
        (
            "half a gzip",
            encoded("gzip", sent("e", cut)),
            400,
            malformed,
        ),
        ("no gzip", encoded("gzip", sent("e", lines)), 400, malformed),
        (
            "another encoding",
            encoded("br", sent("e", lines)),
            415,
            encoding,
        ),
        ("a bomb", encoded("gzip", sent("e", bomb)), 413, large),
        ("too many lines", sent("e", many), 413, large),
        (
            "too large",
            sent("e", vec![b'a'; LARGEST_SENT + 1]),
            413,
            large,
        ),
    ]
}

#[tokio::test]
async fn every_answer_is_as_described_and_only_good_batches_are_stored() {
    let lent = Lent::new(&["--no-rate-limit"]).await;
    let document = lent.office.get("/openapi.json").await.json();
    let lines = three(lent.now());
    let mut cases = stored(&lines);
    cases.extend(senders(&lent, &lines).await);
    cases.extend(contents(&lines));
    for (name, sent, status, kind) in cases {
        let reply = lent.send(sent).await;
        assert_eq!(reply.status.as_u16(), status, "{name}: {}", reply.text);
        openapi::check(&document, PATH, "post", &reply);
        let answer = reply.json();
        let Some(kind) = kind else {
            let counts = json!({ "batch_id": "b-1", "lines": 3, "detections": 1, "activities": 1, "unknown": 1 });
            assert_eq!(answer, counts, "{name}");
            continue;
        };
        assert_eq!(
            answer["type"],
            format!("urn:sonae:problem:{kind}"),
            "{name}"
        );
        let detail = answer["detail"].as_str().unwrap();
        assert!(detail.ends_with('。'), "{name}: {detail}");
    }
    assert_eq!(lent.counted().await, (1, 1, 1));
}

#[tokio::test]
async fn the_same_id_of_two_devices_is_two_batches() {
    let lent = Lent::new(&["--no-rate-limit"]).await;
    let other = lent.device("SN-2", (-1, 1), None).await;
    let first = lent.send(sent("same", three(lent.now()))).await;
    let second = Sent {
        token: Some(Some(other)),
        ..sent("same", alert(lent.now()))
    };
    let second = lent.send(second).await;
    assert_eq!((first.status.as_u16(), second.status.as_u16()), (201, 201));
    assert_eq!(lent.counted().await, (2, 1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn forty_at_once_with_the_same_batch_store_it_once() {
    let lent = std::sync::Arc::new(Lent::new(&["--no-rate-limit"]).await);
    let lines = three(lent.now());
    let tasks: Vec<_> = (0..40)
        .map(|_| {
            let (lent, lines) = (lent.clone(), lines.clone());
            tokio::spawn(async move { lent.send(sent("same", lines)).await })
        })
        .collect();
    let mut stored = 0;
    for task in tasks {
        let reply = task.await.unwrap();
        assert_eq!(reply.json()["lines"], 3, "{}", reply.text);
        stored += u32::from(reply.status == 201);
    }
    assert_eq!(stored, 1);
    assert_eq!(lent.counted().await, (1, 1, 1));
}

#[tokio::test]
async fn a_wrong_clock_counts_when_it_was_received() {
    let lent = Lent::new(&["--no-rate-limit"]).await;
    let year = SignedDuration::from_hours(365 * 24);
    let lines = format!("{}{}", alert(lent.now() - year), alert(lent.now() + year));
    let reply = lent.send(sent("b", lines)).await;
    assert_eq!(reply.json()["detections"], 2, "{}", reply.text);
    let (company, today) = (lent.company.clone(), Day::of(lent.now().as_microsecond()));
    let asked = lent.office.app.detections(move |detections| {
        let wanted = sonae_telemetry::questions::search::Wanted::all(&company, (today, today));
        detections.search(&wanted, None, 10, std::time::Duration::from_secs(5))
    });
    let hits = asked.await.unwrap().hits;
    assert_eq!(hits.len(), 2, "{hits:?}");
    for hit in hits {
        assert_eq!(hit.time_us, lent.now().as_microsecond());
        // What the device said is kept beside it.
        assert_ne!(hit.device_us, Some(hit.time_us));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn crowds_are_told_to_come_back_and_are_counted() {
    let lent = std::sync::Arc::new(Lent::new(&["--no-rate-limit"]).await);
    let document = lent.office.get("/openapi.json").await.json();
    let large = gzip(three(lent.now()).repeat(2_000).as_bytes());
    // Somebody holds the database, so that nothing is stored while batches come.
    let (begun, has_begun) = std::sync::mpsc::channel();
    let (go_on, may_go_on) = std::sync::mpsc::channel::<()>();
    let detections = lent.office.app.detections.clone();
    let holder = std::thread::spawn(move || {
        let work = |_: &mut sonae_db::Tx| {
            begun.send(()).unwrap();
            may_go_on.recv().unwrap();
            Ok::<_, sonae_telemetry::TelemetryError>(())
        };
        detections.get().unwrap().db().write(work)
    });
    has_begun.recv().unwrap();
    let ids: Vec<&'static str> = (0..120)
        .map(|number| &*Box::leak(format!("b-{number}").into_boxed_str()))
        .collect();
    let tasks: Vec<_> = ids
        .iter()
        .map(|id| {
            let (lent, body) = (lent.clone(), large.clone());
            let id = *id;
            tokio::spawn(async move { (id, lent.send(sent(id, body)).await) })
        })
        .collect();
    while lent.office.app.writer.counted().refused == 0 {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    go_on.send(()).unwrap();
    holder.join().unwrap().unwrap();
    let mut refused = Vec::new();
    for task in tasks {
        let (id, reply) = task.await.unwrap();
        match reply.status.as_u16() {
            201 => {}
            429 => {
                assert_eq!(reply.header("retry-after"), "2");
                openapi::check(&document, PATH, "post", &reply);
                refused.push(id);
            }
            _ => panic!("{}", reply.text),
        }
    }
    assert!(!refused.is_empty());
    for id in refused {
        let reply = lent.send(sent(id, large.clone())).await;
        assert_eq!(reply.status, 201, "{}", reply.text);
    }
    let each = 120 * 2_000;
    assert_eq!(lent.counted().await, (each, each, each));
    let metrics = lent.office.get("/metrics").await.text;
    for line in [
        "sonae_telemetry_batches_total{outcome=\"stored\"} 120",
        "sonae_telemetry_lines_total 720000",
        "sonae_telemetry_queue 0",
        "sonae_telemetry_queue_bytes 0",
    ] {
        assert!(metrics.lines().any(|one| one == line), "{line}\n{metrics}");
    }
}

#[tokio::test]
async fn a_database_that_cannot_be_opened_is_said_and_nothing_is_acknowledged() {
    let lent = Lent::new(&["--no-rate-limit"]).await;
    let document = lent.office.get("/openapi.json").await.json();
    let file = lent.office.app.config.data.data.join("detections.sqlite");
    std::fs::create_dir(&file).unwrap();
    let reply = lent.send(sent("b", three(lent.now()))).await;
    assert_eq!(reply.status, 503, "{}", reply.text);
    assert_eq!(reply.header("retry-after"), "2");
    openapi::check(&document, PATH, "post", &reply);
    std::fs::remove_dir(&file).unwrap();
    let reply = lent.send(sent("b", three(lent.now()))).await;
    assert_eq!(reply.status, 201, "{}", reply.text);
}

/// A line of a device stands in no answer and no list of metrics.
#[tokio::test]
async fn lines_are_kept_from_answers() {
    let lent = Lent::new(&["--no-rate-limit"]).await;
    let reply = lent.send(sent("b", three(lent.now()))).await;
    assert!(!reply.text.contains("203.0.113.9"));
    let metrics = lent.office.get("/metrics").await.text;
    assert!(!metrics.contains("SN-1") && !metrics.contains(&lent.number));
    assert_ne!(reply.json(), Value::Null);
}
