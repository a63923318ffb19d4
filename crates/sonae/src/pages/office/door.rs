//! The one door of the office: each route is registered with what it does, and the door asks before the handler runs whether this
//! person may do that. It also keeps the list of routes, so that a test can try every route with every role.
//!
//! Architecture invariant: no page below `/office` is reached but through here, and what changes something needs the session's form token.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, FromRequestParts, Request, State};
use axum::handler::Handler;
use axum::http::header::SET_COOKIE;
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{MethodRouter, get, post};
use sonae_core::access::{self, Action, CaseAccess, Grant, StaffRole};
use sonae_db::Tx;
use sonae_store::session::Stage;
use sonae_store::staff;

use super::flash::{self, Flash};
use super::form::Form;
use super::frame::{Waiting, waiting_for};
use super::{calm, form};
use crate::app::App;
use crate::pages::public::error::PageError;
use crate::staff::session::{self, SignedIn};

/// The largest body of a form without files.
pub const LARGEST_FORM: usize = 512 * 1024;
/// The largest body with files: a list of past participants is a tenth of it.
pub const LARGEST_UPLOAD: usize = 10 * 1024 * 1024;
/// The longest address that is kept through a sign-in.
const LONGEST_TARGET: usize = 500;

/// Routes of the office in the making.
pub struct Door {
    app: App,
    router: Router<App>,
    entries: Vec<Entry>,
}

/// A registered route.
#[derive(Clone, Debug)]
pub struct Entry {
    pub method: Method,
    pub path: &'static str,
    pub action: Action,
}

/// What stands before one route.
struct Gate {
    app: App,
    action: Action,
    largest_body: usize,
}

/// The person whose request a handler answers; may do the route's action, with all cases or with those assigned (see `may`).
#[derive(Clone, Debug)]
pub struct Staff {
    pub id: String,
    pub name: String,
    pub role: StaffRole,
    /// What every form carries in its hidden field `csrf`.
    pub csrf: String,
    /// The id of this browser's session.
    pub session_id: String,
    /// Whether single-key shortcuts are on.
    pub single_keys: bool,
    /// What the action before this page left to say.
    pub flash: Option<Flash>,
    /// What waits for her, as the navigation says it.
    pub waiting: Waiting,
}

impl Staff {
    /// Who the log says did it.
    pub fn actor(&self) -> String {
        format!("{}:{}", self.role.as_str(), self.id)
    }

    /// Whether lists show this person assigned cases only.
    pub fn only_assigned(&self, action: Action) -> bool {
        access::allowed(self.role, action) == Grant::Assigned
    }

    /// Refuses a case that is not this person's to see, in the words of a case that does not exist. Every handler that is given a case
    /// asks this before it shows or changes anything.
    ///
    /// # Errors
    /// `PageError::NotFound`.
    pub fn may(&self, action: Action, case: CaseAccess) -> Result<(), PageError> {
        match access::opens(self.role, action, case) {
            true => Ok(()),
            false => Err(PageError::NotFound),
        }
    }
}

impl Door {
    pub fn new(app: &App) -> Door {
        Door {
            app: app.clone(),
            router: Router::new(),
            entries: Vec::new(),
        }
    }

    /// A page that changes nothing.
    #[must_use]
    pub fn get<H, T>(self, path: &'static str, action: Action, handler: H) -> Door
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.add(Method::GET, path, action, get(handler), LARGEST_FORM)
    }

    /// A form.
    #[must_use]
    pub fn post<H, T>(self, path: &'static str, action: Action, handler: H) -> Door
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.add(Method::POST, path, action, post(handler), LARGEST_FORM)
    }

    /// A form with files (`multipart/form-data`).
    #[must_use]
    pub fn upload<H, T>(self, path: &'static str, action: Action, handler: H) -> Door
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.add(Method::POST, path, action, post(handler), LARGEST_UPLOAD)
    }

    fn add(
        mut self,
        method: Method,
        path: &'static str,
        action: Action,
        handler: MethodRouter<App>,
        largest_body: usize,
    ) -> Door {
        assert!(
            path == "/office" || path.starts_with("/office/"),
            "a page of the office is below /office"
        );
        let gate = Arc::new(Gate {
            app: self.app.clone(),
            action,
            largest_body,
        });
        let guarded = handler
            .layer(DefaultBodyLimit::max(largest_body))
            .layer(from_fn_with_state(gate, ask));
        self.router = self.router.route(path, guarded);
        self.entries.push(Entry {
            method,
            path,
            action,
        });
        self
    }

    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    pub fn into_router(self) -> Router<App> {
        self.router
    }
}

