//! Detections on the office's pages: found by every filter, paged, with the line as it came; nothing that is looked for stands in an address.

use sonae_core::access::StaffRole;

use super::push::{Lent, alert, sent, three};
use crate::office::Reply;
use crate::staff::signed_in::SignedIn;

async fn stored() -> (Lent, SignedIn) {
    let lent = Lent::new(&["--no-rate-limit"]).await;
    let lines = format!("{}{}", three(lent.now()), "<script>alert(1)</script>\n");
    let reply = lent.send(sent("b", lines)).await;
    assert_eq!(reply.status, 201, "{}", reply.text);
    let person = lent.office.sign_in(StaffRole::Secretariat).await;
    (lent, person)
}

async fn ask(lent: &Lent, person: &SignedIn, fields: &[(&str, &str)]) -> Reply {
    let path = format!("/office/cases/{}/detections", lent.number);
    person.post(&lent.office, &path, fields).await
}

const DAYS: [(&str, &str); 2] = [("from", "2024-06-01"), ("to", "令和6年6月30日")];
const TITLE: &str = "ET SCAN invented";

#[tokio::test]
async fn every_filter_finds_and_leaves_out() {
    let (lent, person) = stored().await;
    for (field, hit, miss) in [
        ("address", "203.0.113.9", "203.0.113.8"),
        ("rule", "1:2000001", "1:2000002"),
        ("text", "et scan", "et nothing"),
        ("action", "blocked", "allowed"),
        ("severity", "low", "critical"),
        ("device", "SN-1", "SN-2"),
    ] {
        for (value, is_hit) in [(hit, true), (miss, false)] {
            let fields = [DAYS[0], DAYS[1], (field, value)];
            let reply = ask(&lent, &person, &fields).await;
            assert_eq!(reply.status, 200, "{field} {value}");
            assert_eq!(
                reply.text.contains(TITLE),
                is_hit,
                "{field} {value}\n{}",
                reply.text
            );
            assert!(reply.text.contains("を見ました。"), "what was covered");
        }
    }
    let early = [("from", "2024-05-01"), ("to", "2024-05-31")];
    let reply = ask(&lent, &person, &early).await;
    assert!(!reply.text.contains(TITLE) && reply.text.contains("読めない行はありません"));
    for (from, to) in [("あした", "2024-06-30"), ("2024-06-30", "2024-06-01")] {
        let reply = ask(&lent, &person, &[("from", from), ("to", to)]).await;
        assert_eq!(reply.status, 422);
        assert!(reply.text.contains("エラー："));
    }
}

#[tokio::test]
async fn a_line_is_shown_as_it_came_and_unread_ones_are_counted() {
    let (lent, person) = stored().await;
    let path = format!("/office/cases/{}/detections", lent.number);
    let list = person.get(&lent.office, &path).await.text;
    assert!(list.contains("知らない形式 2行"), "{list}");
    assert!(list.contains("これは何でもない行です"));
    assert!(list.contains("&#60;script&#62;") && !list.contains("<script>alert"));
    let href = list.split("data-open href=\"").nth(1).expect("a line");
    let href = href.split('"').next().expect("its address").to_owned();
    assert!(!href.contains("203.0.113"), "{href}");
    let line = person.get(&lent.office, &href).await;
    assert_eq!(line.status, 200, "{}", line.text);
    for piece in [
        "ET SCAN invented",
        "遮断",
        "203.0.113.9",
        "signature_id",
        "SN-1",
    ] {
        assert!(line.text.contains(piece), "{piece}\n{}", line.text);
    }
    for nonsense in ["0/1", "99999999999999/1", "x/y", "-5/1", "19900/1"] {
        let reply = person
            .get(&lent.office, &format!("{path}/{nonsense}"))
            .await;
        assert_eq!(reply.status, 404, "{nonsense}");
    }
}

#[tokio::test]
async fn pages_follow_each_other_and_meet_every_line_once() {
    let (lent, person) = stored().await;
    let lines = alert(lent.now()).repeat(120);
    assert_eq!(lent.send(sent("many", lines)).await.status, 201);
    let (mut after, mut seen, mut pages) = (String::new(), Vec::new(), 0);
    loop {
        let fields = [DAYS[0], DAYS[1], ("after", after.as_str())];
        let reply = ask(&lent, &person, &fields).await;
        let hrefs = reply.text.split("data-open href=\"").skip(1);
        seen.extend(hrefs.map(|rest| rest.split('"').next().unwrap_or_default().to_owned()));
        pages += 1;
        let next = reply.text.split("name=\"after\" value=\"").nth(1);
        match next.and_then(|rest| rest.split('"').next()) {
            Some(next) => after = next.to_owned(),
            None => break,
        }
    }
    assert_eq!((seen.len(), pages), (121, 3));
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 121);
}

#[tokio::test]
async fn one_address_is_looked_for_in_cases_that_are_hers() {
    let (lent, secretary) = stored().await;
    let technician = lent.office.sign_in(StaffRole::Technician).await;
    for (person, address, is_found) in [
        (&secretary, "203.0.113.9", true),
        (&secretary, "203.0.113.1", false),
        (&secretary, "nowhere", false),
        // The case is not hers, so it is as if it had nothing.
        (&technician, "203.0.113.9", false),
    ] {
        let fields = [("address", address)];
        let reply = person
            .post(&lent.office, "/office/detections", &fields)
            .await;
        assert_eq!(reply.status, 200, "{address}");
        assert_eq!(reply.text.contains(&lent.number), is_found, "{address}");
    }
    let reply = secretary
        .post(&lent.office, "/office/detections", &[])
        .await;
    assert_eq!(reply.status, 422);
    assert!(
        reply
            .text
            .contains("探すアドレスかホスト名を書いてください。")
    );
}
