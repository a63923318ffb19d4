//! Signing in: the link, the code of the app, the recovery codes, and everything that must not open.

use axum::body::Body;
use axum::http::{Request, header};
use sonae::staff::second_factor::code_at;
use sonae::staff::session::{csrf_of, id_of};
use sonae_core::access::StaffRole;

use super::visitor::{Visitor, add, link_in, mails, opened};
use crate::office::{OPEN_R6, Office};

const HANAKO: &str = "hanako@office.example.jp";

/// An office with one secretary.
fn office() -> (Office, String) {
    let office = Office::open(OPEN_R6);
    let id = add(&office, HANAKO, StaffRole::Secretariat);
    (office, id)
}

/// So many seconds after the office opened.
fn later(seconds: i64) -> String {
    let opened: jiff::Timestamp = OPEN_R6.parse().expect("an instant");
    (opened + jiff::SignedDuration::from_secs(seconds)).to_string()
}

/// The secret that a visitor's session enrols, as the page shows it.
async fn secret(office: &Office, visitor: &mut Visitor) -> Vec<u8> {
    let page = visitor.get(office, "/sign-in/enrol").await;
    assert!(page.text.contains("<svg class=\"qr\""), "{}", page.text);
    let id = id_of(&visitor.cookie);
    let found = office.app.db.read(|tx| {
        let idle = jiff::SignedDuration::from_hours(1);
        sonae_store::session::find(tx, &id, office.app.clock.now(), idle)
    });
    let secret = found.expect("readable").expect("open").1.enrolling;
    let secret = secret.expect("a secret is being enrolled");
    assert!(
        page.text
            .contains(&sonae::staff::second_factor::as_text(&secret))
    );
    secret
}

/// Signs in for the first time: the browser, the secret, and the recovery codes.
async fn enrolled(office: &Office, email: &str) -> (Visitor, Vec<u8>, Vec<String>) {
    let mut visitor = opened(office, email).await;
    let secret = secret(office, &mut visitor).await;
    let code = code_at(&secret, office.app.clock.now());
    let page = visitor.give(office, "/sign-in/enrol", &code).await;
    assert_eq!(page.status, 200, "{}", page.text);
    let items = page.text.split("<li>").skip(1);
    let codes: Vec<String> = items
        .filter_map(|item| item.split_once("</li>"))
        .map(|(code, _)| code.to_owned())
        .filter(|code| code.len() == 31 && !code.contains('<'))
        .collect();
    assert_eq!(codes.len(), 8);
    (visitor, secret, codes)
}

#[tokio::test]
async fn the_answer_does_not_tell_who_exists() {
    let (office, _) = office();
    let suspended = add(&office, "gone@office.example.jp", StaffRole::Desk);
    office
        .app
        .db
        .write(|tx| sonae_store::staff::set_active(tx, &suspended, false))
        .expect("written");
    let mut answers = Vec::new();
    for email in [
        HANAKO,
        "Ｈａｎａｋｏ＠Office.Example.jp",
        "nobody@office.example.jp",
        "gone@office.example.jp",
    ] {
        let mut visitor = Visitor::default();
        let started = std::time::Instant::now();
        let reply = visitor.post(&office, "/sign-in", &[("email", email)]).await;
        assert!(started.elapsed().as_millis() >= 250, "{email}");
        assert_eq!(visitor.cookie, "");
        let recipients: Vec<String> = mails(&office).into_iter().map(|mail| mail.0).collect();
        let known = email.to_lowercase().contains("anako") || email.contains('Ｈ');
        let expected = if known {
            vec![HANAKO.to_owned()]
        } else {
            vec![]
        };
        assert_eq!(recipients, expected, "{email}");
        answers.push((
            reply.status.as_u16(),
            reply.header("location").to_owned(),
            reply.text,
        ));
    }
    assert_eq!(answers[0].0, 303);
    assert!(answers.iter().all(|answer| *answer == answers[0]));
    let mut visitor = Visitor::default();
    let sent = visitor.get(&office, "/sign-in/sent").await;
    assert!(sent.text.contains("10分間、1回だけ"));
    let bad = visitor.post(&office, "/sign-in", &[("email", "x")]).await;
    assert_eq!(bad.status, 422);
    assert!(bad.text.contains("<title>エラー：サインイン") && bad.text.contains("value=\"x\""));
}

