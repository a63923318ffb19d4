//! Somebody who is signed in, for tests of the office's pages.

use axum::body::Body;
use axum::http::{Request, header};
use sonae::chance;
use sonae::staff::session::{self, csrf_of, id_of};
use sonae_core::access::StaffRole;
use sonae_store::session::{NewSession, Stage};
use sonae_store::staff::NewStaff;

use crate::office::{Office, Reply};

/// A person of the office with her browser's cookie.
#[derive(Clone, Debug)]
pub(crate) struct SignedIn {
    /// Her id in the table of staff.
    pub(crate) id: String,
    pub(crate) token: String,
    pub(crate) csrf: String,
    cookie: &'static str,
}

impl Office {
    /// Adds a person of this role and signs her in, second factor included. Each call makes another person.
    pub(crate) async fn sign_in(&self, role: StaffRole) -> SignedIn {
        let now = self.app.clock.now();
        let id = chance::id(now);
        let staff_id = id.clone();
        let write = self.app.write(move |tx| {
            let new = NewStaff {
                id: &staff_id,
                email: &format!("{staff_id}@office.example.jp"),
                name: role.label(),
                role,
            };
            assert!(sonae_store::staff::add(tx, &new, now)?);
            Ok(())
        });
        write.await.expect("added");
        self.open_session(id).await
    }

    /// Signs in somebody who was signed in before, for example after a change of role ended her sessions.
    pub(crate) async fn sign_in_again(&self, person: &SignedIn) -> SignedIn {
        self.open_session(person.id.clone()).await
    }

    async fn open_session(&self, id: String) -> SignedIn {
        let now = self.app.clock.now();
        let token = session::new_token();
        let (staff_id, session_id) = (id.clone(), id_of(&token));
        let write = self.app.write(move |tx| {
            let new = NewSession {
                id: &session_id,
                staff_id: &staff_id,
                stage: Stage::Full,
                goes_to: "/office",
                browser: "test",
                expires_at: now + session::LONGEST,
            };
            sonae_store::session::open(tx, &new, now)
        });
        write.await.expect("signed in");
        SignedIn {
            id,
            csrf: csrf_of(&token),
            token,
            cookie: session::cookie_name(&self.app),
        }
    }
}

impl SignedIn {
    /// The content of the header `Cookie`.
    pub(crate) fn cookies(&self) -> String {
        format!("{}={}", self.cookie, self.token)
    }

    pub(crate) async fn get(&self, office: &Office, path: &str) -> Reply {
        let request = Request::get(path).header(header::COOKIE, self.cookies());
        office
            .send(request.body(Body::empty()).expect("a request"))
            .await
    }

    /// The page that an answer to a form leads to, with what it leaves to say.
    pub(crate) async fn follow(&self, office: &Office, reply: &Reply) -> Reply {
        let said = reply.header("set-cookie").split(';').next();
        let cookies = format!("{}; {}", self.cookies(), said.unwrap_or_default());
        let request = Request::get(reply.header("location")).header(header::COOKIE, cookies);
        office
            .send(request.body(Body::empty()).expect("a request"))
            .await
    }

    /// Posts a form with the session's token.
    pub(crate) async fn post(&self, office: &Office, path: &str, fields: &[(&str, &str)]) -> Reply {
        let mut fields = fields.to_vec();
        fields.push(("csrf", &self.csrf));
        self.post_without_token(office, path, &fields).await
    }

    /// Posts these fields and nothing else.
    pub(crate) async fn post_without_token(
        &self,
        office: &Office,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Reply {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        self.post_body(office, path, "application/x-www-form-urlencoded", body)
            .await
    }

    /// Posts a body of any kind, for example a form with files.
    pub(crate) async fn post_body(
        &self,
        office: &Office,
        path: &str,
        kind: &str,
        body: impl Into<Body>,
    ) -> Reply {
        let request = Request::post(path)
            .header(header::COOKIE, self.cookies())
            .header(header::CONTENT_TYPE, kind);
        office
            .send(request.body(body.into()).expect("a request"))
            .await
    }
}
