//! The private link: wrong, old, another company's; and how a new one is asked for.

use std::time::Duration;

use axum::http::StatusCode;
use sonae::mail::reading;
use sonae_core::flow::{Actor, Event};
use sonae_store::outbox::{self, Kept};

use super::stand::{OPEN_R7, Stand, secretary};
use crate::form::visitor::{followed, send, shows};
use crate::office::{Office, R7, complete};

const PAGES: [&str; 14] = [
    "",
    "agree",
    "questionnaire",
    "questionnaire/confirm",
    "correct",
    "offer/csirt",
    "messages",
    "diagnosis",
    "receipt",
    "papers",
    "papers/checks",
    "papers/ledger.xlsx",
    "papers/tables/people",
    "papers/answers/csirt-regulation/1",
];

async fn links_mailed(stand: &Stand) -> Vec<Kept> {
    let id = stand.stored().await.application_id;
    let read = stand
        .office
        .app
        .read(move |tx| outbox::of_application(tx, &id));
    let mut mails = read.await.expect("readable");
    mails.retain(|kept| kept.mail.mail == "private_link");
    mails
}

/// The path in the last mail with a link.
async fn mailed_path(stand: &Stand) -> String {
    let mails = links_mailed(stand).await;
    let mail = reading::read(&mails.last().expect("a mail").mail.content);
    let base = &stand.office.app.base_url;
    let url = mail
        .body
        .lines()
        .find_map(|line| line.strip_prefix(base.as_str()));
    url.expect("a link of ours").to_owned()
}

#[tokio::test]
async fn wrong_and_foreign_links_open_nothing_and_look_the_same() {
    let office = Office::open_with(OPEN_R7, &["--no-rate-limit"]);
    let stand = Stand::in_office(office, R7, None).await;
    let office = &stand.office;
    let other = office.apply(R7, "other", complete(R7).to_string()).await;
    let other = other.json();
    let other = other["receipt_number"].as_str().expect("a number");
    let token = stand.path.rsplit('/').next().expect("a token");
    let zeros = "0".repeat(32);
    let unknown = office
        .get(&format!("/applications/KT-333-334/{zeros}"))
        .await;
    shows(
        &unknown,
        StatusCode::NOT_FOUND,
        &["お申込みが見つかりません"],
    );
    for (number, token) in [
        (other, token),
        (stand.number.as_str(), zeros.as_str()),
        (stand.number.as_str(), &token[..31]),
        ("KT-000", token),
    ] {
        for page in PAGES.iter().chain(&["withdraw"]) {
            let path = format!("/applications/{number}/{token}/{page}");
            let path = path.trim_end_matches('/');
            assert_eq!(office.get(path).await.text, unknown.text, "{path}");
            let only_read = ["", "diagnosis", "receipt", "papers"].contains(page)
                || ["papers/checks", "papers/ledger.xlsx"].contains(page);
            if !only_read {
                let sent = send(office, path, "agreed=yes&answer=accept&text=x").await;
                assert_eq!(sent.status, StatusCode::NOT_FOUND, "{path}");
            }
        }
    }
    assert!(stand.events().await.is_empty());
}

