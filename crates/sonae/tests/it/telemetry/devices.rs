//! The devices of a company on the office's pages: registered, told a token once, heard, renewed, ended.

use jiff::SignedDuration;
use serde_json::Value;
use sonae_core::access::StaffRole;
use sonae_store::telemetry_silence::How;
use sonae_store::telemetry_watch::Refused;
use sonae_store::{StoreError, audit, telemetry_port, telemetry_silence, telemetry_watch};

use super::push::{Lent, sent_by, three};
use crate::office::Reply;
use crate::staff::signed_in::SignedIn;

struct Page {
    lent: Lent,
    person: SignedIn,
}

impl Page {
    async fn new() -> Page {
        let lent = Lent::new(&["--no-rate-limit"]).await;
        let person = lent.office.sign_in(StaffRole::Secretariat).await;
        Page { lent, person }
    }

    fn path(&self, below: &str) -> String {
        format!("/office/cases/{}/devices{below}", self.lent.number)
    }

    async fn get(&self, below: &str) -> Reply {
        self.person.get(&self.lent.office, &self.path(below)).await
    }

    async fn post(&self, below: &str, fields: &[(&str, &str)]) -> Reply {
        let path = self.path(below);
        self.person.post(&self.lent.office, &path, fields).await
    }

    /// The id of the device with this serial number.
    async fn id(&self, serial: &str) -> String {
        let company = self.lent.company.clone();
        let read = self
            .lent
            .office
            .app
            .read(move |tx| sonae_store::telemetry_source::of_application(tx, &company));
        let sources = read.await.unwrap().into_iter();
        let mut named = sources.filter(|source| source.serial == serial);
        named.next().expect("a device").id
    }
}

/// The token that a page shows.
fn token(reply: &Reply) -> String {
    assert_eq!(reply.status, 200, "{}", reply.text);
    let after = reply.text.split("<p class=\"secret\">").nth(1);
    let token = after.and_then(|text| text.split('<').next());
    token.expect("a token").to_owned()
}

const GOOD: [(&str, &str); 5] = [
    ("kind", "utm"),
    ("product", "<見本>のUTM"),
    ("serial", "SN-9"),
    ("from", "令和6年6月1日"),
    ("to", "2024-08-31"),
];

#[tokio::test]
async fn mistakes_come_back_at_their_fields() {
    let page = Page::new().await;
    let with = |field: &str, value: &'static str| {
        GOOD.map(|(name, good)| (name, if name == field { value } else { good }))
    };
    for (field, value, sentence) in [
        ("kind", "toaster", "UTMかEDRかを選んでください。"),
        ("product", "", "製品の名前を書いてください。"),
        ("serial", " ", "製造番号を書いてください。"),
        ("from", "あした", "日付"),
        ("to", "2024-05-31", "最後の日が、最初の日より前です。"),
        ("to", "2034-05-31", "期間が長すぎます。"),
    ] {
        let reply = page.post("/new", &with(field, value)).await;
        assert_eq!(reply.status, 422, "{field}");
        assert!(reply.text.contains(sentence), "{sentence}\n{}", reply.text);
        assert!(reply.text.contains("エラー："), "{field}");
        if field != "serial" {
            assert!(reply.text.contains("SN-9"), "what was typed is kept");
        }
    }
    let none = page.get("").await;
    assert!(!none.text.contains("SN-9"));
}

#[tokio::test]
async fn a_device_is_registered_heard_renewed_and_ended() {
    let page = Page::new().await;
    let lines = three(page.lent.now());
    assert_eq!(page.get("/new").await.status, 200);
    let first = token(&page.post("/new", &GOOD).await);
    let list = page.get("").await.text;
    assert!(list.contains("&#60;見本&#62;のUTM") && list.contains("受付中"));
    assert!(list.contains("まだありません") && !list.contains(&first));
    let reply = page.lent.send(sent_by(&first, "b-1", &lines)).await;
    assert_eq!(reply.status, 201, "{}", reply.text);
    let list = page.get("").await.text;
    assert!(list.contains("3行(読めない行 1行)"), "{list}");
    let device = page.id("SN-9").await;
    let second = token(&page.post(&format!("/{device}/token"), &[]).await);
    for (token, status) in [(&first, 401), (&second, 200)] {
        let reply = page.lent.send(sent_by(token, "b-1", &lines)).await;
        assert_eq!(reply.status.as_u16(), status, "{}", reply.text);
    }
    for _ in 0..2 {
        let reply = page.post(&format!("/{device}/end"), &[]).await;
        assert_eq!(reply.status, 303);
    }
    let reply = page.lent.send(sent_by(&second, "b-2", &lines)).await;
    assert_eq!(reply.status, 403);
    assert!(page.get("").await.text.contains("終了"));
    let renewed = page.post(&format!("/{device}/token"), &[]).await;
    assert_eq!(renewed.status, 303, "what was ended has no token");
    let read = (page.lent.office.app).read(|tx| audit::before(tx, i64::MAX, 50));
    let entries = read.await.unwrap();
    let mut told: Vec<String> = (entries.iter())
        .map(|entry| serde_json::from_str::<Value>(&entry.line).unwrap())
        .filter(|entry| entry["subject"] == device.as_str())
        .inspect(|entry| assert!(entry.to_string().contains(&page.person.id), "{entry}"))
        .map(|entry| entry["action"].as_str().unwrap().to_owned())
        .collect();
    told.sort_unstable();
    let expected = ["added", "ended", "renewed"].map(|word| format!("telemetry_source.{word}"));
    assert_eq!(told, expected);
}

