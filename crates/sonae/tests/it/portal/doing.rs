//! What a company does on its pages: once however often it clicks, with its words kept when something is wrong.

use axum::http::StatusCode;
use sonae_core::capacity::PlaceState;
use sonae_core::flow::{Event, Status};

use super::stand::{ANSWERS, Stand, secretary};
use crate::form::visitor::{followed, send, shows};

/// Sends a form twice at once and then once more; all three must lead to `to`.
async fn three_clicks(stand: &Stand, page: &str, form: &str, to: &str) {
    let (path, to) = (stand.page(page), format!("{}{to}", stand.path));
    let office = &stand.office;
    let (one, two) = tokio::join!(send(office, &path, form), send(office, &path, form));
    assert_eq!([followed(&one), followed(&two)], [to.clone(), to.clone()]);
    assert_eq!(followed(&send(office, &path, form).await), to);
}

async fn count(stand: &Stand, word: &str) -> usize {
    let events = stand.events().await;
    events.iter().filter(|event| *event == word).count()
}

#[tokio::test]
async fn accepting_completes_the_application_once() {
    let stand = Stand::at("agreement").await;
    let page = stand.page("agree");
    let unticked = send(&stand.office, &page, "").await;
    let wrong = StatusCode::UNPROCESSABLE_ENTITY;
    shows(
        &unticked,
        wrong,
        &["<title>エラー：", "href=\"#agreed\"", "aria-invalid"],
    );
    three_clicks(&stand, "agree", "agreed=yes", "?done=agree").await;
    assert_eq!(count(&stand, "agreed").await, 1);
    let home = stand
        .office
        .get(&stand.page("?done=agree").replace("/?", "?"))
        .await;
    shows(
        &home,
        StatusCode::OK,
        &["ご了承を承りました", "専門家からのご連絡"],
    );
    let messages = stand.office.get(&stand.page("messages")).await;
    shows(
        &messages,
        StatusCode::OK,
        &["申込みが完了しました(受付番号"],
    );
}

#[tokio::test]
async fn the_questionnaire_is_kept_as_it_goes_and_confirms_once() {
    let stand = Stand::at("questionnaire").await;
    let (page, office) = (stand.page("questionnaire"), &stand.office);
    let saved = send(office, &page, "goal=途中&it_staff=多い&action=save").await;
    assert_eq!(followed(&saved), format!("{page}?saved=1"));
    let again = office.get(&format!("{page}?saved=1")).await;
    shows(
        &again,
        StatusCode::OK,
        &["保存しました", "途中</textarea>", "value=\"多い\""],
    );
    let wrong = send(
        office,
        &page,
        "goal=<script>alert(1)</script>&it_staff=多い&action=next",
    )
    .await;
    let words = [
        "<title>エラー：",
        "href=\"#it_staff\"",
        "&#60;script&#62;",
        "href=\"#backup\"",
    ];
    shows(&wrong, StatusCode::UNPROCESSABLE_ENTITY, &words);
    assert!(!wrong.text.contains("<script>alert"));
    // Nobody passes by what is missing.
    let back = format!("{page}?check=1");
    assert_eq!(
        followed(&office.get(&stand.page("questionnaire/confirm")).await),
        back
    );
    assert_eq!(
        followed(&send(office, &stand.page("questionnaire/confirm"), "").await),
        back
    );
    shows(
        &office.get(&back).await,
        StatusCode::OK,
        &["<title>エラー："],
    );
    let next = send(office, &page, &format!("{ANSWERS}&action=next")).await;
    let confirm = followed(&next);
    let words = [
        "連絡網を作る",
        "メールマガジン",
        "要項 6 STEP3",
        "まだ送信されていません",
        "確定していません",
    ];
    shows(&office.get(&confirm).await, StatusCode::OK, &words);
    assert_eq!(stand.case().await.status, Status::Open);
    three_clicks(&stand, "questionnaire/confirm", "", "?done=questionnaire").await;
    assert_eq!(count(&stand, "questionnaire_answered").await, 1);
    assert_eq!(stand.case().await.status, Status::Confirmed);
    let messages = office.get(&stand.page("messages")).await;
    assert_eq!(
        messages.text.matches("参加が確定しました(受付番号").count(),
        1
    );
}

#[tokio::test]
async fn a_correction_changes_what_was_asked_and_nothing_else() {
    let stand = Stand::at("correction").await;
    let (page, office) = (stand.page("correct"), &stand.office);
    let typed = "employees=約五十&address_line1=&note=ひとこと&name=乗っ取り";
    let wrong = send(office, &page, typed).await;
    let words = [
        "<title>エラー：",
        "value=\"約五十\"",
        "href=\"#employees\"",
        "ひとこと</textarea>",
    ];
    shows(&wrong, StatusCode::UNPROCESSABLE_ENTITY, &words);
    let typed =
        "employees=６０人&address_line1=渋谷区1-1&note=増えました&name=乗っ取り&courses=edr";
    three_clicks(&stand, "correct", typed, "?done=correct").await;
    let stored = stand.stored().await;
    let answers = &stored.answers;
    assert_eq!(answers.employees, Some(60));
    assert_eq!(answers.address_line1.as_deref(), Some("渋谷区1-1"));
    assert_eq!(answers.name.as_deref(), Some("株式会社サンプル"));
    assert_eq!(answers.courses.as_ref().map(Vec::len), Some(2));
    assert!(stored.case.correction.is_none());
    assert_eq!(count(&stand, "corrected").await, 1);
    let receipt = office.get(&stand.page("receipt")).await;
    shows(
        &receipt,
        StatusCode::OK,
        &["60人", "受付の後に訂正された内容です"],
    );
}

