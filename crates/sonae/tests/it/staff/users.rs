//! Administrators and the people of the office.

use sonae_core::access::StaffRole;
use sonae_store::staff::Staff;

use super::signed_in::SignedIn;
use super::visitor::{add, mails};
use crate::office::{OPEN_R6, Office};

fn person(office: &Office, id: &str) -> Staff {
    let found = office.app.db.read(|tx| sonae_store::staff::by_id(tx, id));
    found.expect("readable").expect("somebody")
}

/// Every action of the log, in its order.
fn actions(office: &Office) -> Vec<String> {
    let lines = office.app.db.read(|tx| {
        let mut lines = Vec::new();
        while let Some(bound) = sonae_store::audit::entry(tx, lines.len() as i64)? {
            lines.push(bound.line);
        }
        Ok::<_, sonae_store::StoreError>(lines)
    });
    let action = |line: String| {
        let entry: serde_json::Value = serde_json::from_str(&line).expect("JSON");
        entry["action"].as_str().expect("an action").to_owned()
    };
    lines.expect("readable").into_iter().map(action).collect()
}

/// Posts to a person's page and gives the page that follows.
async fn change(office: &Office, admin: &SignedIn, id: &str, what: &str) -> u16 {
    let path = format!("/office/users/{id}/{what}");
    let role = [("role", "expert")];
    let reply = admin.post(office, &path, &role).await;
    reply.status.as_u16()
}

#[tokio::test]
async fn somebody_is_invited_and_told_by_mail() {
    let office = Office::open(OPEN_R6);
    let admin = office.sign_in(StaffRole::Admin).await;
    let path = "/office/users/new";
    for (name, email, role, wrong) in [
        ("", "new@office.example.jp", "desk", "名前"),
        ("新田 花", "nobody", "desk", "email-error"),
        (
            "新田 花",
            "new@office.example.jp",
            "king",
            "役割を選んでください",
        ),
    ] {
        let fields = [("name", name), ("email", email), ("role", role)];
        let page = admin.post(&office, path, &fields).await;
        assert_eq!(page.status, 422, "{wrong}");
        assert!(
            page.text.contains(wrong) && page.text.contains("エラー："),
            "{wrong}"
        );
        assert!(page.text.contains(&format!("value=\"{email}\"")), "{wrong}");
    }
    let fields = [
        ("name", "<b>新田</b>"),
        ("email", "Ｎew@Office.example.jp"),
        ("role", "expert"),
    ];
    let reply = admin.post(&office, path, &fields).await;
    assert_eq!(reply.status, 303, "{}", reply.text);
    let page = admin.get(&office, reply.header("location")).await;
    assert!(page.text.contains("new@office.example.jp") && page.text.contains("&#60;b&#62;新田"));
    let sent = mails(&office);
    assert_eq!(
        (sent[0].0.as_str(), sent[0].1.as_str()),
        ("new@office.example.jp", "staff_added")
    );
    assert!(sent[0].2.contains("/sign-in\n") && !sent[0].2.contains("/sign-in/link"));
    let again = admin.post(&office, path, &fields).await;
    assert_eq!(again.status, 422);
    assert!(again.text.contains("すでに登録されています"));
    let list = admin.get(&office, "/office/users").await;
    assert!(list.text.contains("全部で2人") && list.text.contains("未登録"));
}

#[tokio::test]
async fn a_person_is_changed_and_each_change_is_in_the_log() {
    let office = Office::open(OPEN_R6);
    let admin = office.sign_in(StaffRole::Admin).await;
    let other = office.sign_in(StaffRole::Desk).await;
    let id = &other.id;
    let before = actions(&office).len();
    assert_eq!(change(&office, &admin, id, "role").await, 303);
    assert_eq!(person(&office, id).role, StaffRole::Expert);
    // What somebody may do was decided by the role she had.
    let gone = other.get(&office, "/office/account").await;
    assert_eq!(gone.status, 303);
    assert_eq!(change(&office, &admin, id, "suspend").await, 303);
    assert!(!person(&office, id).active);
    assert_eq!(change(&office, &admin, id, "resume").await, 303);
    assert!(person(&office, id).active);
    let locked = office.app.db.write(|tx| {
        let now = office.app.clock.now();
        sonae_store::staff::enrol(tx, id, &[1; 20], 1, &[])?;
        sonae_store::staff::lock(tx, id, now + jiff::SignedDuration::from_mins(15))
    });
    locked.expect("written");
    let page = admin.get(&office, &format!("/office/users/{id}")).await;
    assert!(page.text.contains("ロック中") && page.text.contains("ロックを解除する"));
    assert_eq!(change(&office, &admin, id, "unlock").await, 303);
    assert_eq!(person(&office, id).second_factor.locked_until, None);
    assert_eq!(change(&office, &admin, id, "second-factor").await, 303);
    assert_eq!(person(&office, id).second_factor.secret, None);
    assert_eq!(mails(&office)[0].1, "staff_reset");
    // What is so already is neither done nor noted again.
    assert_eq!(change(&office, &admin, id, "unlock").await, 303);
    assert_eq!(
        actions(&office)[before..],
        [
            "staff.role_changed",
            "staff.suspended",
            "staff.resumed",
            "staff.unlocked",
            "staff.second_factor_reset"
        ]
    );
    for what in ["role", "suspend", "resume", "unlock", "second-factor"] {
        assert_eq!(change(&office, &admin, "nobody", what).await, 404, "{what}");
    }
    let nobody = admin.get(&office, "/office/users/nobody").await;
    assert_eq!(nobody.status, 404);
}

#[tokio::test]
async fn the_last_administrator_stays() {
    let office = Office::open(OPEN_R6);
    let admin = office.sign_in(StaffRole::Admin).await;
    for what in ["role", "suspend"] {
        assert_eq!(change(&office, &admin, &admin.id, what).await, 303);
        let kept = person(&office, &admin.id);
        assert!(kept.active && kept.role == StaffRole::Admin, "{what}");
    }
    // A suspended administrator is none.
    let second = add(&office, "second@office.example.jp", StaffRole::Admin);
    assert_eq!(change(&office, &admin, &second, "suspend").await, 303);
    assert_eq!(change(&office, &admin, &admin.id, "suspend").await, 303);
    assert!(person(&office, &admin.id).active);
    assert_eq!(change(&office, &admin, &second, "resume").await, 303);
    assert_eq!(change(&office, &admin, &admin.id, "suspend").await, 303);
    assert!(!person(&office, &admin.id).active);
    let out = admin.get(&office, "/office/users").await;
    assert!(out.header("location").starts_with("/sign-in"));
}
