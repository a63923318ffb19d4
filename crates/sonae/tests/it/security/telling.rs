//! What the program tells its operators holds nobody's name, address or search.
//!
//! Capturing is for the whole test binary, so every other test's lines pass here as well; only lines with these marks are kept.

use std::io::{self, Write};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};

use serde_json::json;
use sonae_core::access::StaffRole;
use tracing_subscriber::EnvFilter;

use crate::form::visitor::send;
use crate::office::{OPEN_R6, Office, R6, complete};

/// Words that stand in this test alone.
const NAME: &str = "秘匿堂株式会社";
const MAIL: &str = "himitsu-tarou";
const PHONE: &str = "0300009876";
const SEARCHED: &str = "himegoto";
const TOLD: &str = "naisho-no-hanashi";
const MARKS: [&str; 5] = [NAME, MAIL, PHONE, SEARCHED, TOLD];

static LINES: AtomicUsize = AtomicUsize::new(0);
static KEPT: Mutex<Vec<String>> = Mutex::new(Vec::new());

#[derive(Clone, Copy)]
struct Watch;

impl Write for Watch {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LINES.fetch_add(1, Relaxed);
        let text = String::from_utf8_lossy(bytes);
        let encoded =
            |mark: &str| form_urlencoded::byte_serialize(mark.as_bytes()).collect::<String>();
        if MARKS
            .iter()
            .any(|mark| text.contains(mark) || text.contains(&encoded(mark)))
        {
            let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
            kept.push(text.into_owned());
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn nobody_is_named_in_what_is_told() {
    let started = tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new("trace"))
        .with_writer(|| Watch)
        .try_init();
    started.expect("nothing else listens in this binary");
    let office = Office::open_with(OPEN_R6, &["--no-rate-limit"]);
    let mut body = complete(R6);
    body["name"] = json!(NAME);
    body["contact_email"] = json!(format!("{MAIL}@kaisha.example.jp"));
    body["contact_phone"] = json!(PHONE);
    let received = office.apply(R6, "k", body.to_string()).await;
    assert_eq!(received.status, 201, "{}", received.text);
    let url = received.json()["status_url"].as_str().map(str::to_owned);
    let url = url.expect("a link");
    let link = url
        .strip_prefix(&office.app.base_url)
        .expect("our own")
        .to_owned();
    body["employees"] = json!(NAME);
    office.apply(R6, "k2", body.to_string()).await;
    office.apply(R6, NAME, format!("{{{NAME}")).await;
    let number = received.json()["receipt_number"]
        .as_str()
        .map(str::to_owned);
    let number = number.expect("a receipt");
    send(
        &office,
        "/sign-in",
        &format!("email={MAIL}@kaisha.example.jp"),
    )
    .await;
    send(
        &office,
        &format!("{link}/messages"),
        &format!("text={TOLD}"),
    )
    .await;
    send(&office, &format!("/applications/{NAME}/x"), "").await;
    work(&office, &number).await;
    tracing::info!("the capture works: {TOLD}");
    let kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner).clone();
    assert!(LINES.load(Relaxed) > 1, "something is told");
    let (ours, others): (Vec<_>, Vec<_>) = kept
        .iter()
        .partition(|line| line.contains("the capture works"));
    assert_eq!(ours.len(), 1, "the capture is live");
    assert_eq!(others, Vec::<&String>::new());
}

/// What somebody of the secretariat opens and writes.
async fn work(office: &Office, number: &str) {
    let person = office.sign_in(StaffRole::Secretariat).await;
    let case = format!("/office/cases/{number}");
    for path in [
        format!("/office/cases?q={SEARCHED}"),
        format!("/office/cases?view=all&q={MAIL}&after={MAIL}"),
        format!("/office/earlier-support?q={SEARCHED}"),
        format!("/office/{SEARCHED}?q={SEARCHED}"),
        format!("/office/mails/in/{SEARCHED}"),
        case.clone(),
    ] {
        person.get(office, &path).await;
        office.get(&path).await;
    }
    let message = [
        ("subject", TOLD),
        ("text", TOLD),
        ("version", "0"),
        ("step", "act"),
    ];
    person
        .post(office, &format!("{case}/message"), &message)
        .await;
    person
        .post(office, &format!("{case}/note"), &[("text", TOLD)])
        .await;
    let export = [("q", SEARCHED), ("format", "csv")];
    person.post(office, "/office/cases/export", &export).await;
}
