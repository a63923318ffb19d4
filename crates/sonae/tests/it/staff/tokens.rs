//! Tokens of other systems: shown once, narrowed to their scopes, ended by a date or by hand.

use axum::http::{HeaderMap, HeaderValue, header};
use sonae::staff::token::{Denied, of_request};
use sonae_core::access::{Action, StaffRole};

use crate::office::{OPEN_R6, Office};

const NEW: &str = "/office/tokens/new";

fn bearing(value: &str) -> HeaderMap {
    let value = HeaderValue::from_str(value).expect("visible ASCII");
    HeaderMap::from_iter([(header::AUTHORIZATION, value)])
}

/// What becomes of a request with this header: `yes`, `unknown` or `scope`.
async fn asks(office: &Office, header: &str, action: Action) -> &'static str {
    match of_request(&office.app, &bearing(header), action).await {
        Ok(_) => "yes",
        Err(Denied::Unknown) => "unknown",
        Err(Denied::OutOfScope) => "scope",
        Err(Denied::Failed(error)) => panic!("{error}"),
    }
}

#[tokio::test]
async fn a_token_is_shown_once_and_opens_its_scopes_until_it_ends() {
    let office = Office::open(OPEN_R6);
    let admin = office.sign_in(StaffRole::Admin).await;
    let fields = [
        ("name", "会計システム"),
        ("role", "secretariat"),
        ("scope", "list_cases"),
        ("scope", "read_figures"),
        ("days", "30"),
    ];
    let page = admin.post(&office, NEW, &fields).await;
    assert_eq!(page.status, 200, "{}", page.text);
    let at = page.text.find("sonae_").expect("the token");
    let token = &page.text[at..at + 70];
    let list = admin.get(&office, "/office/tokens").await;
    assert!(!list.text.contains(token) && list.text.contains("会計システム"));
    let header = format!("Bearer {token}");
    for (header, action, expected) in [
        (header.as_str(), Action::ListCases, "yes"),
        (
            &header.replace("Bearer", "bearer"),
            Action::ReadFigures,
            "yes",
        ),
        (&header, Action::ReadCase, "scope"),
        (&header, Action::ManageUsers, "scope"),
        (&format!("Basic {token}"), Action::ListCases, "unknown"),
        (&format!("{header}0"), Action::ListCases, "unknown"),
        (token, Action::ListCases, "unknown"),
        ("Bearer ", Action::ListCases, "unknown"),
    ] {
        assert_eq!(asks(&office, header, action).await, expected, "{header}");
    }
    let tokens = office.app.db.read(sonae_store::api_token::all);
    let kept = tokens.expect("readable").remove(0);
    assert_eq!(kept.last_used_at, Some(office.app.clock.now()));
    let office = office.reopen("2024-07-03T10:00:00+09:00");
    assert_eq!(asks(&office, &header, Action::ListCases).await, "unknown");
    let office = office.reopen("2024-07-03T09:59:59+09:00");
    assert_eq!(asks(&office, &header, Action::ListCases).await, "yes");
    let admin = office.sign_in(StaffRole::Admin).await;
    let revoke = format!("/office/tokens/{}/revoke", kept.id);
    for _ in 0..2 {
        assert_eq!(admin.post(&office, &revoke, &[]).await.status, 303);
    }
    assert_eq!(asks(&office, &header, Action::ListCases).await, "unknown");
    let list = admin.get(&office, "/office/tokens").await;
    assert!(list.text.contains("取り消し済み"));
}

#[tokio::test]
async fn a_token_never_goes_beyond_its_role() {
    let office = Office::open(OPEN_R6);
    let admin = office.sign_in(StaffRole::Admin).await;
    assert_eq!(admin.get(&office, NEW).await.status, 200);
    for (role, scope, days, wrong) in [
        ("sponsor", "work_case", "30", "東京都の役割ではできません"),
        ("king", "list_cases", "30", "役割を選んでください"),
        ("sponsor", "list_cases", "4000", "期限を選んでください"),
    ] {
        let fields = [
            ("name", "x"),
            ("role", role),
            ("scope", scope),
            ("days", days),
        ];
        let page = admin.post(&office, NEW, &fields).await;
        assert_eq!(page.status, 422, "{wrong}");
        assert!(page.text.contains(wrong), "{wrong}");
    }
    let all = office.app.db.read(sonae_store::api_token::all);
    assert_eq!(all.expect("readable"), []);
    // Without scopes it may what its role may, and no more.
    let fields = [("name", "x"), ("role", "sponsor"), ("days", "90")];
    let page = admin.post(&office, NEW, &fields).await;
    let at = page.text.find("sonae_").expect("the token");
    let header = format!("Bearer {}", &page.text[at..at + 70]);
    assert_eq!(asks(&office, &header, Action::DecideApproval).await, "yes");
    assert_eq!(asks(&office, &header, Action::WorkCase).await, "scope");
}
