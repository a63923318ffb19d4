//! A browser on its way in: it keeps the session's cookie as browsers do, and reads the mails of the office.

use axum::body::Body;
use axum::http::{Request, header};
use jiff::SignedDuration;
use sonae::mail::reading;
use sonae::staff::session::csrf_of;
use sonae_core::access::StaffRole;
use sonae_store::outbox;
use sonae_store::staff::NewStaff;

use crate::office::{Office, Reply};

#[derive(Clone, Debug, Default)]
pub(super) struct Visitor {
    /// The content of the session's cookie; empty without one.
    pub(super) cookie: String,
}

impl Visitor {
    pub(super) async fn get(&mut self, office: &Office, path: &str) -> Reply {
        let request = Request::get(path).header(header::COOKIE, format!("sonae={}", self.cookie));
        let reply = office
            .send(request.body(Body::empty()).expect("a request"))
            .await;
        self.keep(reply)
    }

    /// Posts these fields; the form's token is not among them unless it is given.
    pub(super) async fn post(
        &mut self,
        office: &Office,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Reply {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let request = Request::post(path)
            .header(header::COOKIE, format!("sonae={}", self.cookie))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let reply = office
            .send(request.body(Body::from(body)).expect("a request"))
            .await;
        self.keep(reply)
    }

    /// Gives a code with the form's token.
    pub(super) async fn give(&mut self, office: &Office, path: &str, code: &str) -> Reply {
        let csrf = csrf_of(&self.cookie);
        self.post(office, path, &[("csrf", &csrf), ("code", code)])
            .await
    }

    fn keep(&mut self, reply: Reply) -> Reply {
        for cookie in reply.headers.get_all(header::SET_COOKIE) {
            let cookie = cookie.to_str().expect("visible ASCII");
            if let Some(value) = cookie.strip_prefix("sonae=") {
                self.cookie = value.split(';').next().unwrap_or_default().to_owned();
            }
        }
        reply
    }
}

/// Adds a person who has never signed in and gives her id.
pub(super) fn add(office: &Office, email: &str, role: StaffRole) -> String {
    let now = office.app.clock.now();
    let id = sonae::chance::id(now);
    let new = NewStaff {
        id: &id,
        email,
        name: "事務 花子",
        role,
    };
    let added = office
        .app
        .db
        .write(|tx| sonae_store::staff::add(tx, &new, now));
    assert!(added.expect("written"));
    id
}

/// The mails that wait, as recipient, kind and text; they are marked sent.
pub(super) fn mails(office: &Office) -> Vec<(String, String, String)> {
    let now = office.app.clock.now();
    let leased = office.app.db.write(|tx| {
        let leased = outbox::lease(tx, now, SignedDuration::from_mins(1), 99)?;
        for leased in &leased {
            outbox::mark_sent(tx, &leased.mail.id, now)?;
        }
        Ok::<_, sonae_store::StoreError>(leased)
    });
    let leased = leased.expect("readable").into_iter();
    leased
        .map(|leased| {
            let text = reading::read(&leased.mail.content).body;
            (leased.mail.recipient, leased.mail.mail, text)
        })
        .collect()
}

/// The path of the link in a mail.
pub(super) fn link_in(text: &str) -> String {
    let at = text.find("/sign-in/link/").expect("a link");
    text[at..]
        .split_whitespace()
        .next()
        .expect("its end")
        .to_owned()
}

/// Asks for a link and opens it: the browser waits for the second factor.
pub(super) async fn opened(office: &Office, email: &str) -> Visitor {
    let mut visitor = Visitor::default();
    visitor.post(office, "/sign-in", &[("email", email)]).await;
    let link = link_in(&mails(office).pop().expect("a mail").2);
    visitor.post(office, &link, &[]).await;
    assert_eq!(visitor.cookie.len(), 64);
    visitor
}