#[tokio::test]
async fn a_device_of_another_company_is_none_of_this_case() {
    let page = Page::new().await;
    let other = page.lent.other_company("key-0002").await;
    let device = page.id("SN-1").await;
    for what in ["end", "token"] {
        let path = format!("/office/cases/{other}/devices/{device}/{what}");
        let reply = page.person.post(&page.lent.office, &path, &[]).await;
        assert_eq!(reply.status, 404, "{what}");
    }
    let path = format!("/office/cases/{other}/devices/{device}");
    assert_eq!(page.person.get(&page.lent.office, &path).await.status, 404);
    assert_eq!(
        page.lent.send(super::push::sent("b", "a\n")).await.status,
        201
    );
}

#[tokio::test]
async fn a_device_tells_where_it_sends_and_what_was_not_taken() {
    let page = Page::new().await;
    let token = token(&page.post("/new", &GOOD).await);
    let device = page.id("SN-9").await;
    let below = format!("/{device}");
    assert!(page.get("").await.text.contains(&page.path(&below)));
    let before = page.get(&below).await;
    assert_eq!(before.status, 200, "{}", before.text);
    for sentence in [
        "syslogのポートは割り当てていません",
        "まだありません",
        "/api/v1/telemetry/batches",
        "12時間、何も届かないと",
        "お知らせしたことは、まだありません",
    ] {
        assert!(
            before.text.contains(sentence),
            "{sentence}\n{}",
            before.text
        );
    }
    let now = page.lent.now();
    let written = page.lent.office.app.write(move |tx| {
        telemetry_port::assign(tx, &device, 20_000..=20_009, "192.0.2.0/24", now)?;
        let refused = |why: &str, lines, peer: &str| Refused {
            day: sonae::telemetry::ledger::day_of(now),
            why: why.to_owned(),
            lines,
            last_at: now,
            last_peer: peer.to_owned(),
        };
        telemetry_watch::add_refused(tx, &device, &refused("peer", 1_234, "198.51.100.7"))?;
        telemetry_watch::add_refused(tx, &device, &refused("full", 9, ""))?;
        let at = |hours| now - SignedDuration::from_hours(hours);
        telemetry_silence::raise(tx, &device, at(90), at(78))?;
        telemetry_silence::end(tx, &device, How::Heard, at(70))?;
        telemetry_silence::raise(tx, &device, at(30), at(18))?;
        Ok::<_, StoreError>(())
    });
    written.await.unwrap();
    let alert = format!(
        r#"{{"timestamp":"{now}","event_type":"alert","src_ip":"203.0.113.9","dest_ip":"192.0.2.10","alert":{{"action":"<pondered>","signature_id":1,"signature":"A sample","severity":1}}}}"#
    );
    let lines = format!("{alert}\nこれは何でもない行です\n");
    let reply = page.lent.send(sent_by(&token, "b-1", &lines)).await;
    assert_eq!(reply.status, 201, "{}", reply.text);
    let after = page.get(&below).await.text;
    for sentence in [
        "ポート <code>20000</code>",
        "192.0.2.0/24 だけ",
        "このポートで待ち受けていません",
        "登録と違うアドレスから来た",
        "1,234",
        "198.51.100.7",
        "一度に多く来て、受け取りきれなかった",
        "に、また届きました",
        "続いています",
        "2行(読めない行 1行)",
        "<li>知らない形式 1行</li>",
        "<code>&#60;pondered&#62;</code>",
    ] {
        assert!(after.contains(sentence), "{sentence}\n{after}");
    }
}
