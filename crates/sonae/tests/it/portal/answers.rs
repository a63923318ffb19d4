//! The answers for papers: asked once, kept when something is wrong, never overwritten unseen, pasted and taken in from spreadsheets.

use std::time::Instant;

use axum::http::StatusCode;
use sonae_core::access::StaffRole;
use sonae_core::paper::answers::{AnswerRow, Answers, Value};

use super::papers::{answered, save};
use super::stand::{Stand, secretary};
use crate::form::visitor::{followed, post, send, shows};

pub(super) async fn current(stand: &Stand) -> Answers {
    let stored = stand.stored().await;
    let read = stand
        .office
        .app
        .read(move |tx| sonae::office::papers::answers::of_case(tx, &stored));
    read.await.expect("readable").saved
}

#[tokio::test]
async fn what_the_case_knows_is_not_asked_again() {
    let stand = Stand::at("confirmed").await;
    let (office, first) = (&stand.office, stand.page("papers/answers/basic-policy/1"));
    let page = office.get(&first).await;
    let words = [
        "株式会社サンプル",
        "お申込みの内容から入れてあります",
        "value=\"45\"",
        "aria-current=\"step\"",
        "name=\"_version\" value=\"0\"",
    ];
    shows(&page, StatusCode::OK, &words);
    let typed = "_version=0&company_name=株式会社サンプル&representative_title=代表取締役&representative_name=&business=<b>&trade=it&employees=たくさん&_then=next";
    let wrong = send(office, &first, typed).await;
    let words = [
        "<title>エラー：",
        "href=\"#employees\"",
        "value=\"たくさん\"",
        "value=\"&#60;b&#62;\"",
        "aria-invalid",
    ];
    shows(&wrong, StatusCode::UNPROCESSABLE_ENTITY, &words);
    let good = typed.replace("たくさん", "４５人");
    let next = followed(&send(office, &first, &good).await);
    assert_eq!(next, stand.page("papers/answers/basic-policy/2"));
    let answers = current(&stand).await;
    assert_eq!(answers.number("employees"), Some(45));
    assert_eq!(answers.text("business"), Some("<b>"));
    assert_eq!(answers.text("representative_name"), None);
    let other = office
        .get(&stand.page("papers/answers/security-regulations/1"))
        .await;
    shows(
        &other,
        StatusCode::OK,
        &["と共通です", "value=\"代表取締役\""],
    );
    let last = stand.page("papers/answers/basic-policy/4");
    let later = followed(&send(office, &last, "_version=1&policy_date=2026/4/1&_then=later").await);
    assert_eq!(later, format!("{}?saved=1", stand.page("papers")));
    let again = office.get(&last).await;
    shows(&again, StatusCode::OK, &["value=\"令和8年4月1日\""]);
    // Emptied on purpose, what the case knows is not proposed again.
    let emptied = good.replace("company_name=株式会社サンプル", "company_name=");
    followed(&send(office, &first, &emptied.replace("_version=0", "_version=2")).await);
    let page = office.get(&first).await;
    assert!(
        !page.text.contains("お申込みの内容から入れてあります"),
        "{}",
        page.text
    );
    for unknown in [
        "basic-policy/0",
        "basic-policy/99",
        "basic-policy/x",
        "it-bcp/1",
        "none/1",
    ] {
        let page = office
            .get(&stand.page(&format!("papers/answers/{unknown}")))
            .await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{unknown}");
    }
}