#[tokio::test]
async fn mails_are_limited_and_a_link_opens_once() {
    let (office, _) = office();
    let mut visitor = Visitor::default();
    for _ in 0..7 {
        visitor
            .post(&office, "/sign-in", &[("email", HANAKO)])
            .await;
    }
    let mails = mails(&office);
    assert_eq!(mails.len(), 5);
    let link = link_in(&mails[0].2);
    // Mail servers look at links: that uses nothing up and gives nobody a session.
    for _ in 0..2 {
        let page = visitor.get(&office, &link).await;
        assert_eq!((page.status.as_u16(), visitor.cookie.as_str()), (200, ""));
    }
    let reply = visitor.post(&office, &link, &[]).await;
    assert_eq!(
        (reply.status.as_u16(), reply.header("location")),
        (303, "/sign-in/code")
    );
    let mut other = Visitor::default();
    for path in [link.as_str(), "/sign-in/link/0000"] {
        let (seen, used) = (
            other.get(&office, path).await,
            other.post(&office, path, &[]).await,
        );
        assert_eq!((seen.status.as_u16(), used.status.as_u16()), (404, 404));
        assert!(used.text.contains("このリンクは使えません"));
    }
    assert_eq!(other.cookie, "");
    let unused = link_in(&mails[1].2);
    let office = office.reopen(&later(600));
    assert_eq!(other.post(&office, &unused, &[]).await.status, 404);
}

/// Another page cannot open a link, and so cannot sign a visitor in as somebody else.
#[tokio::test]
async fn a_foreign_page_cannot_sign_anybody_in() {
    let (office, _) = office();
    let mut visitor = Visitor::default();
    visitor
        .post(&office, "/sign-in", &[("email", HANAKO)])
        .await;
    let link = link_in(&mails(&office)[0].2);
    let foreign = Request::post(&link)
        .header("sec-fetch-site", "cross-site")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::empty())
        .expect("a request");
    let reply = office.send(foreign).await;
    assert_eq!(
        (reply.status.as_u16(), reply.header("set-cookie")),
        (403, "")
    );
    assert_eq!(visitor.get(&office, &link).await.status, 200);
}

#[tokio::test]
async fn the_first_sign_in_enrols_an_app_and_changes_the_cookie() {
    let (office, id) = office();
    let mut visitor = opened(&office, HANAKO).await;
    let before = visitor.clone();
    let reply = visitor.get(&office, "/office/account").await;
    assert!(reply.header("location").starts_with("/sign-in?"));
    let reply = visitor.get(&office, "/sign-in/code").await;
    assert_eq!(reply.header("location"), "/sign-in/enrol");
    let secret = secret(&office, &mut visitor).await;
    let code = code_at(&secret, office.app.clock.now());
    for (csrf, code, status) in [
        ("", code.as_str(), 403),
        (&csrf_of("another"), &code, 403),
        (&csrf_of(&visitor.cookie), "000000", 422),
        (&csrf_of(&visitor.cookie), &code, 200),
    ] {
        let fields = [("csrf", csrf), ("code", code)];
        let reply = visitor.post(&office, "/sign-in/enrol", &fields).await;
        assert_eq!(reply.status, status, "{csrf} {code}");
    }
    assert_ne!(visitor.cookie, before.cookie);
    assert_eq!(visitor.get(&office, "/office/account").await.status, 200);
    // What somebody may have planted before the sign-in opens nothing after it.
    let mut before = before;
    for path in ["/office/account", "/sign-in/code"] {
        let reply = before.get(&office, path).await;
        assert!(reply.header("location").starts_with("/sign-in"), "{path}");
    }
    let left = office
        .app
        .db
        .read(|tx| sonae_store::session::of_staff(tx, &id));
    assert_eq!(left.expect("readable").len(), 1);
}

#[tokio::test]
async fn a_code_is_taken_once() {
    let (office, _) = office();
    let (_, secret, _) = enrolled(&office, HANAKO).await;
    let mut visitor = opened(&office, HANAKO).await;
    let code = code_at(&secret, office.app.clock.now());
    let replayed = visitor.give(&office, "/sign-in/code", &code).await;
    assert_eq!(replayed.status, 422);
    assert!(replayed.text.contains("確認コードが正しくありません"));
    let office = office.reopen(&later(30));
    let code = code_at(&secret, office.app.clock.now());
    let reply = visitor.give(&office, "/sign-in/code", &code).await;
    assert_eq!(
        (reply.status.as_u16(), reply.header("location")),
        (303, "/office")
    );
}

