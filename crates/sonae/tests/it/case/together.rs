//! More than one person in a case: conflicts, two clicks, undo, who is there, who may.

use sonae_core::access::StaffRole;
use sonae_core::flow::{Actor, Event, Status};

use super::Desk;
use crate::office::OPEN_R6;

fn withdraw(version: &str, step: &'static str) -> Vec<(&'static str, String)> {
    vec![
        ("reason", "電話で申し出があった".to_owned()),
        ("version", version.to_owned()),
        ("step", step.to_owned()),
    ]
}

async fn post(
    desk: &Desk,
    below: &str,
    fields: Vec<(&'static str, String)>,
) -> crate::office::Reply {
    let fields: Vec<(&str, &str)> = (fields.iter())
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    desk.person
        .post(&desk.office, &desk.path(below), &fields)
        .await
}

#[tokio::test]
async fn a_conflict_shows_what_happened_and_goes_on() {
    let desk = Desk::new().await;
    let other = desk.office.sign_in(StaffRole::Secretariat).await;
    let actor = Actor::Staff {
        id: other.id.clone(),
        role: StaffRole::Secretariat,
    };
    let asked = Event::CorrectionRequested {
        message: "<b>従業員の数</b>".into(),
        fields: Vec::new(),
    };
    desk.act(asked, actor).await;
    let conflict = post(&desk, "/withdraw", withdraw("0", "act")).await;
    assert_eq!(conflict.status, 409, "{}", conflict.text);
    for piece in [
        "申込内容の訂正をお願いしました。",
        "&#60;b&#62;従業員の数&#60;/b&#62;",
        "value=\"電話で申し出があった\"",
        "name=\"version\" value=\"1\"",
    ] {
        assert!(
            conflict.text.contains(piece),
            "{piece} is missing in {}",
            conflict.text
        );
    }
    assert_eq!(desk.stored().await.case.status, Status::Open);
    let preview = post(&desk, "/withdraw", withdraw("1", "preview")).await;
    assert_eq!(preview.status, 200);
    let done = post(&desk, "/withdraw", withdraw("1", "act")).await;
    assert_eq!(done.status, 303, "{}", done.text);
    assert_eq!(desk.stored().await.case.status, Status::Withdrawn);
}

#[tokio::test]
async fn two_clicks_at_once_act_once() {
    for (below, fields) in [
        ("/withdraw", withdraw("0", "act")),
        (
            "/note",
            vec![("text", "同じメモ".to_owned()), ("version", "0".to_owned())],
        ),
    ] {
        let desk = Desk::new().await;
        let (one, other) = tokio::join!(
            post(&desk, below, fields.clone()),
            post(&desk, below, fields.clone())
        );
        assert_eq!((one.status.as_u16(), other.status.as_u16()), (303, 303));
        assert_eq!(desk.stored().await.case.version, 1, "{below}");
        assert_eq!(desk.events().await.len(), 1, "{below}");
        // Meant again: a form opened afterwards.
        if below == "/note" {
            let again = vec![("text", "同じメモ".to_owned()), ("version", "1".to_owned())];
            post(&desk, below, again).await;
            assert_eq!(desk.stored().await.case.version, 2);
        }
    }
}

#[tokio::test]
async fn what_was_done_is_undone_with_its_mail() {
    let desk = Desk::new().await;
    let before = desk.stored().await.case;
    let mails = desk.mails().await.len();
    post(&desk, "/withdraw", withdraw("0", "act")).await;
    assert_eq!(desk.mails().await.len(), mails + 1);
    let page = desk.page().await;
    assert!(
        page.contains(&format!("action=\"{}\"", desk.path("/undo/1"))),
        "{page}"
    );
    let other = desk.office.sign_in(StaffRole::Secretariat).await;
    other.post(&desk.office, &desk.path("/undo/1"), &[]).await;
    assert_eq!(
        desk.stored().await.case.status,
        Status::Withdrawn,
        "not hers to undo"
    );
    let undone = post(&desk, "/undo/1", Vec::new()).await;
    assert_eq!(undone.header("location"), desk.path(""));
    let mut after = desk.stored().await.case;
    assert_eq!(after.version, 2);
    after.version = before.version;
    assert_eq!(after, before);
    let mail = desk.mail("withdrawn").await;
    assert_eq!(mail.state, "cancelled");
    let page = desk.page().await;
    for piece in ["に取り消しました。", "送る前にやめたメール："] {
        assert!(page.contains(piece), "{piece} is missing in {page}");
    }
    assert!(!page.contains("/undo/"), "nothing is left to undo");
    // Somebody who still looks at the withdrawn case must not act on it.
    let late = vec![
        ("reason", "再開".to_owned()),
        ("version", "1".to_owned()),
        ("step", "act".to_owned()),
    ];
    let conflict = post(&desk, "/reopen", late).await;
    assert_eq!(conflict.status, 409, "{}", conflict.text);
    desk.verify().await;
}

#[tokio::test]
async fn what_has_left_is_not_undone() {
    let desk = Desk::new().await;
    post(&desk, "/withdraw", withdraw("0", "act")).await;
    let mail = desk.mail("withdrawn").await.mail.id;
    let at = OPEN_R6.parse().expect("an instant");
    let sent = (desk.office.app)
        .write(move |tx| sonae_store::outbox::mark_sent(tx, &mail, at))
        .await;
    sent.expect("written");
    post(&desk, "/undo/1", Vec::new()).await;
    assert_eq!(desk.stored().await.case.status, Status::Withdrawn);
}

#[tokio::test]
async fn who_is_there_is_seen_and_every_reading_is_logged() {
    let desk = Desk::new().await;
    let other = desk.office.sign_in(StaffRole::Sponsor).await;
    let alone = desk.page().await;
    assert!(!alone.contains("さんが見ています"));
    for _ in 0..3 {
        other.get(&desk.office, &desk.path("")).await;
    }
    assert!(desk.page().await.contains("東京都さんが見ています。"));
    let id = desk.stored().await.application_id;
    let since = OPEN_R6.parse().expect("an instant");
    let reads = (desk.office.app)
        .read(move |tx| sonae_store::case_read::since(tx, &id, since))
        .await
        .expect("readable");
    assert_eq!(reads.len(), 2, "one line for a person, a case and an hour");
    for read in reads {
        let entry = (desk.office.app)
            .read(move |tx| sonae_store::audit::entry(tx, read.log_index))
            .await;
        let line = entry.expect("readable").expect("an entry").line;
        assert!(
            line.contains("\"case.read\"") && line.contains(&desk.number),
            "{line}"
        );
    }
    desk.verify().await;
}

/// Pages, and what each role sees of a case that is or is not hers.
#[tokio::test]
async fn a_case_that_is_not_hers_looks_like_none() {
    let desk = Desk::new().await;
    let unknown = "/office/cases/R6-333-34A";
    for (role, open) in [
        (StaffRole::Secretariat, true),
        (StaffRole::Sponsor, true),
        (StaffRole::Expert, false),
        (StaffRole::Technician, false),
        (StaffRole::Desk, false),
    ] {
        let person = desk.office.sign_in(role).await;
        let page = person.get(&desk.office, &desk.path("")).await;
        assert_eq!(
            page.status.as_u16(),
            if open { 200 } else { 404 },
            "{role:?}"
        );
        if !open {
            let none = person.get(&desk.office, unknown).await;
            assert_eq!(none.status, 404);
            assert_eq!(page.text, none.text, "{role:?}");
            assert!(page.text.contains("office-nav"), "one stays in the office");
        }
        if role == StaffRole::Sponsor {
            assert!(
                page.text.contains("この案件を見ることができます。"),
                "{}",
                page.text
            );
            let note = [("text", "x"), ("version", "0")];
            let refused = person.post(&desk.office, &desk.path("/note"), &note).await;
            assert_eq!(refused.status, 422, "{}", refused.text);
        }
    }
}

#[tokio::test]
async fn an_expert_works_on_what_is_hers() {
    let desk = Desk::new().await;
    let expert = desk.office.sign_in(StaffRole::Expert).await;
    let actor = Actor::Staff {
        id: desk.person.id.clone(),
        role: StaffRole::Secretariat,
    };
    let given = Event::ExpertAssigned {
        to: Some(expert.id.clone()),
    };
    desk.act(given, actor).await;
    let page = expert.get(&desk.office, &desk.path("")).await;
    assert_eq!(page.status, 200);
    for (below, offered) in [
        ("/contact", true),
        ("/note", true),
        ("/message", true),
        ("/decline", false),
        ("/assign", false),
    ] {
        let link = format!("href=\"{}\"", desk.path(below));
        assert_eq!(page.text.contains(&link), offered, "{below}");
    }
    let refused = expert.get(&desk.office, &desk.path("/decline")).await;
    assert_eq!(refused.status, 403);
}
