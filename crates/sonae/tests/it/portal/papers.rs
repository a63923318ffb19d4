//! The company's papers: reading, accepting, returning; the answers are in `answers.rs`.

use axum::http::StatusCode;
use sonae::office::papers::review::{Send, send_for_review, start_revision, take_back};
use sonae::office::papers::{Request, answers as saved};
use sonae_core::flow::Actor;
use sonae_core::paper::answers::Answers;

use super::stand::{Stand, secretary};
use crate::form::visitor::{followed, send, shows};

/// A company that takes part, with the answers of the sample of 20 people.
pub(super) async fn answered() -> Stand {
    let stand = Stand::at("confirmed").await;
    let sample = &sonae::papers::library().samples()[1].answers;
    save(&stand, sample.clone(), secretary()).await;
    stand
}

/// Saves answers as somebody who has seen the last ones.
pub(super) async fn save(stand: &Stand, answers: Answers, actor: Actor) -> i64 {
    let save = saved::Save {
        receipt_number: stand.number.clone(),
        seen: i64::MAX,
        asked: answers.values.keys().cloned().collect(),
        answers,
        actor,
    };
    let outcome = saved::save(&stand.office.app, save).await.expect("written");
    outcome.expect("not refused").sequence
}

fn request(stand: &Stand, kind: &str) -> Request {
    Request {
        receipt_number: stand.number.clone(),
        kind: kind.to_owned(),
        actor: secretary(),
    }
}

async fn review(stand: &Stand, kind: &str, note: &str) {
    let wish = Send {
        request: request(stand, kind),
        note: note.to_owned(),
    };
    let sent = send_for_review(&stand.office.app, wish).await;
    sent.expect("written").expect("not refused");
}

