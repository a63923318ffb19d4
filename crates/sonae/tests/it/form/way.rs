//! The whole way, and what may happen on it: mistakes, the back button, two clicks, a withdrawal.

use axum::http::StatusCode;
use sha2::{Digest, Sha256};
use sonae_core::audit::hex;
use sonae_store::tally;

use super::visitor::{begin, fill, fill_in, followed, send, shows};
use crate::office::{OPEN_R6, Office, R6, R7};

#[tokio::test]
async fn from_the_first_screen_to_the_receipt() {
    let office = Office::open(OPEN_R6);
    let start = office.get(&format!("/programs/{R6}/apply")).await;
    shows(
        &start,
        StatusCode::OK,
        &["入力を始める", "法人番号", "利用目的", "30日間"],
    );
    let path = fill(&office).await;
    let confirm = office.get(&format!("{path}/confirm")).await;
    shows(
        &confirm,
        StatusCode::OK,
        &[
            "株式会社備え髙﨑製作所",
            "ソナエタカサキセイサクショ",
            "7000012050002",
            "1,000万円",
            "45人",
            "160-0023",
            "東京都",
            "髙橋 𠮷子",
            "タカハシ ヨシコ",
            "申込みは完了していません",
            "まだ送信されていません",
            &format!("href=\"{path}/size?from=confirm#employees\""),
        ],
    );
    let receipt = followed(&send(&office, &format!("{path}/confirm"), "").await);
    let page = office.get(&receipt).await;
    shows(
        &page,
        StatusCode::OK,
        &[
            "お申込みを受け付けました",
            "KT-",
            "令和6年6月6日(木)まで",
            "受付順 1番",
            "定員の枠に入っています",
            "お申込みを取り下げる",
        ],
    );
    let paper = office.get(&format!("{receipt}/receipt")).await;
    shows(&paper, StatusCode::OK, &["受付の証明", "髙橋 𠮷子"]);
    let mails = office.get(&format!("{receipt}/messages")).await;
    let subject = "お申込みを受け付けました(受付番号 KT-";
    shows(&mails, StatusCode::OK, &[subject]);
}

#[tokio::test]
async fn the_other_programme_asks_its_own_questions() {
    let office = Office::open("2025-06-02T10:00:00+09:00");
    let first = followed(&send(&office, &format!("/programs/{R7}/apply"), "").await);
    let path = first.rsplit_once('/').expect("a screen").0;
    let courses = office.get(&format!("{path}/courses")).await;
    shows(
        &courses,
        StatusCode::OK,
        &["type=\"radio\"", "extra.weekday_time", "残り30社"],
    );
    let conditions = office.get(&format!("{path}/conditions")).await;
    shows(
        &conditions,
        StatusCode::OK,
        &[
            "measures.two_star_level_policy",
            "ポリシーを策定していますか",
        ],
    );
}

#[tokio::test]
async fn mistakes_are_told_and_what_was_typed_is_kept() {
    let office = Office::open(OPEN_R6);
    let path = begin(&office).await;
    let screen = format!("{path}/company");
    let typed =
        "entity_kind=&name=備え工業&name_kana=sonae&corporate_number=1180001000000&action=next";
    let reply = send(&office, &screen, typed).await;
    shows(
        &reply,
        StatusCode::UNPROCESSABLE_ENTITY,
        &[
            "<title>エラー：",
            "role=\"alert\"",
            "href=\"#entity_kind\"",
            "href=\"#name_kana\"",
            "href=\"#corporate_number\"",
            "value=\"備え工業\"",
            "value=\"sonae\"",
            "value=\"1180001000000\"",
            "aria-invalid=\"true\"",
        ],
    );
    // It was saved although it was wrong: another browser with the link finds it.
    shows(
        &office.get(&screen).await,
        StatusCode::OK,
        &["value=\"sonae\""],
    );
    // The private link leads to the first screen that wants something.
    assert_eq!(followed(&office.get(&path).await), screen);
    // Nobody can pass by the mistakes: the confirmation lists them, and sends nothing.
    let confirm = send(&office, &format!("{path}/confirm"), "").await;
    shows(
        &confirm,
        StatusCode::UNPROCESSABLE_ENTITY,
        &[
            "まだ送信できません",
            &format!("href=\"{path}/company?from=confirm#name_kana\""),
        ],
    );
    fill_in(&office, &path).await;
    assert_eq!(
        followed(&office.get(&path).await),
        format!("{path}/confirm")
    );
}