#[tokio::test]
async fn a_renewed_link_replaces_the_old_one_in_pages_and_mails() {
    let stand = Stand::at("questionnaire").await;
    let reason = "ほかの方の目に触れたため".to_owned();
    let renewed = Event::LinkRenewed { reason };
    stand.act(renewed.clone(), secretary()).await;
    for page in PAGES {
        let old = stand.office.get(&stand.page(page)).await;
        shows(
            &old,
            StatusCode::GONE,
            &["新しくなりました", "href=\"/status\""],
        );
    }
    let sent = send(&stand.office, &stand.page("withdraw"), "").await;
    assert_eq!(sent.status, StatusCode::GONE);
    let first = mailed_path(&stand).await;
    assert_ne!(first, stand.path);
    shows(
        &stand.office.get(&first).await,
        StatusCode::OK,
        &["事前問診に答える"],
    );
    let stand = stand.later("2025-06-09T09:00:00+09:00");
    stand.act(renewed, secretary()).await;
    assert_eq!(stand.office.get(&first).await.status, StatusCode::GONE);
    // The company itself cannot renew: whoever has an old link would shut the owner out.
    let case = stand.case().await;
    assert_eq!((case.link_version, stand.events().await.len()), (2, 5));
    // Later mails carry the new link.
    let stand = stand.later("2025-06-10T09:00:00+09:00");
    let clock = "questionnaire".to_owned();
    stand.act(Event::ClockRanOut { clock }, Actor::System).await;
    let id = stand.stored().await.application_id;
    let read = stand
        .office
        .app
        .read(move |tx| outbox::of_application(tx, &id));
    let mails = read.await.expect("readable");
    let reminder = mails
        .iter()
        .find(|kept| kept.mail.mail == "questionnaire_reminder")
        .expect("a reminder");
    let body = reading::read(&reminder.mail.content).body;
    let now = mailed_path(&stand).await;
    assert!(body.contains(&format!("{now}/questionnaire\n")), "{body}");
}

/// The answer is the same whatever is asked; only the outbox knows.
#[tokio::test]
async fn a_link_is_mailed_again_to_its_owner_and_to_nobody_else() {
    let stand = Stand::new(R7, OPEN_R7, None).await;
    let page = stand.office.get("/status").await;
    shows(
        &page,
        StatusCode::OK,
        &["name=\"receipt_number\"", "name=\"email\""],
    );
    let prefix = stand.number.split('-').next().expect("a prefix");
    let nobody = sonae_core::receipt_number::write(prefix, 9);
    let right = format!(
        "receipt_number={}&email=ＨＡＮＡＫＯ＠sample.example.jp",
        stand.number
    );
    for (form, mails) in [
        (
            format!("receipt_number={nobody}&email=hanako@sample.example.jp"),
            0,
        ),
        (
            format!(
                "receipt_number={}&email=other@sample.example.jp",
                stand.number
            ),
            0,
        ),
        (right.clone(), 1),
        // In the same instant it is the same mail.
        (right.clone(), 1),
    ] {
        let reply = send(&stand.office, "/status", &form).await;
        assert_eq!(followed(&reply), "/status/asked", "{form}");
        tokio::time::sleep(Duration::from_millis(300)).await;
        assert_eq!(links_mailed(&stand).await.len(), mails, "{form}");
    }
    let asked = stand.office.get("/status/asked").await;
    shows(&asked, StatusCode::OK, &["同じであれば"]);
    assert_eq!(mailed_path(&stand).await, stand.path);
    let mut stand = stand;
    for (minute, mails) in [(1, 2), (2, 3), (3, 3)] {
        stand = stand.later(&format!("2025-06-02T10:0{minute}:00+09:00"));
        send(&stand.office, "/status", &right).await;
        tokio::time::sleep(Duration::from_millis(300)).await;
        assert_eq!(links_mailed(&stand).await.len(), mails, "{minute}");
    }
}

#[tokio::test]
async fn slips_are_told_and_kept() {
    let stand = Stand::new(R7, OPEN_R7, None).await;
    let reply = send(
        &stand.office,
        "/status",
        "receipt_number=KT-333-33A&email=<x>",
    )
    .await;
    let words = [
        "<title>エラー：",
        "受付番号が正しくありません",
        "href=\"#email\"",
        "value=\"KT-333-33A\"",
        "value=\"&#60;x&#62;\"",
    ];
    shows(&reply, StatusCode::UNPROCESSABLE_ENTITY, &words);
}

#[tokio::test]
async fn guessing_and_asking_are_slowed_down() {
    let stand = Stand::new(R7, OPEN_R7, None).await;
    let mut last = StatusCode::OK;
    for _ in 0..40 {
        last = send(&stand.office, "/status", "").await.status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    let guess = format!("/applications/{}/{}/agree", stand.number, "0".repeat(32));
    for _ in 0..70 {
        last = send(&stand.office, &guess, "agreed=yes").await.status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
}
