//! The eligibility check.

use axum::http::StatusCode;

use super::visitor::{followed, send, shows};
use crate::office::{OPEN_R6, Office, R6, R7};

#[tokio::test]
async fn any_part_of_the_answers_is_judged() {
    let office = Office::open(OPEN_R6);
    let path = format!("/programs/{R6}/check");
    let page = office.get(&path).await;
    shows(
        &page,
        StatusCode::OK,
        &["要件を確かめる", "name=\"employees\"", "name=\"pledges\""],
    );
    assert!(
        !page.text.contains("name=\"name\""),
        "the check asks for no name"
    );
    let nothing = send(&office, &path, "action=next").await;
    shows(
        &nothing,
        StatusCode::OK,
        &["まだ答えていない項目", "未回答"],
    );
    let met = "entity_kind=corporation&industry=service&capital_yen=5千万円&employees=１００&prefecture=13&courses=utm&past_support=none&equivalent_subsidy=false&survey_agreed=true&pledges=a&pledges=b&pledges=c&pledges=d&pledges=e&pledges=f&pledges=g";
    let reply = send(&office, &path, met).await;
    shows(
        &reply,
        StatusCode::OK,
        &[
            "すべて満たしています",
            "この内容で申込みに進む",
            "要項 2(1)",
        ],
    );
    let wrong = send(&office, &path, "employees=たくさん").await;
    shows(
        &wrong,
        StatusCode::UNPROCESSABLE_ENTITY,
        &["<title>エラー：", "value=\"たくさん\""],
    );
}

#[tokio::test]
async fn who_does_not_qualify_is_told_why_and_what_else_is_open() {
    let office = Office::open(OPEN_R6);
    let path = format!("/programs/{R6}/check");
    let reply = send(
        &office,
        &path,
        "prefecture=14&past_support=some&past_support_kind=utm&past_support_year=2022&courses=utm",
    )
    .await;
    shows(
        &reply,
        StatusCode::OK,
        &[
            "満たしていない要件があります",
            "東京都内にないため",
            "神奈川県",
            "ほかにできること",
            "異なる内容のコースだけを選んで",
            "要項 2(2)",
        ],
    );
    assert!(!reply.text.contains("aria-invalid"), "no answer is wrong");
    assert!(!reply.text.contains("この内容で申込みに進む"));
}

#[tokio::test]
async fn the_answers_come_along_into_the_form() {
    let office = Office::open(OPEN_R6);
    let form = "carried=yes&employees=４５&industry=retail&past_support=some&past_support_kind=csirt&past_support_year=2023&name=書けない";
    let first = followed(&send(&office, &format!("/programs/{R6}/apply"), form).await);
    let path = first.rsplit_once('/').expect("a screen").0;
    shows(
        &office.get(&format!("{path}/size")).await,
        StatusCode::OK,
        &["value=\"４５\""],
    );
    let conditions = office.get(&format!("{path}/conditions")).await;
    shows(
        &conditions,
        StatusCode::OK,
        &["value=\"2023\" selected", "value=\"csirt\" selected"],
    );
    let company = office.get(&first).await;
    assert!(
        !company.text.contains("書けない"),
        "only what the check asks comes along"
    );
}

#[tokio::test]
async fn rows_of_earlier_support_are_added_and_removed_without_a_script() {
    let office = Office::open("2025-06-02T10:00:00+09:00");
    let path = format!("/programs/{R7}/check");
    let row = "past_support=some&past_support_kind=utm&past_support_year=2023";
    let more = send(&office, &path, &format!("{row}&action=add_row")).await;
    shows(&more, StatusCode::OK, &["2件目", "value=\"utm\" selected"]);
    let less = send(
        &office,
        &path,
        &format!("{row}&past_support_kind=&past_support_year=&action=remove_row:0"),
    )
    .await;
    assert!(!less.text.contains("2件目") && !less.text.contains("value=\"utm\" selected"));
}
