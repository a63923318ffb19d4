//! What a company corrects by telephone, as the secretariat enters it: the company's own fields and checks, who said it and when, the mail,
//! and taking it back.

use serde_json::json;
use sonae_core::access::StaffRole;
use sonae_core::flow::{Actor, Event};
use sonae_store::case::Stored;

use super::Desk;
use crate::office::Reply;

const SCRIPT: &str = "<script>alert(1)</script>";

/// Who said it and when; the desk opens at 10 o'clock of 2024-06-03.
const TOLD: &[(&str, &str)] = &[
    ("said_by", "備品 一郎"),
    ("said_on", "R6.6.3"),
    ("said_at", "１０時"),
];

async fn ask(desk: &Desk, fields: &[&str]) {
    let actor = Actor::Staff {
        id: desk.person.id.clone(),
        role: StaffRole::Secretariat,
    };
    let asked = Event::CorrectionRequested {
        message: "従業員の数をお確かめください。".into(),
        fields: fields.iter().map(|field| (*field).to_owned()).collect(),
    };
    desk.act(asked, actor).await;
}

async fn send(desk: &Desk, told: &[(&str, &str)], typed: &[(&str, &str)]) -> Reply {
    let fields = [told, typed].concat();
    let path = desk.path("/corrected");
    desk.person.post(&desk.office, &path, &fields).await
}

fn shows(reply: &Reply, status: u16, pieces: &[&str]) {
    assert_eq!(reply.status.as_u16(), status, "{}", reply.text);
    for piece in pieces {
        let text = &reply.text;
        assert!(text.contains(piece), "{piece} is missing in {text}");
    }
}

#[tokio::test]
async fn what_was_heard_answers_the_request_and_is_taken_back() {
    let desk = Desk::new().await;
    ask(&desk, &["employees"]).await;
    let before = desk.stored().await;
    let page = desk.page().await;
    assert!(page.contains(&format!("href=\"{}\"", desk.path("/corrected"))));
    let form = desk
        .person
        .get(&desk.office, &desk.path("/corrected"))
        .await;
    let pieces = [
        "従業員の数をお確かめください。",
        "name=\"employees\"",
        "name=\"shown\" value=\"employees\"",
        "value=\"R6.6.3\"",
        "value=\"10:00\"",
        "ほかの項目も直す",
    ];
    shows(&form, 200, &pieces);
    assert!(!form.text.contains("name=\"contact_name\""));

    let typed = |step| {
        [
            ("version", "1"),
            ("shown", "employees"),
            ("employees", "６０人"),
            ("contact_name", "乗っ取り"),
            ("note", SCRIPT),
            ("step", step),
        ]
    };
    let preview = send(&desk, TOLD, &typed("preview")).await;
    let pieces = [
        "まだ行っていません",
        "申込内容を直しました(受付番号",
        "前：45人",
        "今：60人",
    ];
    shows(&preview, 200, &pieces);
    assert_eq!(desk.stored().await, before, "nothing is done by looking");
    let edited = send(&desk, TOLD, &typed("edit")).await;
    shows(&edited, 200, &["value=\"６０人\"", "value=\"１０時\""]);

    let act = typed("act");
    let (one, two) = tokio::join!(send(&desk, TOLD, &act), send(&desk, TOLD, &act));
    assert_eq!((one.status.as_u16(), two.status.as_u16()), (303, 303));
    let after = desk.stored().await;
    assert_eq!(after.case.version, 2, "two clicks are one");
    assert_eq!(after.answers.employees, Some(60));
    assert_eq!(after.answers.contact_name, before.answers.contact_name);
    assert_eq!(after.answers.courses, before.answers.courses);
    assert!(after.case.correction.is_none());
    let page = desk.page().await;
    for piece in [
        "事務局が、申込内容を直しました。",
        "令和6年6月3日(月) 10時00分に、備品 一郎様からお電話でうかがいました。",
        "&#60;script&#62;alert(1)",
        "受付のとき：45人",
    ] {
        assert!(page.contains(piece), "{piece} is missing in {page}");
    }
    taken_back(&desk, &before).await;
}

async fn taken_back(desk: &Desk, before: &Stored) {
    desk.person
        .post(&desk.office, &desk.path("/undo/2"), &[])
        .await;
    let undone = desk.stored().await;
    assert_eq!(undone.answers, before.answers);
    assert_eq!(undone.case.correction, before.case.correction);
    assert_eq!(desk.mail("corrected").await.state, "cancelled");
    assert!(!desk.page().await.contains("受付のとき：45人"));
    desk.verify().await;
}