#[tokio::test]
async fn papers_are_there_when_participation_is_confirmed() {
    let before = Stand::at("approval").await;
    let page = before.office.get(&before.page("papers")).await;
    shows(&page, StatusCode::OK, &["参加が確定してから"]);
    let home = before.office.get(&before.path).await;
    assert!(!home.text.contains("/papers"), "{}", home.text);
    let stand = answered().await;
    let list = stand.office.get(&stand.page("papers")).await;
    let words = [
        "情報セキュリティ基本方針",
        "情報資産管理台帳",
        "専門家が用意しています",
        "いま、確認をお願いしている文書はありません",
        "リスクの地図",
        "SECURITY ACTION の準備",
        "問に答えがあります",
    ];
    shows(&list, StatusCode::OK, &words);
    assert!(
        !list.text.contains("IT事業継続計画"),
        "another course's paper"
    );
    let home = stand.office.get(&stand.path).await;
    shows(&home, StatusCode::OK, &["/papers\""]);
    // Nothing was sent yet, so there is nothing to read.
    let paper = stand.office.get(&stand.page("papers/basic-policy")).await;
    assert_eq!(paper.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_paper_is_read_and_accepted_once() {
    let stand = answered().await;
    review(&stand, "basic-policy", "第1版です。<b>ご確認ください</b>").await;
    // What may still be taken back is not told.
    let early = stand.office.get(&stand.page("papers")).await;
    shows(
        &early,
        StatusCode::OK,
        &["いま、確認をお願いしている文書はありません"],
    );
    let stand = stand.later("2024-06-03T10:06:00+09:00");
    let office = &stand.office;
    let home = office.get(&stand.path).await;
    shows(&home, StatusCode::OK, &["文書を確認してください：1件"]);
    let path = stand.page("papers/basic-policy");
    let paper = office.get(&path).await;
    let words = [
        "第1版",
        "この版を承認する",
        "id=\"p-",
        "&#60;b&#62;ご確認",
        "Word のファイル",
    ];
    shows(&paper, StatusCode::OK, &words);
    let comment = send(office, &format!("{path}/comments"), "block=purpose&text=").await;
    shows(
        &comment,
        StatusCode::UNPROCESSABLE_ENTITY,
        &["<title>エラー：", "href=\"#text\""],
    );
    let comment = "block=&text=<script>alert(1)</script>";
    let to = followed(&send(office, &format!("{path}/comments"), comment).await);
    let said = office.get(to.split('#').next().expect("a path")).await;
    shows(
        &said,
        StatusCode::OK,
        &["コメントを送りました", "&#60;script&#62;alert"],
    );
    let confirm = office.get(&format!("{path}/accept")).await;
    shows(
        &confirm,
        StatusCode::OK,
        &["会社の文書として承認します", "name=\"version\" value=\"1\""],
    );
    let accept = format!("{path}/accept");
    let wrong = send(office, &accept, "version=7").await;
    shows(&wrong, StatusCode::CONFLICT, &["文書の一覧へ"]);
    for _ in 0..2 {
        let accepted = followed(&send(office, &accept, "version=1").await);
        assert_eq!(accepted, format!("{}?accepted=1", stand.page("papers")));
    }
    let list = office
        .get(&format!("{}?accepted=1", stand.page("papers")))
        .await;
    shows(
        &list,
        StatusCode::OK,
        &["承認していただきました", "していただくことはありません"],
    );
    let paper = office.get(&path).await;
    shows(&paper, StatusCode::OK, &["承認済み", "指紋（SHA-256）"]);
    assert!(!paper.text.contains("この版を承認する"));
    files(&stand, &path).await;
}

/// The files of the version that was accepted, and what can no longer be done.
async fn files(stand: &Stand, path: &str) {
    let office = &stand.office;
    let word = office.get(&format!("{path}/versions/1/paper.docx")).await;
    assert!(word.status.is_success() && word.text.starts_with("PK"));
    let none = office.get(&format!("{path}/versions/2/paper.docx")).await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
    let late = office.get(&format!("{path}/return")).await;
    shows(
        &late,
        StatusCode::CONFLICT,
        &["いまは確認をお願いしていません"],
    );
}

#[tokio::test]
async fn what_should_change_comes_back_with_the_difference() {
    let stand = answered().await;
    review(&stand, "basic-policy", "").await;
    let stand = stand.later("2024-06-03T10:06:00+09:00");
    let path = stand.page("papers/basic-policy");
    let accept = send(&stand.office, &format!("{path}/accept"), "version=1").await;
    followed(&accept);
    start_revision(&stand.office.app, request(&stand, "basic-policy"))
        .await
        .expect("written")
        .expect("not refused");
    let mut changed = Answers::default();
    let name = sonae_core::paper::answers::Value::Text("株式会社新しい名前".to_owned());
    changed.values.insert("company_name".to_owned(), name);
    save(&stand, changed, secretary()).await;
    review(&stand, "basic-policy", "").await;
    let stand = stand.later("2024-06-03T10:20:00+09:00");
    let office = &stand.office;
    let paper = office.get(&path).await;
    let words = [
        "第2版",
        "第1版から変わったところ",
        "<ins>",
        "株式会社新しい名前",
        "承認済み",
    ];
    shows(&paper, StatusCode::OK, &words);
    let back = format!("{path}/return");
    let empty = send(office, &back, "version=2&what=　").await;
    shows(
        &empty,
        StatusCode::UNPROCESSABLE_ENTITY,
        &["href=\"#what\""],
    );
    let long = format!("version=2&what={}", "長".repeat(2_001));
    let long = send(office, &back, &long).await;
    shows(
        &long,
        StatusCode::UNPROCESSABLE_ENTITY,
        &["2001字", "長</textarea>"],
    );
    let done = send(office, &back, "version=2&what=会社名を戻してください。").await;
    assert_eq!(
        followed(&done),
        format!("{}?returned=1", stand.page("papers"))
    );
    let list = office
        .get(&format!("{}?returned=1", stand.page("papers")))
        .await;
    shows(
        &list,
        StatusCode::OK,
        &["専門家に伝えました", "第1版は承認済みです"],
    );
    let old = office.get(&format!("{path}?version=2")).await;
    shows(&old, StatusCode::OK, &["直しています"]);
    let now = office.get(&path).await;
    shows(&now, StatusCode::OK, &["会社名を戻してください。"]);
}

#[tokio::test]
async fn what_was_taken_back_was_never_told() {
    let stand = answered().await;
    review(&stand, "basic-policy", "").await;
    take_back(&stand.office.app, request(&stand, "basic-policy"))
        .await
        .expect("written")
        .expect("not refused");
    let stand = stand.later("2024-06-03T11:00:00+09:00");
    let paper = stand.office.get(&stand.page("papers/basic-policy")).await;
    assert_eq!(paper.status, StatusCode::NOT_FOUND);
}