#[tokio::test]
async fn corrected_from_the_confirmation_one_comes_back_to_it() {
    let office = Office::open(OPEN_R6);
    let path = fill(&office).await;
    let screen = office.get(&format!("{path}/size?from=confirm")).await;
    shows(
        &screen,
        StatusCode::OK,
        &["name=\"from\" value=\"confirm\"", "確認画面へ戻る"],
    );
    let typed = "industry=service&capital_yen=&employees=30&from=confirm&action=next";
    let reply = send(&office, &format!("{path}/size"), typed).await;
    assert_eq!(followed(&reply), format!("{path}/confirm"));
    shows(
        &office.get(&format!("{path}/confirm")).await,
        StatusCode::OK,
        &["30人"],
    );
}

#[tokio::test]
async fn two_clicks_the_back_button_and_sending_again_give_one_receipt() {
    let office = Office::open(OPEN_R6);
    let path = fill(&office).await;
    let confirm = format!("{path}/confirm");
    let (one, two) = tokio::join!(send(&office, &confirm, ""), send(&office, &confirm, ""));
    let receipt = followed(&one);
    assert_eq!(followed(&two), receipt);
    // The back button shows an old page; whatever is sent from it leads to the receipt.
    assert_eq!(followed(&send(&office, &confirm, "").await), receipt);
    let old = send(
        &office,
        &format!("{path}/company"),
        "name=別の会社&action=next",
    )
    .await;
    assert_eq!(followed(&old), receipt);
    for page in ["", "/confirm", "/company", "/saved"] {
        assert_eq!(
            followed(&office.get(&format!("{path}{page}")).await),
            receipt
        );
    }
    let tallies = (office.app.read(|tx| tally::of_program(tx, R6)).await).expect("tallies");
    assert_eq!(tallies["utm"].last_position, 1);
}

#[tokio::test]
async fn withdrawn_once_with_one_mail() {
    let office = Office::open(OPEN_R6);
    let path = fill(&office).await;
    let receipt = followed(&send(&office, &format!("{path}/confirm"), "").await);
    let withdraw = format!("{receipt}/withdraw");
    shows(
        &office.get(&withdraw).await,
        StatusCode::OK,
        &["取り下げますか", "UTM機器設置コース"],
    );
    for _ in 0..2 {
        assert_eq!(followed(&send(&office, &withdraw, "").await), receipt);
    }
    let page = office.get(&receipt).await;
    shows(
        &page,
        StatusCode::OK,
        &["取り下げられています", "枠をお返しいただきました"],
    );
    let mails = office.get(&format!("{receipt}/messages")).await.text;
    assert_eq!(mails.matches("取り下げを承りました(受付番号").count(), 1);
    assert!(!page.text.contains("これからのこと"));
    assert_eq!(followed(&office.get(&withdraw).await), receipt);
    let tallies = (office.app.read(|tx| tally::of_program(tx, R6)).await).expect("tallies");
    assert_eq!(tallies["utm"].held, 0);
}

#[tokio::test]
async fn the_proof_fits_the_receipt_and_shows_nothing_personal() {
    let office = Office::open(OPEN_R6);
    let path = fill(&office).await;
    let receipt = followed(&send(&office, &format!("{path}/confirm"), "").await);
    let page = office.get(&format!("{receipt}/receipt")).await;
    let number = receipt.split('/').nth(2).expect("a number");
    let proof = office.get(&format!("/applications/{number}/proof")).await;
    shows(&proof, StatusCode::OK, &["sha256sum", number]);
    let api = office
        .get(&format!("/api/v1/receipts/{number}/proof"))
        .await
        .json();
    let hash = api["log_hash"].as_str().expect("a hash");
    assert!(page.text.contains(hash) && proof.text.contains(hash));
    for private in ["備え髙﨑", "髙橋", "sonae.example.jp", receipt.as_str()] {
        assert!(!proof.text.contains(private), "{private}");
    }
}

#[tokio::test]
async fn the_applicant_can_check_that_the_answers_are_as_they_were() {
    let office = Office::open(OPEN_R6);
    let path = fill(&office).await;
    let receipt = followed(&send(&office, &format!("{path}/confirm"), "").await);
    let page = office.get(&format!("{receipt}/receipt")).await;
    let shown = |begin: &str| {
        let (_, rest) = page.text.split_once(begin).expect("shown");
        let (value, _) = rest.split_once("</code>").expect("closed");
        value.replace("&#34;", "\"")
    };
    let text = format!("{}\n{}", shown("id=\"salt\">"), shown("id=\"stored\">"));
    let number = receipt.split('/').nth(2).expect("a number");
    let proof = office
        .get(&format!("/api/v1/receipts/{number}/proof"))
        .await;
    let line = proof.json()["entry"].as_str().expect("a line").to_owned();
    let hash: [u8; 32] = Sha256::digest(text).into();
    assert!(line.contains(&hex(&hash)), "{line}");
}
