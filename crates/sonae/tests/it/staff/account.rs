//! A person's own page: her browsers, her recovery codes, her keys.

use sonae::staff::{recovery, second_factor};
use sonae_core::access::StaffRole;

use super::visitor::mails;
use crate::office::{OPEN_R6, Office};

const PATH: &str = "/office/account";

/// Signs the same person in at a second browser.
fn second_browser(office: &Office, staff_id: &str) -> String {
    let now = office.app.clock.now();
    let token = sonae::staff::session::new_token();
    let id = sonae::staff::session::id_of(&token);
    let new = sonae_store::session::NewSession {
        id: &id,
        staff_id,
        stage: sonae_store::session::Stage::Full,
        goes_to: "/office",
        browser: "Mozilla/5.0 (iPhone) Safari/605.1",
        expires_at: now + sonae::staff::session::LONGEST,
    };
    let opened = office
        .app
        .db
        .write(|tx| sonae_store::session::open(tx, &new, now));
    opened.expect("written");
    id
}

fn sessions(office: &Office, staff_id: &str) -> usize {
    let found = office
        .app
        .db
        .read(|tx| sonae_store::session::of_staff(tx, staff_id));
    found.expect("readable").len()
}

#[tokio::test]
async fn browsers_are_listed_and_signed_out() {
    let office = Office::open(OPEN_R6);
    let person = office.sign_in(StaffRole::Expert).await;
    let stranger = office.sign_in(StaffRole::Expert).await;
    let other = second_browser(&office, &person.id);
    let page = person.get(&office, PATH).await;
    assert_eq!(page.text.matches("このブラウザー</span>").count(), 1);
    assert!(page.text.contains("Safari(iPhone)"));
    // Nobody signs out somebody else's browser.
    let fields = [("session", &other[..16])];
    let path = "/office/account/sessions";
    assert_eq!(stranger.post(&office, path, &fields).await.status, 303);
    assert_eq!(sessions(&office, &person.id), 2);
    assert_eq!(person.post(&office, path, &fields).await.status, 303);
    assert_eq!(sessions(&office, &person.id), 1);
    second_browser(&office, &person.id);
    let everywhere = "/office/account/sign-out-everywhere";
    let reply = person.post(&office, everywhere, &[]).await;
    assert_eq!(reply.header("location"), "/sign-in");
    assert_eq!(sessions(&office, &person.id), 0);
    assert_eq!(stranger.get(&office, PATH).await.status, 200);
}

#[tokio::test]
async fn new_recovery_codes_need_a_code_and_replace_the_old() {
    let office = Office::open(OPEN_R6);
    let person = office.sign_in(StaffRole::Secretariat).await;
    let secret = second_factor::new_secret();
    let old = recovery::new_codes().remove(0);
    let hash = recovery::hash(&old).expect("a code");
    office
        .app
        .db
        .write(|tx| {
            sonae_store::staff::enrol(tx, &person.id, &secret, 0, std::slice::from_ref(&hash))
        })
        .expect("written");
    let path = "/office/account/recovery-codes";
    let wrong = person.post(&office, path, &[("code", "000000")]).await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.text.contains("あと4回") && wrong.text.contains("<title>エラー："));
    let code = second_factor::code_at(&secret, office.app.clock.now());
    let page = person.post(&office, path, &[("code", &code)]).await;
    assert_eq!(page.status, 200);
    let items = page.text.split("<li>").skip(1);
    let codes = items.filter_map(|item| item.split_once("</li>"));
    let new: Vec<String> = codes.filter_map(|(code, _)| recovery::hash(code)).collect();
    assert_eq!(new.len(), 8);
    let used = office.app.db.write(|tx| {
        let now = office.app.clock.now();
        let old = sonae_store::staff::use_recovery_code(tx, &person.id, &hash, now)?;
        let new = sonae_store::staff::use_recovery_code(tx, &person.id, &new[0], now)?;
        Ok::<_, sonae_store::StoreError>((old, new))
    });
    assert_eq!(used.expect("written"), (false, true));
    for _ in 0..5 {
        person.post(&office, path, &[("code", &code)]).await;
    }
    let locked = person.post(&office, path, &[("code", &code)]).await;
    assert_eq!(locked.status, 429);
    assert_eq!(mails(&office)[0].1, "staff_locked");
}

#[tokio::test]
async fn single_keys_have_a_switch() {
    let office = Office::open(OPEN_R6);
    let person = office.sign_in(StaffRole::Desk).await;
    for (word, off) in [("off", true), ("on", false)] {
        let reply = person
            .post(&office, "/office/account/keys", &[("keys", word)])
            .await;
        assert_eq!(reply.header("location"), PATH);
        let page = person.get(&office, PATH).await;
        assert_eq!(
            page.text.contains("data-single-keys=\"off\""),
            off,
            "{word}"
        );
    }
}
