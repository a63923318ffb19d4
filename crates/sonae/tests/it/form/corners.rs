//! Corners: links that expired, windows, full courses, odd input, pages that must not tell.

use axum::http::StatusCode;

use super::visitor::{begin, fill, followed, post, send, shows};
use crate::office::{OPEN_R6, Office, R6};

#[tokio::test]
async fn a_link_that_expired_or_never_was_says_how_to_begin_again() {
    let office = Office::open(OPEN_R6);
    let path = begin(&office).await;
    let later = office.reopen("2024-07-03T10:00:01+09:00");
    let never = "/apply/00000000000000000000000000000000".to_owned();
    for path in [path, never, "/apply/x".to_owned()] {
        for page in ["", "/company", "/confirm", "/saved"] {
            let reply = later.get(&format!("{path}{page}")).await;
            shows(
                &reply,
                StatusCode::NOT_FOUND,
                &["期限が過ぎ", "新しく入力を始めて"],
            );
        }
        let reply = send(&later, &format!("{path}/company"), "name=x").await;
        shows(&reply, StatusCode::NOT_FOUND, &["期限が過ぎ"]);
    }
}

#[tokio::test]
async fn the_window_has_two_edges() {
    let apply = format!("/programs/{R6}/apply");
    let check = async |instant: &str, open: bool| {
        let office = Office::open(instant);
        let reply = send(&office, &apply, "").await;
        let expected = if open {
            StatusCode::SEE_OTHER
        } else {
            StatusCode::CONFLICT
        };
        assert_eq!(reply.status, expected, "{instant} {}", reply.text);
    };
    check("2024-05-29T23:59:59.999+09:00", false).await;
    check("2024-05-30T00:00:00+09:00", true).await;
    check("2024-11-29T23:59:59.999+09:00", true).await;
    check("2024-11-30T00:00:00+09:00", false).await;
}

#[tokio::test]
async fn closed_while_filling_in_the_answers_are_kept() {
    let office = Office::open("2024-11-29T23:59:59+09:00");
    let path = fill(&office).await;
    let closed = office.reopen("2024-11-30T00:00:00+09:00");
    let reply = send(&closed, &format!("{path}/confirm"), "").await;
    shows(
        &reply,
        StatusCode::CONFLICT,
        &[
            "受付は終了しました",
            "令和6年11月30日(土) 0時00分",
            "保存してあり",
        ],
    );
    shows(
        &closed.get(&format!("{path}/confirm")).await,
        StatusCode::OK,
        &["45人", "受付期間ではない"],
    );
}

#[tokio::test]
async fn a_full_course_takes_nobody_and_keeps_the_answers() {
    let office = Office::open(OPEN_R6);
    let path = fill(&office).await;
    // 50 places and 500 who wait.
    let full = sonae_core::capacity::Tally {
        last_position: 550,
        held: 50,
        waiting: 500,
    };
    let set = office
        .app
        .write(move |tx| sonae_store::tally::set(tx, R6, "utm", full));
    set.await.expect("the tally");
    shows(
        &office.get(&format!("{path}/courses")).await,
        StatusCode::OK,
        &["満員・締切"],
    );
    let reply = send(&office, &format!("{path}/confirm"), "").await;
    shows(
        &reply,
        StatusCode::CONFLICT,
        &["定員に達し", "UTM機器設置", "保存してあり"],
    );
    let other = send(
        &office,
        &format!("{path}/courses"),
        "courses=guidance&from=confirm",
    )
    .await;
    assert_eq!(followed(&other), format!("{path}/confirm"));
    let receipt = followed(&send(&office, &format!("{path}/confirm"), "").await);
    shows(
        &office.get(&receipt).await,
        StatusCode::OK,
        &["マネジメント指導"],
    );
}

#[tokio::test]
async fn who_does_not_qualify_is_not_received_and_can_correct() {
    let office = Office::open(OPEN_R6);
    let path = fill(&office).await;
    let moved = "postcode=220-0011&prefecture=14&address_line1=横浜市西区高島1-1&from=confirm";
    let back = followed(&send(&office, &format!("{path}/address"), moved).await);
    let page = office.get(&back).await;
    shows(
        &page,
        StatusCode::OK,
        &[
            "お申込みをお受けできません",
            "要項 2(1)",
            "ほかにできること",
            "神奈川県",
            "「業種と規模」を直す",
        ],
    );
    assert!(!page.text.contains("aria-invalid") && !page.text.contains("送信する</button>"));
    assert_eq!(
        followed(&send(&office, &format!("{path}/confirm"), "").await),
        back
    );
}

#[tokio::test]
async fn an_overlooked_pledge_is_asked_for_and_a_refused_one_is_an_answer() {
    let office = Office::open(OPEN_R6);
    let path = fill(&office).await;
    let six = "pledges=a&pledges=b&pledges=d&pledges=e&pledges=f&pledges=g&survey_agreed=true";
    let reply = send(&office, &format!("{path}/pledges"), six).await;
    shows(
        &reply,
        StatusCode::UNPROCESSABLE_ENTITY,
        &["誓約事項のウにチェックがありません"],
    );
    let reply = send(
        &office,
        &format!("{path}/pledges"),
        &format!("{six}&pledges_open=yes"),
    )
    .await;
    let page = office.get(&followed(&reply)).await;
    shows(
        &page,
        StatusCode::OK,
        &["お申込みをお受けできません", "要項 2(4)ウ"],
    );
}