#[tokio::test]
async fn what_the_diagnosis_knows_is_proposed_and_added_once() {
    let stand = Stand::at("confirmed").await;
    let (office, assets) = (&stand.office, stand.page("papers/tables/assets"));
    let section = stand.page("papers/answers/asset-ledger/2");
    let words = [
        "パソコンに保存している情報",
        "社内ネットワーク",
        "診断の記録から入れてあります。",
    ];
    shows(&office.get(&section).await, StatusCode::OK, &words);
    let page = office.get(&assets).await;
    let words = [
        "診断の記録から入れた行があります",
        "Windowsが12台",
        "name=\"assets.computers.name\"",
    ];
    shows(&page, StatusCode::OK, &words);
    assert!(!page.text.contains("行を足す（"), "all of it is shown");
    assert_eq!(current(&stand).await, Answers::default(), "only proposed");
    let own = "_version=0&_row=computers&_delete=computers&assets.new1.name=顧客台帳";
    followed(&send(office, &assets, own).await);
    let page = office.get(&assets).await;
    shows(&page, StatusCode::OK, &["診断の記録から行を足す（1行）"]);
    assert!(!page.text.contains("入れた行があります"));
    for _ in 0..2 {
        followed(&send(office, &assets, "_version=1&_then=seed").await);
        let answers = current(&stand).await;
        let rows = answers.rows("assets").iter();
        let rows: Vec<_> = rows
            .map(|row| (row.text("name"), row.text("note")))
            .collect();
        let seeded = (Some("パソコンに保存している情報"), Some("Windowsが12台"));
        assert_eq!(rows, [(Some("顧客台帳"), None), seeded]);
    }
    let corrected = "_version=2&_row=computers&assets.computers.name=業務のデータ&assets.computers.note=&_then=seed";
    followed(&send(office, &assets, corrected).await);
    let answers = current(&stand).await;
    let row = answers.row("assets", "computers").expect("it stays");
    assert_eq!(
        (row.text("name"), row.text("note")),
        (Some("業務のデータ"), None)
    );
    assert_eq!(
        answers.rows("assets").len(),
        2,
        "nothing is overwritten or doubled"
    );
    assert!(!office.get(&assets).await.text.contains("行を足す（"));
}

#[tokio::test]
async fn a_table_is_edited_row_by_row() {
    let stand = Stand::at("confirmed").await;
    let (office, people) = (&stand.office, stand.page("papers/tables/people"));
    let typed = "_version=0&_page=1&_from=basic-policy/3&people.new1.name=髙橋 𠮷子&people.new1.left_on=いつか&people.new2.name=&_then=stay";
    let wrong = send(office, &people, typed).await;
    let words = [
        "<title>エラー：",
        "href=\"#people-new1-left_on\"",
        "value=\"髙橋 𠮷子\"",
        "value=\"いつか\"",
    ];
    shows(&wrong, StatusCode::UNPROCESSABLE_ENTITY, &words);
    let good = typed
        .replace("いつか", "")
        .replace("_then=stay", "_then=back");
    let back = followed(&send(office, &people, &good).await);
    assert_eq!(
        back,
        format!("{}#people", stand.page("papers/answers/basic-policy/3"))
    );
    let rows = current(&stand).await;
    let rows = rows.rows("people");
    assert_eq!((rows.len(), rows[0].text("name")), (1, Some("髙橋 𠮷子")));
    let id = rows[0].id.clone();
    // Roles name the person; five of them are there for every company.
    let roles = stand.page("papers/tables/roles");
    let page = office.get(&roles).await;
    shows(
        &page,
        StatusCode::OK,
        &[
            "経営責任者",
            &format!("<option value=\"{id}\">髙橋 𠮷子</option>"),
        ],
    );
    let typed = format!(
        "_version=1&_page=1&_row=executive&roles.executive.name=経営責任者&roles.executive.person={id}&_row=leader&_delete=leader&roles.leader.name=残る"
    );
    followed(&send(office, &roles, &typed).await);
    let answers = current(&stand).await;
    assert_eq!(
        answers
            .row("roles", "executive")
            .and_then(|row| row.named("person")),
        Some(id.as_str())
    );
    assert!(answers.row("roles", "leader").is_none());
    assert_eq!(answers.rows("roles").len(), 4);
    let nobody = send(
        office,
        &roles,
        "_version=2&_row=executive&roles.executive.name=経営責任者&roles.executive.person=だれか",
    )
    .await;
    shows(
        &nobody,
        StatusCode::UNPROCESSABLE_ENTITY,
        &["「だれか」は、表にありません"],
    );
    let gone = office.get(&stand.page("papers/tables/activities")).await;
    assert_eq!(
        gone.status,
        StatusCode::NOT_FOUND,
        "no paper of this case asks it"
    );
}

