//! Every plain form on a state that allows it and on one that does not, with a script in every field.

use sonae::pages::office::case::FORMS;
use sonae_core::access::StaffRole;
use sonae_core::flow::{Actor, Channel, ContactOutcome, Event, Status};

use super::Desk;
use crate::office::OPEN_R6;

const SCRIPT: &str = "<script>alert(1)</script>\"'>";

/// Below the case, what is typed, events before it, and what is refused afterwards or before (an event that closes the way, with the words
/// of the refusal).
struct Row {
    path: &'static str,
    typed: &'static [(&'static str, &'static str)],
    before: fn() -> Vec<Event>,
    /// Part of the sentence in the timeline.
    told: &'static str,
    /// What makes it impossible; none for what is always possible.
    closed_by: fn() -> Vec<Event>,
    /// Part of the refusal.
    refused: &'static str,
}

fn none() -> Vec<Event> {
    Vec::new()
}

fn reached() -> Event {
    Event::Contacted {
        channel: Channel::Phone,
        outcome: ContactOutcome::Reached,
        note: String::new(),
    }
}

fn withdrawn() -> Vec<Event> {
    vec![Event::Withdrawn {
        reason: "電話".into(),
    }]
}

fn asked() -> Vec<Event> {
    vec![Event::CorrectionRequested {
        message: "確認".into(),
        fields: Vec::new(),
    }]
}

const CLOSED: &str = "「取下げ」になっているため";

const TABLE: &[Row] = &[
    Row {
        path: "/contact",
        typed: &[
            ("channel", "phone"),
            ("outcome", "no_answer"),
            ("note", SCRIPT),
        ],
        before: none,
        told: "電話をかけましたが、つながりませんでした。",
        closed_by: none,
        refused: "",
    },
    Row {
        path: "/message",
        typed: &[("subject", SCRIPT), ("text", SCRIPT)],
        before: none,
        told: "企業にメッセージを送りました：",
        closed_by: none,
        refused: "",
    },
    Row {
        path: "/note",
        typed: &[("text", SCRIPT)],
        before: none,
        told: "内部メモを書きました。",
        closed_by: none,
        refused: "",
    },
    Row {
        path: "/link",
        typed: &[("reason", SCRIPT)],
        before: none,
        told: "企業のリンクを新しくしました。",
        closed_by: none,
        refused: "",
    },
    Row {
        path: "/agreed",
        typed: &[("note", SCRIPT)],
        before: || vec![reached()],
        told: "企業が了承したことを記録しました。",
        closed_by: none,
        refused: "今の段階は「事務局からのご連絡」です。",
    },
    Row {
        path: "/correction",
        typed: &[("message", SCRIPT), ("fields", "employees")],
        before: none,
        told: "申込内容の訂正をお願いしました(対象：常時使用する従業員の数)。",
        closed_by: asked,
        refused: "すでに訂正をお願いしています。",
    },
    Row {
        path: "/correction/cancel",
        typed: &[("reason", SCRIPT)],
        before: asked,
        told: "訂正のお願いを取り消しました。",
        closed_by: none,
        refused: "訂正のお願いは、今は出ていません。",
    },
    Row {
        path: "/take",
        typed: &[],
        before: none,
        told: "担当を運営事務局さんにしました。",
        closed_by: none,
        refused: "",
    },
    Row {
        path: "/assign",
        typed: &[("to", "-")],
        before: none,
        told: "担当を外しました。",
        closed_by: none,
        refused: "",
    },
    Row {
        path: "/expert",
        typed: &[("to", "-")],
        before: none,
        told: "担当の専門家を外しました。",
        closed_by: withdrawn,
        refused: CLOSED,
    },
    Row {
        path: "/withdraw",
        typed: &[("reason", SCRIPT)],
        before: none,
        told: "企業のお申し出により、お申込みを取り下げました。",
        closed_by: withdrawn,
        refused: CLOSED,
    },
    Row {
        path: "/courses/withdraw",
        typed: &[("course", "utm"), ("reason", SCRIPT)],
        before: none,
        told: "「UTM機器設置」だけを取り下げました。",
        closed_by: withdrawn,
        refused: CLOSED,
    },
    Row {
        path: "/decline",
        typed: &[("reason", SCRIPT), ("clause", "2(1)")],
        before: none,
        told: "参加をお断りしました(要項 2(1))。",
        closed_by: withdrawn,
        refused: CLOSED,
    },
    Row {
        path: "/exclude",
        typed: &[("reason", SCRIPT), ("clause", "2(1)")],
        before: none,
        told: "除外しました(要項 2(1))。",
        closed_by: withdrawn,
        refused: CLOSED,
    },
    Row {
        path: "/reopen",
        typed: &[("reason", SCRIPT)],
        before: withdrawn,
        told: "案件を再開しました。",
        closed_by: none,
        refused: "「手続き中」になっているため",
    },
];

