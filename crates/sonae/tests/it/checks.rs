//! The daily check: the sheet, judging, suppressing, signing, handing on to the desk, days that wait, and who may.

mod pages;
pub(crate) mod removed;
mod way;

use sonae::office::checks::compare::compare;
use sonae_core::access::StaffRole;
use sonae_core::flow::{Actor, Event};
use sonae_store::telemetry_source::{self, Kind, Source};
use sonae_telemetry::batch::{self, Batch, Origin};
use sonae_telemetry::block::Packer;
use sonae_telemetry::device_clock::Arrival;
use sonae_telemetry::formats;
use sonae_telemetry::time::Receipt;

use crate::office::Reply;
use crate::papers::Desk;
use crate::staff::signed_in::SignedIn;

/// The day before the office's clock, on which the sheet opens.
pub(crate) const DAY: &str = "2024-06-02";

/// An office with a confirmed participant whose device is watched since the first of June, and two technicians to whom it is assigned.
pub(crate) struct Checks {
    pub(crate) desk: Desk,
    pub(crate) technician: SignedIn,
    other: SignedIn,
    batches: std::cell::Cell<u32>,
}

impl Checks {
    pub(crate) async fn new() -> Checks {
        Checks::with(&[]).await
    }

    /// The same on PostgreSQL, in a schema of its own.
    pub(crate) async fn on_postgres(name: &str) -> Checks {
        let base = std::env::var("SONAE_TEST_POSTGRES").unwrap_or_else(|_| {
            panic!("SONAE_TEST_POSTGRES is not set; run the tests with `cargo xtask test`, which starts PostgreSQL")
        });
        let name = format!("{name}_{}", std::process::id());
        let url = sonae_telemetry::contract::empty_schema(&base, &name);
        let url = url.expect("the server answers");
        Checks::with(&["--database", &url]).await
    }

    async fn with(flags: &[&str]) -> Checks {
        let desk = Desk::with(flags).await;
        let technician = desk.office.sign_in(StaffRole::Technician).await;
        let other = desk.office.sign_in(StaffRole::Technician).await;
        let secretary = || Actor::Staff {
            id: "a".to_owned(),
            role: StaffRole::Secretariat,
        };
        let to = |person: &SignedIn| Some(person.id.clone());
        for event in [
            Event::Assigned {
                to: to(&technician),
            },
            Event::ExpertAssigned { to: to(&other) },
        ] {
            let request = sonae::office::Request {
                receipt_number: desk.number.clone(),
                version: None,
                event,
                actor: secretary(),
            };
            let done = sonae::office::act::act(&desk.office.app, request).await;
            assert!(matches!(done, Ok(sonae::office::Outcome::Done(_))));
        }
        let checks = Checks {
            desk,
            technician,
            other,
            batches: std::cell::Cell::new(0),
        };
        checks.watch(("1", "2024-06-01", "2024-07-01"));
        checks
    }

    pub(crate) fn company(&self) -> String {
        self.desk.stored().application_id
    }

    /// Watches the device from a day until another, the second no longer in it, under a digit of its own.
    pub(crate) fn watch(&self, (digit, from, until): (&str, &str, &str)) {
        let instant = |day: &str| {
            let midnight = format!("{day}T00:00:00+09:00");
            midnight.parse().expect("an instant")
        };
        let source = Source {
            id: format!("00000000-0000-7000-8000-00000000000{digit}"),
            application_id: self.company(),
            kind: Kind::Utm,
            product: "見本のUTM".to_owned(),
            serial: "SN-1".to_owned(),
            from: instant(from),
            until: instant(until),
            created_by: "command".to_owned(),
            created_at: instant(from),
            ended_at: None,
        };
        let db = &self.desk.office.app.db;
        db.write(|tx| telemetry_source::add(tx, &source, digit))
            .expect("registered");
    }

    /// Lines of the device, durably stored.
    pub(crate) fn heard(&self, lines: &[String]) {
        let app = &self.desk.office.app;
        let received_us = app.clock.now().as_microsecond();
        let number = self.batches.get() + 1;
        self.batches.set(number);
        let source = batch::Source {
            id: "s".to_owned(),
            company: self.company(),
            device: "SN-1".to_owned(),
        };
        let origin = Origin::Sent {
            batch_id: format!("b{number}"),
            hash: [number as u8; 32],
        };
        let arrival = Arrival {
            received_us,
            live: false,
        };
        let mut packer = Packer::new();
        let mut batch = Batch::begin(source, origin, arrival, &mut packer);
        for line in lines {
            let read = formats::read(line, None, Receipt::in_japan(received_us));
            batch.add(&read.record, line.as_bytes());
        }
        let stored = app
            .detections
            .get()
            .expect("opened")
            .store(&[batch.prepare()]);
        assert!(stored.iter().all(Result::is_ok));
    }