#[tokio::test]
async fn a_correction_that_was_taken_back_is_not_sent() {
    let stand = Stand::at("correction").await;
    let reason = "電話で確かめたため".to_owned();
    stand
        .act(Event::CorrectionCancelled { reason }, secretary())
        .await;
    let late = send(&stand.office, &stand.page("correct"), "employees=60").await;
    shows(
        &late,
        StatusCode::CONFLICT,
        &["メッセージでお知らせください"],
    );
    assert_eq!(stand.stored().await.answers.employees, Some(45));
}

#[tokio::test]
async fn a_correction_without_names_asks_for_everything_but_the_courses() {
    let stand = Stand::at("new").await;
    let message = "全体をご確認ください。".to_owned();
    let fields = Vec::new();
    stand
        .act(Event::CorrectionRequested { message, fields }, secretary())
        .await;
    let page = stand.office.get(&stand.page("correct")).await;
    let words = [
        "name=\"name\"",
        "name=\"pledges\"",
        "value=\"none\" checked",
        "住所を自動入力",
    ];
    shows(&page, StatusCode::OK, &words);
    assert!(!page.text.contains("name=\"courses\""));
    let filled = "postcode=160-0023&prefecture=&address_line1=&action=postcode";
    let filled = send(&stand.office, &stand.page("correct"), filled).await;
    assert!(
        filled.text.contains("value=\"新宿区西新宿\""),
        "{}",
        filled.text
    );
    assert!(stand.case().await.correction.is_some());
}

#[tokio::test]
async fn a_place_is_taken_or_let_go_once() {
    for (answer, state, status) in [
        ("accept", PlaceState::Held, Status::Open),
        ("decline", PlaceState::Returned, Status::Lapsed),
    ] {
        let stand = Stand::at("offered").await;
        let page = stand.page("offer/utm");
        let nothing = send(&stand.office, &page, "").await;
        let wrong = StatusCode::UNPROCESSABLE_ENTITY;
        shows(&nothing, wrong, &["href=\"#answer\"", "選んでください"]);
        let form = format!("answer={answer}");
        let first = send(&stand.office, &page, &form).await;
        assert_eq!(followed(&first), format!("{}?done=offer", stand.path));
        // The second of two clicks is told how it stands.
        let second = send(&stand.office, &page, &form).await;
        shows(&second, StatusCode::OK, &["お申込みの状況へ"]);
        let case = stand.case().await;
        assert_eq!((case.places["utm"], case.status), (state, status));
        let other = send(&stand.office, &page, "answer=accept").await;
        assert_eq!(other.status, StatusCode::OK);
        assert_eq!(stand.case().await.places["utm"], state);
    }
}

#[tokio::test]
async fn messages_reach_the_timeline_once_and_within_bounds() {
    let stand = Stand::at("new").await;
    let (page, office) = (stand.page("messages"), &stand.office);
    let empty = send(office, &page, "text=　").await;
    shows(
        &empty,
        StatusCode::UNPROCESSABLE_ENTITY,
        &["href=\"#text\""],
    );
    let long = "長".repeat(2_001);
    let long = send(office, &page, &format!("text={long}")).await;
    shows(
        &long,
        StatusCode::UNPROCESSABLE_ENTITY,
        &["2001文字", "長</textarea>"],
    );
    let text = "text=来週は休みです。<script>alert(1)</script>";
    three_clicks(&stand, "messages", text, "/messages?sent=1").await;
    assert_eq!(count(&stand, "messaged").await, 1);
    let shown = office.get(&format!("{page}?sent=1")).await;
    shows(
        &shown,
        StatusCode::OK,
        &["送りました", "お客さま", "&#60;script&#62;"],
    );
    assert!(!shown.text.contains("<script>alert"));
    for number in 0..19 {
        let reply = send(office, &page, &format!("text=その{number}")).await;
        assert_eq!(reply.status, StatusCode::SEE_OTHER, "{number}");
    }
    let many = send(office, &page, "text=もう一つ").await;
    shows(
        &many,
        StatusCode::UNPROCESSABLE_ENTITY,
        &["お電話ください", "もう一つ</textarea>"],
    );
}

/// What the office may still undo is told neither by mail nor here.
#[tokio::test]
async fn what_may_still_be_undone_is_not_told() {
    let stand = Stand::at("new").await;
    let written = Event::Messaged {
        subject: "日程のご相談".to_owned(),
        text: "来週はいかがですか。".to_owned(),
    };
    stand.act(written, secretary()).await;
    let declined = Event::Declined {
        reason: "条件に合いません。".to_owned(),
        clause: "10(1)".to_owned(),
    };
    stand.act(declined, secretary()).await;
    let home = stand.office.get(&stand.path).await;
    shows(&home, StatusCode::OK, &["事務局で手続きをしています"]);
    assert!(!home.text.contains("条件に合いません"));
    let messages = stand.office.get(&stand.page("messages")).await;
    assert!(!messages.text.contains("来週はいかがですか"));
    let stand = stand.later("2024-06-03T10:05:01+09:00");
    let home = stand.office.get(&stand.path).await;
    shows(&home, StatusCode::OK, &["条件に合いません"]);
    let messages = stand.office.get(&stand.page("messages")).await;
    shows(
        &messages,
        StatusCode::OK,
        &["来週はいかがですか", "日程のご相談"],
    );
}