/// Sends the form as the person does: what is typed, the version she saw, the button.
async fn send(desk: &Desk, row: &Row, version: i64, step: &str) -> crate::office::Reply {
    let version = version.to_string();
    let mut fields = row.typed.to_vec();
    fields.extend([("version", version.as_str()), ("step", step)]);
    desk.person
        .post(&desk.office, &desk.path(row.path), &fields)
        .await
}

async fn prepared(events: Vec<Event>) -> Desk {
    let desk = Desk::new().await;
    let actor = Actor::Staff {
        id: desk.person.id.clone(),
        role: StaffRole::Secretariat,
    };
    for event in events {
        desk.act(event, actor.clone()).await;
    }
    desk
}

#[tokio::test]
async fn every_form_where_it_is_allowed() {
    assert_eq!(TABLE.len(), FORMS.len(), "a row for each form");
    for row in TABLE {
        let desk = prepared((row.before)()).await;
        let page = desk.page().await;
        let link = format!("href=\"{}\"", desk.path(row.path));
        assert!(page.contains(&link), "{} is offered", row.path);
        let form = desk.person.get(&desk.office, &desk.path(row.path)).await;
        assert_eq!(form.status, 200, "{}: {}", row.path, form.text);
        let version = desk.stored().await.case.version;
        let first = send(&desk, row, version, "preview").await;
        if first.status == 200 {
            assert!(first.text.contains("まだ行っていません"), "{}", row.path);
            assert_eq!(desk.stored().await.case.version, version, "{}", row.path);
            assert!(!first.text.contains("<script>alert"), "{}", row.path);
            let edited = send(&desk, row, version, "edit").await;
            assert_eq!(edited.status, 200, "{}: {}", row.path, edited.text);
            let done = send(&desk, row, version, "act").await;
            assert_eq!(done.status, 303, "{}: {}", row.path, done.text);
        } else {
            assert_eq!(first.status, 303, "{}: {}", row.path, first.text);
        }
        let page = desk.page().await;
        assert!(
            page.contains(row.told),
            "{} tells {}: {page}",
            row.path,
            row.told
        );
        assert!(!page.contains("<script>alert"), "{} is escaped", row.path);
        if row.typed.iter().any(|(_, value)| *value == SCRIPT) {
            assert!(page.contains("&#60;script&#62;alert(1)"), "{}", row.path);
        }
        let again = send(&desk, row, version, "act").await;
        assert_eq!(again.status, 303, "two clicks are one: {}", row.path);
        assert_eq!(
            desk.stored().await.case.version,
            version + 1,
            "{}",
            row.path
        );
    }
}