    /// A detection that is grave and was let through, or was blocked.
    pub(crate) fn detected(&self, day: &str, action: &str, signature: u32) {
        self.heard(&[format!(
            r#"{{"timestamp":"{day}T09:00:00.000000+0900","flow_id":1,"event_type":"alert","src_ip":"203.0.113.66","src_port":50443,"dest_ip":"192.0.2.10","dest_port":80,"proto":"TCP","alert":{{"action":"{action}","gid":1,"signature_id":{signature},"rev":1,"signature":"EXAMPLE <b>{signature}</b>","category":"Attempted Administrator Privilege Gain","severity":1}}}}"#
        )]);
    }

    /// The same signature in the afternoon, stopped so many times.
    fn stopped_afterwards(&self, day: &str, signature: u32, times: u32) {
        let line = |second: u32| {
            let (minute, second) = (second / 60, second % 60);
            format!(
                r#"{{"timestamp":"{day}T15:{minute:02}:{second:02}.000000+0900","flow_id":1,"event_type":"alert","src_ip":"203.0.113.66","src_port":50443,"dest_ip":"192.0.2.10","dest_port":80,"proto":"TCP","alert":{{"action":"blocked","gid":1,"signature_id":{signature},"rev":1,"signature":"EXAMPLE <b>{signature}</b>","category":"Attempted Administrator Privilege Gain","severity":1}}}}"#
            )
        };
        let lines: Vec<String> = (0..times).map(line).collect();
        self.heard(&lines);
    }

    /// A line that is no detection.
    pub(crate) fn alive(&self, day: &str) {
        self.heard(&[format!(
            r#"{{"timestamp":"{day}T09:00:08.000000+0900","flow_id":8,"event_type":"flow","src_ip":"192.0.2.11","dest_ip":"198.51.100.1","proto":"TCP","flow":{{"pkts_toserver":1,"pkts_toclient":1,"state":"closed","reason":"timeout","alerted":false}}}}"#
        )]);
    }

    fn compare(&self) -> u64 {
        compare(&self.desk.office.app).expect("compared")
    }

    fn path(&self, below: &str) -> String {
        format!("/office/checks/{DAY}/{}{below}", self.desk.number)
    }

    async fn get(&self, who: &SignedIn, path: &str) -> Reply {
        who.get(&self.desk.office, path).await
    }

    async fn page(&self, path: &str) -> String {
        let reply = self.get(&self.technician, path).await;
        assert_eq!(reply.status, 200, "{path}: {}", reply.text);
        reply.text
    }

    async fn post(&self, who: &SignedIn, path: &str, fields: &[(&str, &str)]) -> Reply {
        who.post(&self.desk.office, path, fields).await
    }

    /// Sends a form of the technician's and gives the page after it.
    async fn does(&self, path: &str, fields: &[(&str, &str)]) -> String {
        let reply = self.post(&self.technician, path, fields).await;
        assert_eq!(reply.status, 303, "{path}: {}", reply.text);
        let after = self.technician.follow(&self.desk.office, &reply).await;
        assert_eq!(after.status, 200, "{path}");
        after.text
    }

    /// Sends a form that is refused with a sentence.
    async fn refuses(&self, path: &str, fields: &[(&str, &str)], sentence: &str) -> String {
        let reply = self.post(&self.technician, path, fields).await;
        assert_eq!(reply.status, 422, "{path}: {}", reply.text);
        check(&reply.text, &[sentence], &[]);
        reply.text
    }

    /// The value of a row's button.
    fn button(&self, version: i64, lines: i64, state: &str) -> String {
        format!("{}@{version}@{lines}@{state}", self.desk.number)
    }
}

/// The key of the first finding of a page.
fn key(page: &str) -> String {
    let at = page.find("?group=").expect("a finding");
    page[at + 7..at + 39].to_owned()
}

#[track_caller]
fn check(page: &str, pieces: &[&str], not: &[&str]) {
    for piece in pieces {
        assert!(page.contains(piece), "{piece} is missing in {page}");
    }
    for piece in not {
        assert!(!page.contains(piece), "{piece} is there: {page}");
    }
}
