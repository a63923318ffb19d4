//! Devices that fall silent: raised once, told by mail and on the list of cases, ended by the next line.

use jiff::{SignedDuration, Timestamp};
use sonae::jobs::watch_devices::{self, Changed};
use sonae_core::access::StaffRole;
use sonae_store::telemetry_silence::{self, How, Silence};
use sonae_store::telemetry_source::{self, Kind, Source};
use sonae_store::{StoreError, outbox, telemetry_watch};

use crate::office::{OPEN_R6, Office, R6, complete};

/// An office with a company that was lent these devices for ten days from now on.
async fn lent(devices: &[(&'static str, Kind)]) -> (Office, String) {
    let office = Office::open(OPEN_R6);
    let reply = office.apply(R6, "key-0001", complete(R6).to_string()).await;
    let number = reply.json()["receipt_number"].as_str().unwrap().to_owned();
    let (asked, now) = (number.clone(), office.app.clock.now());
    let devices = devices.to_vec();
    let write = office.app.write(move |tx| {
        let stored = sonae_store::case::by_receipt(tx, &asked)?.expect("it was received");
        for (id, kind) in &devices {
            let source = Source {
                id: (*id).to_owned(),
                application_id: stored.application_id.clone(),
                kind: *kind,
                product: "FortiGate 60F".to_owned(),
                serial: format!("SN-{id}"),
                from: now,
                until: now + SignedDuration::from_hours(240),
                created_by: "command".to_owned(),
                created_at: now,
                ended_at: None,
            };
            telemetry_source::add(tx, &source, id)?;
        }
        Ok(())
    });
    write.await.unwrap();
    (office, number)
}

fn silences(office: &Office, id: &str) -> Vec<Silence> {
    let read = office
        .app
        .db
        .read(|tx| telemetry_silence::of_source(tx, id));
    read.unwrap()
}

fn mails(office: &Office) -> Vec<(String, String)> {
    let queued = office.app.db.read(|tx| outbox::in_state(tx, "queued", 99));
    // Mails to staff stand in no list; they are leased as the job does.
    assert!(queued.unwrap().iter().all(|one| !one.is_to_staff()));
    let now = office.app.clock.now() + SignedDuration::from_hours(1_000);
    let leased = (office.app.db)
        .write(|tx| outbox::lease(tx, now, SignedDuration::from_mins(1), 99))
        .unwrap();
    let to_staff = leased
        .into_iter()
        .filter(|one| one.mail.mail == "staff_devices_silent");
    let read = |content: &[u8]| sonae::mail::reading::read(content).body;
    to_staff
        .map(|one| (one.mail.recipient, read(&one.mail.content)))
        .collect()
}

/// Each of two devices was told of in a mail of its own, to the secretary and nobody else.
fn told(office: &Office, secretary: &str, number: &str) {
    let sent = mails(office);
    assert_eq!(
        sent.len(),
        2,
        "the technician works on no such case: {sent:?}"
    );
    let address = format!("{secretary}@office.example.jp");
    for ((to, text), words) in sent.iter().zip([
        ["SN-a", "最後に届いたのは 令和6年6月3日(月) 11時00分"],
        ["SN-b", "から、まだ一度も届いていません"],
    ]) {
        assert_eq!(*to, address);
        let mut words = [number].into_iter().chain(words);
        assert!(words.all(|word| text.contains(word)), "{text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silence_is_told_once_and_ends_with_the_next_line() {
    let (office, number) = lent(&[("a", Kind::Utm), ("b", Kind::Utm), ("c", Kind::Edr)]).await;
    let secretary = office.sign_in(StaffRole::Secretariat).await;
    office.sign_in(StaffRole::Technician).await;
    let start = office.app.clock.now();
    let at = move |hours: i64| start + SignedDuration::from_hours(hours);
    let round = |hours: i64| {
        let app = office.app.clone();
        tokio::task::spawn_blocking(move || watch_devices::round(&app, at(hours)))
    };
    let changed = |raised, ended| Changed { raised, ended };
    office.app.ledger.heard("a", at(1));
    office.app.ledger.heard("c", at(1));
    for (hours, expected) in [
        (12, changed(0, 0)),
        (13, changed(1, 0)),
        (14, changed(0, 0)),
        (24, changed(1, 0)),
        (25, changed(0, 0)),
    ] {
        assert_eq!(
            round(hours).await.unwrap().unwrap(),
            expected,
            "hour {hours}"
        );
    }
    let open = |since: Timestamp, raised: i64| Silence {
        source_id: String::new(),
        since,
        raised_at: at(raised),
        ended: None,
    };
    for (id, expected) in [("a", open(at(1), 13)), ("b", open(at(0), 24))] {
        let source_id = id.to_owned();
        assert_eq!(
            silences(&office, id),
            [Silence {
                source_id,
                ..expected
            }]
        );
    }
    let quiet = silences(&office, "c");
    assert_eq!(quiet, [], "it speaks when it finds something");
    told(&office, &secretary.id, &number);
    let page = secretary.get(&office, "/office/cases").await;
    assert!(page.text.contains("ログの届かない機器が2台あります") && page.text.contains("SN-a"));
    // One speaks again, the other is ended.
    office.app.ledger.heard("a", at(26));
    let ended = office
        .app
        .db
        .write(|tx| telemetry_source::end(tx, "b", at(26)));
    assert!(ended.unwrap());
    assert_eq!(round(27).await.unwrap().unwrap(), changed(0, 2));
    assert_eq!(silences(&office, "a")[0].ended, Some((at(27), How::Heard)));
    assert_eq!(silences(&office, "b")[0].ended, Some((at(27), How::Over)));
    let page = secretary.get(&office, "/office/cases").await;
    assert!(!page.text.contains("ログの届かない機器"));
    // It falls silent another time, which is another row.
    assert_eq!(round(38).await.unwrap().unwrap(), changed(1, 0));
    assert_eq!(silences(&office, "a").len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_office_sets_the_hours_of_a_device() {
    let (office, _) = lent(&[("a", Kind::Utm)]).await;
    let start = office.app.clock.now();
    let at = move |hours: i64| start + SignedDuration::from_hours(hours);
    let set = office.app.db.write(|tx| {
        telemetry_watch::set_silent_after(tx, "a", 3)?;
        telemetry_watch::heard(tx, "a", at(1))
    });
    set.unwrap();
    let raised = |hours: i64| -> Result<usize, StoreError> {
        Ok(watch_devices::round(&office.app, at(hours))?.raised)
    };
    assert_eq!(
        (raised(3).unwrap(), raised(4).unwrap(), raised(5).unwrap()),
        (0, 1, 0)
    );
}