#[tokio::test]
async fn every_form_where_it_is_refused() {
    for row in TABLE.iter().filter(|row| !row.refused.is_empty()) {
        let desk = prepared((row.closed_by)()).await;
        let link = format!("href=\"{}\"", desk.path(row.path));
        assert!(
            !desk.page().await.contains(&link),
            "{} is not offered",
            row.path
        );
        let form = desk.person.get(&desk.office, &desk.path(row.path)).await;
        assert_eq!(form.status, 409, "{}: {}", row.path, form.text);
        assert!(
            form.text.contains(row.refused),
            "{}: {}",
            row.path,
            form.text
        );
        let version = desk.stored().await.case.version;
        for step in ["preview", "act"] {
            let reply = send(&desk, row, version, step).await;
            assert_eq!(reply.status, 422, "{} {step}: {}", row.path, reply.text);
            assert!(
                reply.text.contains(row.refused),
                "{}: {}",
                row.path,
                reply.text
            );
            assert!(reply.text.contains("エラー："), "{}", row.path);
            for (_, typed) in row.typed.iter().filter(|(_, typed)| *typed == SCRIPT) {
                let kept = reply.text.contains("&#60;script&#62;alert(1)");
                assert!(kept, "{} keeps {typed}", row.path);
            }
        }
        assert_eq!(desk.stored().await.case.version, version, "{}", row.path);
    }
}

#[tokio::test]
async fn what_is_wrong_stands_at_its_field() {
    let desk = Desk::new().await;
    let long = "長".repeat(5_001);
    for (path, typed, sentence) in [
        (
            "/contact",
            vec![("channel", "phone")],
            "「結果」を選んでください。",
        ),
        (
            "/contact",
            vec![("channel", "pigeon"), ("outcome", "reached")],
            "「連絡の手段」は、一覧の中から選んでください。",
        ),
        (
            "/note",
            vec![("text", " \r\n ")],
            "「内部メモ(企業には見えません)」を入力してください。",
        ),
        (
            "/note",
            vec![("text", long.as_str())],
            "5000文字までです。今は5001文字あります。",
        ),
        (
            "/message",
            vec![("subject", "件名")],
            "「本文(企業に届きます)」を入力してください。",
        ),
        (
            "/assign",
            vec![("to", "somebody")],
            "「担当」は、一覧の中から選んでください。",
        ),
        (
            "/correction",
            vec![("message", "x"), ("fields", "salt")],
            "「対象の項目」は、一覧の中から選んでください。",
        ),
        (
            "/decline",
            vec![("reason", "x")],
            "「根拠にする要項の条項」を選んでください。",
        ),
    ] {
        for step in ["preview", "act"] {
            let mut fields = typed.clone();
            fields.push(("step", step));
            let reply = desk
                .person
                .post(&desk.office, &desk.path(path), &fields)
                .await;
            assert_eq!(reply.status, 422, "{path}: {}", reply.text);
            assert!(reply.text.contains(sentence), "{path}: {}", reply.text);
        }
    }
    assert_eq!(desk.stored().await.case.version, 0);
}

/// Who declines sees the text that goes out, and to whom, and when.
#[tokio::test]
async fn the_preview_holds_the_mail_and_everything_that_moves() {
    let desk = Desk::new().await;
    let row = TABLE
        .iter()
        .find(|row| row.path == "/decline")
        .expect("a row");
    let page = send(&desk, row, 0, "preview").await.text;
    for piece in [
        "状態が「手続き中」から「お断り」に変わります。",
        "期限「事務局からの最初のご連絡」が終わります。",
        "から「枠なし(返却)」に変わります。",
        "令和6年6月3日(月) 10時05分に送ります。",
        "<dt>宛先</dt>",
        "お申込みの結果について",
        "今回は参加いただけないこととなりました。",
    ] {
        assert!(page.contains(piece), "{piece} is missing in {page}");
    }
    let before = desk.mails().await;
    send(&desk, row, 0, "act").await;
    let after = desk.mails().await;
    assert_eq!(after.len(), before.len() + 1);
    let mail = desk.mail("declined").await;
    assert!(mail.is_held_back(OPEN_R6.parse().expect("an instant")));
    assert_eq!(desk.stored().await.case.status, Status::Declined);
}
