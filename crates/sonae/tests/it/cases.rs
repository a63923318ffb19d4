//! The list of cases: views, search, filters and who sees what.

mod many;

use serde_json::json;
use sonae::office::{Outcome, Request, act};
use sonae_core::access::StaffRole;
use sonae_core::flow::{Actor, Event};

use crate::office::{OPEN_R6, Office, R6, complete};
use crate::staff::signed_in::SignedIn;

/// Applications to the first programme from companies of these names; gives their receipt numbers.
async fn apply(office: &Office, names: &[&str]) -> Vec<String> {
    let mut numbers = Vec::new();
    for (n, name) in names.iter().enumerate() {
        let mut body = complete(R6);
        body["name"] = json!(name);
        body["corporate_number"] = json!(null);
        body["contact_phone"] = json!(format!("030000{n:04}"));
        body["contact_email"] = json!(format!("tanto@kaisha-{n}.example.jp"));
        let reply = office
            .apply(R6, &format!("key-{n}"), body.to_string())
            .await;
        assert_eq!(reply.status, 201, "{}", reply.text);
        let number = reply.json()["receipt_number"].as_str().map(str::to_owned);
        numbers.push(number.expect("a receipt number"));
    }
    numbers
}

async fn happen(office: &Office, receipt_number: &str, event: Event) {
    let request = Request {
        receipt_number: receipt_number.to_owned(),
        version: None,
        event,
        actor: Actor::Staff {
            id: "test".into(),
            role: StaffRole::Secretariat,
        },
    };
    let outcome = act::act(&office.app, request).await.expect("written");
    assert!(matches!(outcome, Outcome::Done(_)), "{outcome:?}");
}

/// The list at this address shows these companies in this order and nobody else.
#[track_caller]
fn shows(text: &str, address: &str, expected: &[&str]) {
    let shown: Vec<&str> = text
        .split("<td data-label=\"会社名\">")
        .skip(1)
        .filter_map(|rest| rest.split('<').next())
        .collect();
    assert_eq!(shown, expected, "{address}");
}

async fn check(office: &Office, person: &SignedIn, address: &str, expected: &[&str]) -> String {
    let reply = person.get(office, address).await;
    assert_eq!(reply.status, 200, "{address}");
    shows(&reply.text, address, expected);
    reply.text
}

const A: &str = "株式会社青嵐精密";
const B: &str = "若竹印刷有限会社";
const C: &str = "<b>夕凪&食堂";
const C_SHOWN: &str = "&#60;b&#62;夕凪&#38;食堂";

#[tokio::test]
async fn views_filters_and_search() {
    let office = Office::open(OPEN_R6);
    let numbers = apply(&office, &[A, B, C]).await;
    let person = office.sign_in(StaffRole::Secretariat).await;
    let me = Event::Assigned {
        to: Some(person.id.clone()),
    };
    happen(&office, &numbers[0], me).await;
    let reason = "x".to_owned();
    happen(&office, &numbers[1], Event::Withdrawn { reason }).await;

    for (query, expected) in [
        ("view=all", &[C_SHOWN, B, A][..]),
        ("view=all&sort=oldest", &[A, B, C_SHOWN]),
        ("view=all&sort=name", &[C_SHOWN, B, A]),
        ("view=mine", &[A]),
        ("view=unassigned", &[C_SHOWN]),
        ("view=closed", &[B]),
        ("view=contact", &[A, C_SHOWN]),
        ("view=overdue", &[]),
        ("view=nonsense&status=withdrawn", &[B]),
        ("person=me", &[A]),
        ("view=all&course=utm&person=nobody&status=open", &[C_SHOWN]),
        ("view=all&course=tm", &[]),
        ("view=all&program=x", &[]),
        ("q=%E7%B2%BE%E5%AF%86", &[A]),
        ("q=%28%E6%A0%AA%29%E9%9D%92%E5%B5%90", &[A]),
        ("q=03-0000-0001", &[B]),
        ("q=0002", &[C_SHOWN]),
        ("q=tanto%40kaisha-1", &[B]),
        ("q=zzz", &[]),
        ("q=%00%25_", &[]),
        ("view=mine&q=03", &[C_SHOWN, B, A]),
        ("view=all&status=open&q=03", &[C_SHOWN, A]),
        ("after=9:x&after=x", &[]),
    ] {
        check(
            &office,
            &person,
            &format!("/office/cases?{query}"),
            expected,
        )
        .await;
    }
    let by_number = format!("/office/cases?q={}", numbers[1].to_lowercase());
    let text = check(&office, &person, &by_number, &[B]).await;
    assert!(text.contains(&format!("/office/cases/{}", numbers[1])));
    let text = check(
        &office,
        &person,
        "/office/cases?view=contact",
        &[A, C_SHOWN],
    )
    .await;
    for words in [
        "残り3営業日",
        "R6.6.6(木)",
        "aria-current=\"page\"",
        "<strong>2件</strong>",
    ] {
        assert!(text.contains(words), "{words}");
    }
}

/// Three business days after the receipt is the sixth; on the tenth it is late by two.
#[tokio::test]
async fn late_cases_say_how_late() {
    let office = Office::open(OPEN_R6);
    apply(&office, &[A]).await;
    let office = office.reopen("2024-06-10T09:00:00+09:00");
    let person = office.sign_in(StaffRole::Secretariat).await;
    let text = check(&office, &person, "/office/cases", &[A]).await;
    assert!(text.contains("<span class=\"clock clock-late\">期限超過 2営業日</span>"));
    assert!(text.contains("badge badge-late"));
    check(&office, &person, "/office/cases?view=soon", &[]).await;
    check(&office, &person, "/office/cases?due=overdue", &[A]).await;
}

#[tokio::test]
async fn each_role_sees_its_cases() {
    let office = Office::open(OPEN_R6);
    let numbers = apply(&office, &[A, B]).await;
    let expert = office.sign_in(StaffRole::Expert).await;
    let to = Some(expert.id.clone());
    happen(&office, &numbers[0], Event::ExpertAssigned { to }).await;
    for (role, expected) in [
        (StaffRole::Secretariat, &[B, A][..]),
        (StaffRole::Sponsor, &[B, A]),
        (StaffRole::Expert, &[]),
        (StaffRole::Technician, &[]),
        (StaffRole::Desk, &[]),
    ] {
        let person = office.sign_in(role).await;
        for query in ["view=all", "q=03", "status=open&sort=newest"] {
            check(
                &office,
                &person,
                &format!("/office/cases?{query}"),
                expected,
            )
            .await;
        }
    }
    check(&office, &expert, "/office/cases?view=all", &[A]).await;
    check(&office, &expert, "/office/cases?q=03", &[A]).await;
}

#[tokio::test]
async fn a_long_list_is_read_page_by_page() {
    let office = Office::open(OPEN_R6);
    let names: Vec<String> = (0..52).map(|n| format!("会社{n:02}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    apply(&office, &names).await;
    let person = office.sign_in(StaffRole::Secretariat).await;
    let first = check(
        &office,
        &person,
        "/office/cases?view=all&sort=oldest",
        &names[..50],
    )
    .await;
    let next = first
        .split("rel=\"next\" href=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next());
    let next = next.expect("a way on").replace("&#38;", "&");
    let text = check(&office, &person, &next, &names[50..]).await;
    assert!(text.contains("最初のページ") && !text.contains("rel=\"next\""));
    let text = check(
        &office,
        &person,
        "/office/cases?q=%E4%BC%9A%E7%A4%BE&sort=oldest",
        &names[..50],
    )
    .await;
    assert!(text.contains("続けて入力すると絞り込めます"));
}