#[tokio::test]
async fn the_postcode_button_offers_and_never_overwrites() {
    let office = Office::open(OPEN_R6);
    let screen = format!("{}/address", begin(&office).await);
    let filled = send(&office, &screen, "postcode=160ー0023&action=postcode").await;
    shows(
        &filled,
        StatusCode::OK,
        &[
            "住所を入れました",
            "value=\"新宿区西新宿\"",
            "value=\"13\" selected",
        ],
    );
    let typed = "postcode=4980000&prefecture=23&address_line1=手で書いた町1-2";
    let offered = send(&office, &screen, &format!("{typed}&action=postcode")).await;
    shows(
        &offered,
        StatusCode::OK,
        &[
            "当てはまるものを選んで",
            "value=\"address:1\"",
            "value=\"手で書いた町1-2\"",
        ],
    );
    let chosen = send(&office, &screen, &format!("{typed}&action=address:0")).await;
    assert!(!chosen.text.contains("手で書いた町"), "{}", chosen.text);
    let none = send(&office, &screen, "postcode=0000000&action=postcode").await;
    shows(&none, StatusCode::OK, &["見つかりませんでした"]);
}

#[tokio::test]
async fn saved_with_a_link_that_is_mailed_at_most_three_times() {
    let office = Office::open(OPEN_R6);
    let path = begin(&office).await;
    let screen = format!("{path}/contact");
    let saved = followed(&send(&office, &screen, "contact_name=備え&action=save").await);
    let page = office.get(&saved).await;
    shows(
        &page,
        StatusCode::OK,
        &["令和6年7月3日(水) 10時00分", &path, "メールで受け取れます"],
    );
    send(
        &office,
        &screen,
        "contact_email=ｓｏｎａｅ＠example.jp&action=save",
    )
    .await;
    shows(
        &office.get(&saved).await,
        StatusCode::OK,
        &["sonae@example.jp にメールで送る"],
    );
    let reply = send(&office, &saved, "").await;
    shows(&reply, StatusCode::OK, &["メールを送る手続きをしました"]);
    let queued = office
        .app
        .read(sonae_store::outbox::counts)
        .await
        .expect("counts");
    assert_eq!(queued, [("queued".to_owned(), 1)]);
}

#[tokio::test]
async fn scripts_are_shown_as_the_text_they_are() {
    let office = Office::open(OPEN_R6);
    let path = fill(&office).await;
    let evil = "entity_kind=corporation&name=\"><script>alert(1)</script>&name_kana=アア&corporate_number=";
    let screen = format!("{path}/company");
    send(&office, &screen, evil).await;
    for page in [screen, format!("{path}/confirm")] {
        let reply = office.get(&page).await;
        assert!(!reply.text.contains("<script>alert"), "{page}");
        assert!(reply.text.contains("script&#62;alert(1)"), "{}", reply.text);
    }
}

#[tokio::test]
async fn no_input_is_an_error_of_ours() {
    let office = Office::open(OPEN_R6);
    let path = fill(&office).await;
    let long = "name=".to_owned() + &"長".repeat(3_000) + "&action=next";
    shows(
        &send(&office, &format!("{path}/company"), &long).await,
        StatusCode::UNPROCESSABLE_ENTITY,
        &["<title>エラー："],
    );
    let huge = post(
        &office,
        &format!("{path}/company"),
        "name=".to_owned() + &"x".repeat(70_000),
    )
    .await;
    shows(&huge, StatusCode::PAYLOAD_TOO_LARGE, &["大きすぎます"]);
    let bodies: [&[u8]; 8] = [
        b"",
        b"\xff\xfe=\xff",
        b"%00=%00&name=%00%01&action=next",
        b"action=remove_row:99999999999999999999999",
        b"action=address:7&postcode=1600023",
        b"past_support=some&past_support_kind=none&past_support_year=99999999999999999999",
        b"courses=nowhere&pledges=z&prefecture=99&employees=-1&capital_yen=1e99",
        b"name=%E2%80%AE&extra.contact_by=zzz&_form.link_mails=x",
    ];
    for screen in [
        "company",
        "size",
        "address",
        "contact",
        "courses",
        "conditions",
        "pledges",
        "none",
        "confirm",
        "saved",
    ] {
        for body in bodies {
            let reply = post(&office, &format!("{path}/{screen}"), body.to_vec()).await;
            assert!(!reply.status.is_server_error(), "{screen} {}", reply.text);
        }
    }
    for body in bodies {
        for page in ["check", "apply"] {
            let reply = post(&office, &format!("/programs/{R6}/{page}"), body.to_vec()).await;
            assert!(!reply.status.is_server_error(), "{page} {}", reply.text);
        }
    }
}

#[tokio::test]
async fn a_wrong_token_tells_as_much_as_an_unknown_number() {
    let office = Office::open(OPEN_R6);
    let path = fill(&office).await;
    let receipt = followed(&send(&office, &format!("{path}/confirm"), "").await);
    let (numbered, _) = receipt.rsplit_once('/').expect("a token");
    let wrong = office
        .get(&format!("{numbered}/0123456789abcdef0123456789abcdef"))
        .await;
    let unknown = office
        .get("/applications/KT-333-334/0123456789abcdef0123456789abcdef")
        .await;
    shows(&wrong, StatusCode::NOT_FOUND, &["お申込みが見つかりません"]);
    assert_eq!(wrong.text, unknown.text);
    let withdraw = send(&office, &format!("{numbered}/x/withdraw"), "").await;
    assert_eq!(withdraw.status, StatusCode::NOT_FOUND);
}
