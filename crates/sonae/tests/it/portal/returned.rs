//! A company sends back a paper that it changed in Word.

use axum::http::StatusCode;
use sonae::office::papers::draft;
use sonae_core::paper::document::Document;

use super::papers::answered;
use super::sheets::upload;
use super::stand::Stand;
use crate::form::visitor::{followed, shows};
use crate::papers::returned::edited;

fn policy(stand: &Stand) -> Document {
    let app = &stand.office.app;
    let kind = sonae::papers::library()
        .kind("basic-policy")
        .expect("a kind");
    let now = app.clock.now();
    let draft = app.db.read(|tx| {
        let stored = sonae_store::case::by_receipt(tx, &stand.number)?.expect("a case");
        draft::of_paper(tx, &stored, kind, now)
    });
    draft.expect("readable").document
}

#[tokio::test]
async fn a_company_is_told_what_file_to_send() {
    let stand = answered().await;
    let office = &stand.office;
    let here = stand.page("papers/basic-policy/word");
    let page = office.get(&here).await;
    shows(
        &page,
        StatusCode::OK,
        &["送って比べる", "添付として残ります"],
    );

    let empty = upload(office, &here, &[], None).await;
    shows(
        &empty,
        StatusCode::UNPROCESSABLE_ENTITY,
        &["ファイルを選んでください"],
    );
    let old = upload(
        office,
        &here,
        &[],
        Some(("方針.doc", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")),
    )
    .await;
    shows(
        &old,
        StatusCode::UNPROCESSABLE_ENTITY,
        &["Word文書（.docx）"],
    );
}

#[tokio::test]
async fn a_company_takes_in_what_it_changed_in_word() {
    let stand = answered().await;
    let office = &stand.office;
    let here = stand.page("papers/basic-policy/word");
    let edits = [
        ("気づいた人がすぐに", "気づいた人が直ちに"),
        ("大切な情報の控えを取り", "大切な情報の控えを毎日取り"),
    ];
    let file = edited(&policy(&stand), &edits);
    let sent = upload(office, &here, &[], Some(("方針.docx", &file))).await;
    let to = followed(&sent);
    let compared = office.get(&to).await;
    let words = [
        "いまの下書き（第1版",
        "<del>すぐ</del><ins>直ち</ins>",
        "<ins>毎日</ins>",
        "選んだ変更を取り込む",
    ];
    shows(&compared, StatusCode::OK, &words);

    let value = |after: &str| {
        let at = compared.text.find(after).expect("on the page") + after.len();
        let end = compared.text[at..].find('"').expect("ends");
        compared.text[at..at + end].to_owned()
    };
    let file_id = value("name=\"compared\" value=\"");
    let seen = value("name=\"seen\" value=\"");
    let key = value("name=\"change\" type=\"checkbox\" value=\"");
    let ticked = [
        ("compared", file_id.as_str()),
        ("seen", seen.as_str()),
        ("change", key.as_str()),
    ];
    let taken = upload(office, &here, &ticked, None).await;
    let after = office.get(&followed(&taken)).await;
    shows(
        &after,
        StatusCode::OK,
        &["選んだ変更を取り込みました", "<ins>毎日</ins>"],
    );
    assert!(!after.text.contains("<ins>直ち</ins>"));
    let none = upload(office, &here, &ticked[..2], None).await;
    shows(
        &none,
        StatusCode::UNPROCESSABLE_ENTITY,
        &["1つ以上選んで", "href=\"#change-1\""],
    );
    // The same again is asked anew, not done twice.
    let again = upload(office, &here, &ticked, None).await;
    shows(
        &again,
        StatusCode::UNPROCESSABLE_ENTITY,
        &["下書きが変わりました"],
    );
}