/// Runs the handler for somebody who may.
async fn ask(State(gate): State<Arc<Gate>>, request: Request, next: Next) -> Response {
    let is_page = *request.method() == Method::GET;
    let had_flash = session::cookie(request.headers(), flash::COOKIE).is_some();
    let request = match admit(&gate, request).await {
        Ok(request) => request,
        Err(refused) => return *refused,
    };
    let staff = request.extensions().get::<Staff>().cloned();
    let mut response = next.run(request).await;
    if let (Some(staff), Some(PageError::NotFound)) = (&staff, response.extensions().get()) {
        // Whoever is signed in stays in the office.
        return calm::not_found(&gate.app, staff);
    }
    if is_page && had_flash && response.status() == StatusCode::OK {
        let spent = session::set_cookie(&gate.app, flash::COOKIE, "", Some(0));
        response.headers_mut().append(SET_COOKIE, spent);
    }
    response
}

/// The request with the person and the form in it.
///
/// # Errors
/// What is answered instead.
async fn admit(gate: &Gate, mut request: Request) -> Result<Request, Box<Response>> {
    let app = &gate.app;
    let now = app.clock.now();
    let waiting = move |tx: &mut Tx, staff: &staff::Staff| waiting_for(tx, staff, now);
    let found = session::of_request_with(app, request.headers(), waiting).await;
    let found = found.map_err(|error| PageError::from(error).into_response())?;
    let is_full = |found: &(SignedIn, Waiting)| found.0.session.stage == Stage::Full;
    let Some((signed_in, waiting)) = found.filter(is_full) else {
        return Err(Box::new(to_sign_in(&request)));
    };
    let role = signed_in.staff.role;
    let staff = person(app, (signed_in, waiting), &request);
    if access::allowed(role, gate.action) == Grant::No {
        return Err(Box::new(calm::not_for_this_role(app, &staff)));
    }
    if !is_safe(request.method()) {
        let (parts, body) = request.into_parts();
        let sent = Form::read(&parts, body, gate.largest_body).await;
        let sent = sent.map_err(IntoResponse::into_response)?;
        if !is_same(sent.first(form::TOKEN), &staff.csrf) {
            return Err(Box::new(calm::old_form(app, &staff)));
        }
        request = Request::from_parts(parts, Body::empty());
        request.extensions_mut().insert(sent);
    }
    request.extensions_mut().insert(staff);
    Ok(request)
}

fn person(app: &App, (signed_in, waiting): (SignedIn, Waiting), request: &Request) -> Staff {
    let SignedIn {
        staff,
        session,
        csrf,
    } = signed_in;
    Staff {
        id: staff.id,
        name: staff.name,
        role: staff.role,
        flash: flash::of_request(app, request.headers(), &csrf),
        csrf,
        session_id: session.id,
        single_keys: staff.single_keys,
        waiting,
    }
}

fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Compares in a time that does not tell where the two differ.
fn is_same(one: &str, other: &str) -> bool {
    session::id_of(one) == session::id_of(other)
}

/// Asks to sign in and comes back. A form that was sent cannot be sent again from there, so its page is not asked for again.
fn to_sign_in(request: &Request) -> Response {
    let target = match is_safe(request.method()) {
        true => request
            .uri()
            .path_and_query()
            .map_or("/office", |path| path.as_str()),
        false => "/office",
    };
    // What somebody searched for may be a name and is not carried through mails.
    let target = match target.split_once('?') {
        Some((path, query)) if query.contains("q=") => path,
        _ => target,
    };
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("to", target)
        .finish();
    Redirect::to(&format!("/sign-in?{query}")).into_response()
}

/// A page of the office, out of what came from outside; `/office` for anything else, so that nobody is led away.
pub fn own_target(text: &str) -> &str {
    let path = text.split(['?', '#']).next().unwrap_or_default();
    let below = path == "/office" || path.starts_with("/office/");
    let plain = text
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let climbs = path.contains("//") || path.contains("/.") || path.contains("%2");
    match below && plain && !climbs && text.len() <= LONGEST_TARGET {
        true => text,
        false => "/office",
    }
}

impl<S: Sync> FromRequestParts<S> for Staff {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Staff, PageError> {
        let found = parts.extensions.get::<Staff>().cloned();
        found.ok_or_else(|| PageError::Internal("a page of the office past the door".into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_led_away() {
        let check = |text: &str, kept: bool| {
            let expected = if kept { text } else { "/office" };
            assert_eq!(own_target(text), expected, "{text}");
        };
        check("/office", true);
        check("/office/cases?view=overdue&page=2", true);
        check("/office/cases/R6-333-34A#timeline", true);
        for bad in [
            "",
            "//evil.example.jp/office",
            "https://evil.example.jp/office/",
            "/officeevil",
            "/office//evil.example.jp",
            "/office/../admin",
            "/office/%2e%2e/x",
            "/office/\\evil.example.jp",
            "/office/\r\nSet-Cookie: a=b",
            "/office/名前",
            "javascript:alert(1)",
        ] {
            check(bad, false);
        }
        check(&format!("/office/{}", "a".repeat(LONGEST_TARGET)), false);
    }
}