#[tokio::test]
async fn two_who_change_the_same_cell_decide() {
    let stand = answered().await;
    let (office, people) = (&stand.office, stand.page("papers/tables/people"));
    let id = current(&stand).await.rows("people")[0].id.clone();
    let other = |mobile: &str| {
        format!("_version=1&_row={id}&people.{id}.name=甲&people.{id}.mobile={mobile}")
    };
    followed(&send(office, &people, &other("03-0000-0011")).await);
    let late = send(office, &people, &other("03-0000-0012")).await;
    let words = [
        "同じところを直しました",
        "03-0000-0011",
        "03-0000-0012",
        "あなたの答えを保存する",
        "会社の方",
        "name=\"_version\" value=\"2\"",
    ];
    shows(&late, StatusCode::CONFLICT, &words);
    assert_eq!(
        current(&stand).await.rows("people")[0].text("mobile"),
        Some("03-0000-0011")
    );
    followed(
        &send(
            office,
            &people,
            &other("03-0000-0012").replace("_version=1", "_version=2"),
        )
        .await,
    );
    assert_eq!(
        current(&stand).await.rows("people")[0].text("mobile"),
        Some("03-0000-0012")
    );
}

#[tokio::test]
async fn risks_checks_and_stars_lead_to_where_they_are_mended() {
    let stand = answered().await;
    let office = &stand.office;
    let risks = office.get(&stand.page("papers/risks")).await;
    shows(
        &risks,
        StatusCode::OK,
        &[
            "資産の数：重要度と被害の起こりやすさ",
            "リスク値 9",
            "heat-high",
            "#row-",
            "<th scope=\"row\">重要度 3</th>",
        ],
    );
    let stars = office.get(&stand.page("papers/security-action")).await;
    shows(
        &stars,
        StatusCode::OK,
        &["自社診断をする", "基本方針を公開する", "宣言の記録"],
    );
    assert_eq!(sonae_core::paper::wording::wrong(&stars.text), []);
    let mut alone = Answers::default();
    let role = AnswerRow {
        id: "leader".to_owned(),
        cells: [("name".to_owned(), Value::Text("責任者".to_owned()))].into(),
    };
    alone
        .values
        .insert("roles".to_owned(), Value::Rows(vec![role]));
    save(&stand, alone, secretary()).await;
    let checks = office.get(&stand.page("papers/checks")).await;
    shows(
        &checks,
        StatusCode::OK,
        &[
            "「責任者」",
            "/tables/roles?row=leader#roles-leader-",
            "件</strong>あります",
        ],
    );
    let table = office
        .get(&stand.page("papers/tables/roles?row=leader"))
        .await;
    shows(&table, StatusCode::OK, &["id=\"roles-leader-person\""]);
}

#[tokio::test]
async fn three_hundred_rows_stay_small() {
    let stand = answered().await;
    let office = &stand.office;
    let mut full = Answers::default();
    let row = |at: usize| AnswerRow {
        id: format!("a{at}"),
        cells: [
            (
                "name".to_owned(),
                Value::Text(format!("取引先の見積書と契約書（その{at}）")),
            ),
            ("place".to_owned(), Value::Text("共有フォルダー".to_owned())),
            ("confidentiality".to_owned(), Value::Number(3)),
            ("integrity".to_owned(), Value::Number(2)),
            ("availability".to_owned(), Value::Number(2)),
            ("threat".to_owned(), Value::Number(3)),
            (
                "vulnerability".to_owned(),
                Value::Number(1 + i64::try_from(at % 3).expect("small")),
            ),
        ]
        .into(),
    };
    full.values.insert(
        "assets".to_owned(),
        Value::Rows((1..=300).map(row).collect()),
    );
    save(&stand, full, secretary()).await;
    for (page, largest) in [
        ("papers/tables/assets", 400_000),
        ("papers/tables/assets?page=8", 400_000),
        ("papers/risks", 200_000),
        ("papers/checks", 300_000),
    ] {
        let begun = Instant::now();
        let reply = office.get(&stand.page(page)).await;
        println!("{page}: {} bytes, {:?}", reply.text.len(), begun.elapsed());
        assert_eq!(reply.status, StatusCode::OK);
        assert!(
            reply.text.len() < largest,
            "{page}: {} bytes",
            reply.text.len()
        );
    }
    let last = office
        .get(&stand.page("papers/tables/assets?page=999"))
        .await;
    shows(&last, StatusCode::OK, &["（その300）"]);
    assert!(
        !last.text.contains("name=\"assets.new1."),
        "the table is full"
    );
    let at = office
        .get(&stand.page("papers/tables/assets?row=a150"))
        .await;
    shows(&at, StatusCode::OK, &["id=\"row-a150\""]);
}