#[tokio::test]
async fn what_is_wrong_stands_at_its_field_and_what_was_typed_stays() {
    let desk = Desk::new().await;
    let version = desk.stored().await.case.version;
    let right = [("shown", "employees"), ("employees", "60")];
    for (name, value, sentence) in [
        ("said_by", "", "「お話しになった方」を入力してください。"),
        ("said_on", "", "「うかがった日」を入力してください。"),
        ("said_on", "6月31日", "id=\"said_on-error\""),
        ("said_on", "2024-06-04", "今より後になっています"),
        ("said_on", "2024-06-02", "受付より前になっています"),
        ("said_at", "", "「うかがった時刻」を入力してください。"),
        ("said_at", "25:00", "「14:05」のように"),
        ("said_at", "昼ごろ", "「14:05」のように"),
        ("said_at", "10:01", "今より後になっています"),
        ("employees", "六十人くらい", "id=\"employees-error\""),
        ("employees", "", "id=\"employees-error\""),
    ] {
        for step in ["preview", "act"] {
            let mut fields: Vec<(&str, &str)> = [TOLD, &right].concat();
            fields.retain(|(known, _)| *known != name);
            fields.extend([(name, value), ("note", SCRIPT), ("step", step)]);
            let reply = send(&desk, &[], &fields).await;
            let pieces = [sentence, "<title>エラー：", "&#60;script&#62;alert(1)"];
            shows(&reply, 422, &pieces);
            assert!(reply.text.contains(value), "{name} keeps {value}");
            assert!(!reply.text.contains(SCRIPT), "{name}");
        }
    }
    assert_eq!(desk.stored().await.case.version, version);
}

/// The company calls by itself: every field but the courses, with the help of the company's own page.
#[tokio::test]
async fn a_company_that_calls_by_itself_may_correct_everything() {
    let desk = Desk::new().await;
    let form = desk
        .person
        .get(&desk.office, &desk.path("/corrected"))
        .await;
    shows(
        &form,
        200,
        &[
            "name=\"contact_name\"",
            "name=\"pledges\"",
            "住所を自動入力",
        ],
    );
    assert!(!form.text.contains("name=\"courses\"") && !form.text.contains("ほかの項目も直す"));
    let postcode = [
        ("shown", "postcode"),
        ("shown", "prefecture"),
        ("shown", "address_line1"),
        ("postcode", "160-0023"),
        ("prefecture", ""),
        ("address_line1", ""),
        ("action", "postcode"),
    ];
    let filled = send(&desk, &[("said_by", "専務")], &postcode).await;
    shows(&filled, 200, &["value=\"新宿区西新宿\"", "value=\"専務\""]);
    let some = [
        ("shown", "employees"),
        ("employees", "約"),
        ("action", "all"),
    ];
    let all = send(&desk, &[("said_by", "専務")], &some).await;
    let pieces = ["value=\"約\"", "value=\"専務\"", "name=\"contact_name\""];
    shows(&all, 200, &pieces);

    let answers = desk.stored().await.answers;
    let typed = [
        ("shown", "contact_name"),
        ("contact_name", "新任 花子"),
        ("step", "act"),
    ];
    let done = send(&desk, TOLD, &typed).await;
    assert_eq!(done.status.as_u16(), 303, "{}", done.text);
    let mut expected = json!(answers);
    expected["contact_name"] = json!("新任 花子");
    assert_eq!(json!(desk.stored().await.answers), expected);
    let mail = desk.mail("corrected").await;
    let read = sonae::mail::reading::read(&mail.mail.content);
    assert!(read.body.contains("今：新任 花子"), "{}", read.body);
}

#[tokio::test]
async fn a_closed_case_is_not_corrected() {
    let desk = Desk::new().await;
    let reason = "お電話で".to_owned();
    desk.act(Event::Withdrawn { reason }, Actor::Company).await;
    let path = desk.path("/corrected");
    assert!(!desk.page().await.contains(&format!("href=\"{path}\"")));
    let form = desk.person.get(&desk.office, &path).await;
    shows(&form, 409, &["「取下げ」になっているため"]);
    let typed = [("shown", "employees"), ("employees", "60"), ("step", "act")];
    let late = send(&desk, TOLD, &typed).await;
    shows(&late, 422, &["「取下げ」になっているため", "value=\"60\""]);
}
