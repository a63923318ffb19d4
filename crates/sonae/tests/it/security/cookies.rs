//! Cookies: what they say to the browser, and that nobody can choose somebody else's session.

use axum::body::Body;
use axum::http::{Request, header};
use sonae_core::access::StaffRole;

use crate::office::{OPEN_R6, Office, Reply};

const HTTPS: &[&str] = &["--base-url", "https://sonae.example.jp", "--no-rate-limit"];

async fn post(office: &Office, path: &str, cookie: &str, form: &str) -> Reply {
    let request = Request::post(path)
        .header(header::COOKIE, cookie)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let body = Body::from(form.to_owned());
    office.send(request.body(body).expect("a request")).await
}

/// The session's cookie as it is given: its value and its attributes.
fn given(reply: &Reply, name: &str) -> Option<(String, Vec<String>)> {
    let all = reply.headers.get_all(header::SET_COOKIE).iter();
    let all = all.map(|cookie| cookie.to_str().expect("visible ASCII"));
    let mut ours = all.filter_map(|cookie| cookie.strip_prefix(name)?.strip_prefix('='));
    let mut parts = ours.next()?.split("; ").map(str::to_owned);
    Some((parts.next()?, parts.collect()))
}

fn waiting_link(office: &Office) -> String {
    let now = office.app.clock.now();
    let leased = (office.app.db)
        .write(|tx| sonae_store::outbox::lease(tx, now, jiff::SignedDuration::from_mins(1), 9));
    let leased = leased.expect("readable");
    let mail = &leased.last().expect("a mail").mail;
    let text = sonae::mail::reading::read(&mail.content).body;
    let at = text.find("/sign-in/link/").expect("a link");
    text[at..]
        .split_whitespace()
        .next()
        .expect("its end")
        .to_owned()
}

#[tokio::test]
async fn cookies_are_for_this_site_and_for_no_script() {
    for (flags, name, secure) in [(HTTPS, "__Host-sonae", true), (&[][..], "sonae", false)] {
        let office = Office::open_with(OPEN_R6, flags);
        let person = office.sign_in(StaffRole::Secretariat).await;
        let email = format!("{}@office.example.jp", person.id);
        // Somebody's own choice of a session, planted in the browser before she signs in.
        let planted = "a".repeat(64);
        let cookie = format!("{name}={planted}");
        let form = format!("email={}", email.replace('@', "%40"));
        let asked = post(&office, "/sign-in", &cookie, &form).await;
        assert!(given(&asked, name).is_none_or(|(value, _)| value != planted));
        let opened = post(&office, &waiting_link(&office), &cookie, "").await;
        let (value, attributes) = given(&opened, name).expect("a session");
        assert_ne!(value, planted, "nobody chooses a session");
        for (attribute, is_there) in [
            ("HttpOnly", true),
            ("SameSite=Lax", true),
            ("Path=/", true),
            ("Secure", secure),
        ] {
            let found = attributes.iter().any(|found| found == attribute);
            assert_eq!(found, is_there, "{attribute} in {attributes:?}");
        }
        let domain = attributes.iter().any(|found| found.starts_with("Domain"));
        assert!(!domain, "{attributes:?}");
        let reply = post(&office, "/sign-in/code", &cookie, "code=000000").await;
        assert_eq!(
            reply.header("location"),
            "/sign-in",
            "the planted one opens nothing"
        );
    }
}

/// The token of a form is bound to the session, and so is what an action left to say.
#[tokio::test]
async fn what_an_action_says_cannot_be_planted() {
    let office = Office::open(OPEN_R6);
    let (one, other) = (
        office.sign_in(StaffRole::Admin).await,
        office.sign_in(StaffRole::Admin).await,
    );
    let fields = [("keys", "off")];
    let said = one.post(&office, "/office/account/keys", &fields).await;
    let said = said
        .header("set-cookie")
        .split(';')
        .next()
        .map(str::to_owned);
    let said = said
        .filter(|said| said.contains('='))
        .expect("something was said");
    let shown = |person: &crate::staff::signed_in::SignedIn| {
        let cookies = format!("{}; {said}", person.cookies());
        let request = Request::get("/office/account").header(header::COOKIE, cookies);
        office.send(request.body(Body::empty()).expect("a request"))
    };
    assert!(shown(&one).await.text.contains("class=\"flash"));
    assert!(!shown(&other).await.text.contains("class=\"flash"));
}