#[tokio::test]
async fn wrong_codes_lock_for_a_while_and_are_told_by_mail() {
    let (office, id) = office();
    let (_, secret, codes) = enrolled(&office, HANAKO).await;
    let mut visitor = opened(&office, HANAKO).await;
    let office = office.reopen(&later(60));
    for left in (1..5).rev() {
        let reply = visitor.give(&office, "/sign-in/code", "000000").await;
        assert_eq!(reply.status, 422);
        assert!(reply.text.contains(&format!("あと{left}回")), "{left}");
    }
    let right = code_at(&secret, office.app.clock.now());
    for code in ["000000", &right, &codes[0]] {
        let reply = visitor.give(&office, "/sign-in/code", code).await;
        assert_eq!(reply.status, 429, "{code}");
        assert!(
            reply.text.contains("10時16分まで受け付けていません"),
            "{}",
            reply.text
        );
    }
    let told: Vec<String> = mails(&office).into_iter().map(|mail| mail.1).collect();
    assert_eq!(told, ["staff_locked"]);
    // Another link does not get around it; an administrator does.
    let mut again = opened(&office, HANAKO).await;
    let reply = again.give(&office, "/sign-in/code", &right).await;
    assert_eq!(reply.status, 429);
    office
        .app
        .db
        .write(|tx| sonae_store::staff::unlock(tx, &id))
        .expect("written");
    let reply = again.give(&office, "/sign-in/code", &right).await;
    assert_eq!(reply.status, 303);
}

#[tokio::test]
async fn a_recovery_code_is_taken_once() {
    let (office, id) = office();
    let (_, _, codes) = enrolled(&office, HANAKO).await;
    for (code, status) in [
        (codes[0].to_uppercase(), 303),
        (codes[0].clone(), 422),
        (codes[1].replace('-', " "), 303),
    ] {
        let mut visitor = opened(&office, HANAKO).await;
        let reply = visitor.give(&office, "/sign-in/code", &code).await;
        assert_eq!(reply.status, status, "{code}");
    }
    let left = office
        .app
        .db
        .read(|tx| sonae_store::staff::recovery_codes_left(tx, &id));
    assert_eq!(left.expect("readable"), 6);
}

#[tokio::test]
async fn the_sign_in_leads_back_and_never_away() {
    let (office, _) = office();
    let (_, _, codes) = enrolled(&office, HANAKO).await;
    for (index, (to, goes_to)) in [
        ("/office/cases?view=overdue", "/office/cases?view=overdue"),
        ("https://evil.example.jp/office/", "/office"),
        ("//evil.example.jp", "/office"),
        ("/office/../../evil", "/office"),
    ]
    .into_iter()
    .enumerate()
    {
        let mut visitor = Visitor::default();
        let fields = [("email", HANAKO), ("to", to)];
        visitor.post(&office, "/sign-in", &fields).await;
        let link = link_in(&mails(&office)[0].2);
        visitor.post(&office, &link, &[]).await;
        let reply = visitor.give(&office, "/sign-in/code", &codes[index]).await;
        assert_eq!(reply.header("location"), goes_to, "{to}");
        let query = form_urlencoded::byte_serialize(to.as_bytes()).collect::<String>();
        let page = visitor.get(&office, &format!("/sign-in?to={query}")).await;
        assert!(
            page.text
                .contains(&format!("name=\"to\" value=\"{goes_to}\""))
        );
    }
}

#[tokio::test]
async fn a_session_ends_when_it_rests_and_when_the_day_is_over() {
    const HOUR: i64 = 3_600;
    let (office, _) = office();
    let (mut visitor, _, _) = enrolled(&office, HANAKO).await;
    let mut resting = visitor.clone();
    let mut office = office;
    for (hours, seen) in [
        (1, 200),
        (2, 200),
        (4, 200),
        (7, 200),
        (9, 200),
        (11, 200),
        (12, 303),
    ] {
        office = office.reopen(&later(hours * HOUR));
        let reply = visitor.get(&office, "/office/account").await;
        assert_eq!(reply.status, seen, "after {hours} hours");
    }
    drop(office);
    let (office, _) = self::office();
    let (visitor, _, _) = enrolled(&office, HANAKO).await;
    resting.cookie = visitor.cookie;
    let office = office.reopen(&later(8 * HOUR));
    let reply = resting.get(&office, "/office/account").await;
    assert_eq!(reply.status, 303);
}