/// The office has the same pages below its own page of the case, with its token and for those whose case it is.
#[tokio::test]
async fn the_office_works_on_the_same_answers() {
    let stand = answered().await;
    let office = &stand.office;
    let secretary = office.sign_in(StaffRole::Secretariat).await;
    let base = format!("/office/cases/{}/papers", stand.number);
    for (page, word) in [
        ("/answers/basic-policy/1", "保存して次へ"),
        ("/tables/assets", "Excel のファイルにする"),
        ("/tables/people/sheet", "Excel で選んだ範囲を貼り付ける"),
        ("/risks", "リスクの高い資産"),
        ("/checks", "直すかどうかは、お決めください"),
        ("/security-action", "自社診断をする"),
    ] {
        let shown = secretary.get(office, &format!("{base}{page}")).await;
        shows(&shown, StatusCode::OK, &[word]);
        let form = page != "/risks" && page != "/checks" && page != "/security-action";
        assert_eq!(
            shown.text.matches("name=\"csrf\"").count() > 1,
            form,
            "{page}"
        );
    }
    let section = format!("{base}/answers/basic-policy/1");
    let fields = [
        ("_version", "1"),
        ("business", "機械の修理"),
        ("_then", "next"),
    ];
    let saved = secretary.post(office, &section, &fields).await;
    assert_eq!(followed(&saved), format!("{base}/answers/basic-policy/2"));
    assert_eq!(current(&stand).await.text("business"), Some("機械の修理"));
    let company = office
        .get(&stand.page("papers/answers/basic-policy/1"))
        .await;
    shows(&company, StatusCode::OK, &["機械の修理"]);
    let wrong = secretary
        .post(office, &section, &[("employees", "多い")])
        .await;
    shows(
        &wrong,
        StatusCode::UNPROCESSABLE_ENTITY,
        &["<title>エラー："],
    );
    let expert = office.sign_in(StaffRole::Expert).await;
    let foreign = expert.get(office, &section).await;
    assert_eq!(
        foreign.status,
        StatusCode::NOT_FOUND,
        "somebody else's case"
    );
}

/// Whatever is sent gives a page.
#[tokio::test]
async fn no_input_makes_a_page_fall_over() {
    let stand = answered().await;
    let office = &stand.office;
    let bodies = [
        String::new(),
        "%ff=%ff&&=&_then=%00".to_owned(),
        "_version=x&_page=-1&_from=a/b/c&_row=&_delete=&roles..=1&roles.new1.=2&roles.new99999.name=x".to_owned(),
        "company_name=a&company_name=b&employees=99999999999999999999&trade=none&people.new1.name=%F0%A0%AE%B7%00".to_owned(),
        format!("roles.new1.name={}", "x".repeat(30_000)),
        "assets.new1.name=a&".repeat(2_000),
        (1..400).map(|at| format!("people.new{at}.name=a&")).collect(),
    ];
    for page in [
        "papers/answers/basic-policy/1",
        "papers/tables/roles",
        "papers/tables/people",
        "papers/tables/assets",
        "papers/tables/roles/sheet",
        "papers/none/accept",
        "papers/basic-policy/return",
        "papers/basic-policy/comments",
    ] {
        for body in &bodies {
            let reply = post(office, &stand.page(page), body.clone()).await;
            assert!(reply.status.as_u16() < 500, "{page}: {}", reply.text);
        }
        for query in [
            "",
            "?page=x&row=%ff&from=//&more=1&saved=1",
            "?version=x&row=../..",
        ] {
            let reply = office.get(&stand.page(&format!("{page}{query}"))).await;
            assert!(reply.status.as_u16() < 500, "{page}{query}: {}", reply.text);
        }
    }
    let large = "a".repeat(11 << 20);
    let reply = post(office, &stand.page("papers/tables/people"), large).await;
    assert_eq!(reply.status, StatusCode::PAYLOAD_TOO_LARGE);
}
