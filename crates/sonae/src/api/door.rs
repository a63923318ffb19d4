//! The door of the interface for other systems: every address behind it is registered with what it does, and the door asks before the
//! handler runs whether the request's token may do that, by the same table as the office's pages.
//!
//! Architecture invariant: no resource of the office is reached but through here.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{DefaultBodyLimit, FromRequestParts, Request, State};
use axum::handler::Handler;
use axum::http::Method;
use axum::http::request::Parts;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post, put};
use sonae_core::access::{self, Action, CaseAccess, Grant, StaffRole};
use sonae_core::flow::{Actor, Status};
use sonae_store::api_token::ApiToken;
use sonae_store::case::Stored;

use super::body::LargestBody;
use super::problem::{Kind, Problem};
use crate::app::App;
use crate::staff::token::{self, Denied};

/// One address with one method.
pub struct Endpoint {
    pub method: Method,
    pub path: &'static str,
    pub action: Action,
    handler: MethodRouter<App>,
}

struct Gate {
    app: App,
    action: Action,
}

impl Endpoint {
    /// Something to read.
    pub fn get<H, T>(path: &'static str, action: Action, handler: H) -> Endpoint
    where
        H: Handler<T, App>,
        T: 'static,
    {
        Endpoint {
            method: Method::GET,
            path,
            action,
            handler: get(handler),
        }
    }

    /// Something to do, or a search with words that belong in no address.
    pub fn post<H, T>(path: &'static str, action: Action, handler: H) -> Endpoint
    where
        H: Handler<T, App>,
        T: 'static,
    {
        Endpoint {
            method: Method::POST,
            path,
            action,
            handler: post(handler),
        }
    }

    /// Something to save; saved again it is the same.
    pub fn put<H, T>(path: &'static str, action: Action, handler: H) -> Endpoint
    where
        H: Handler<T, App>,
        T: 'static,
    {
        Endpoint {
            method: Method::PUT,
            path,
            action,
            handler: put(handler),
        }
    }

    /// With bodies of up to so many bytes.
    #[must_use]
    pub fn largest_body(self, bytes: usize) -> Endpoint {
        let limited: MethodRouter<App> = self.handler.layer(DefaultBodyLimit::max(bytes));
        Endpoint {
            handler: limited.layer(Extension(LargestBody(bytes))),
            ..self
        }
    }

    /// The handler behind the door.
    pub fn guarded(self, app: &App) -> MethodRouter<App> {
        let gate = Arc::new(Gate {
            app: app.clone(),
            action: self.action,
        });
        self.handler.route_layer(from_fn_with_state(gate, ask))
    }
}

/// Runs the handler for a token that may.
async fn ask(State(gate): State<Arc<Gate>>, mut request: Request, next: Next) -> Response {
    match token::of_request(&gate.app, request.headers(), gate.action).await {
        Ok(token) => {
            request.extensions_mut().insert(Caller { token });
            next.run(request).await
        }
        Err(denied) => refused(denied, gate.action).into_response(),
    }
}

fn refused(denied: Denied, action: Action) -> Problem {
    match denied {
        Denied::Unknown => Problem::new(
            Kind::Unauthorized,
            "Authorization: Bearer に続けて、有効なトークンを付けて送ってください。トークンは管理者が「連携」の画面で作ります。期限が切れたり、取り消されたりしたトークンは使えません。",
        ),
        Denied::OutOfScope => out_of_scope(&[action]),
        Denied::Failed(error) => Problem::of_store(error),
    }
}

fn out_of_scope(actions: &[Action]) -> Problem {
    let words: Vec<&str> = actions.iter().map(|action| action.as_str()).collect();
    Problem::new(
        Kind::Forbidden,
        format!(
            "トークンの役割と範囲に {} がありません。必要なときは、管理者に新しいトークンを頼んでください。",
            words.join(" か ")
        ),
    )
}

/// The system that asks.
#[derive(Clone, Debug)]
pub struct Caller {
    token: ApiToken,
}

impl Caller {
    pub fn id(&self) -> &str {
        &self.token.id
    }

    pub fn role(&self) -> StaffRole {
        self.token.role
    }

    pub fn token(&self) -> &ApiToken {
        &self.token
    }

    /// As the flow knows it: with its own name in the records, never that of the person who made the token.
    pub fn actor(&self) -> Actor {
        Actor::Staff {
            id: self.token.id.clone(),
            role: self.token.role,
        }
    }

    /// Who the log says did it.
    pub fn name(&self) -> String {
        self.actor().name()
    }

    /// What the token's role and scopes say of an action, before any case is looked at.
    pub fn grant(&self, action: Action) -> Grant {
        token::grant(&self.token, action)
    }

    /// Whether one of these actions is open to this token with this case.
    pub fn opens(&self, actions: &[Action], stored: &Stored) -> bool {
        let hers = |id: &Option<String>| id.as_deref() == Some(self.id());
        let case = CaseAccess {
            assigned: hers(&stored.case.assignee) || hers(&stored.case.expert),
            confirmed: stored.case.status == Status::Confirmed,
        };
        let open = |action: &&Action| {
            token::grant(&self.token, **action) != Grant::No
                && access::opens(self.role(), **action, case)
        };
        actions.iter().any(|action| open(&action))
    }

    /// Refuses a case that is not this token's to read, in the words of a case that does not exist.
    ///
    /// # Errors
    /// `not-found`.
    pub fn may_read(&self, stored: &Stored) -> Result<(), Problem> {
        match self.opens(&[Action::ReadCase], stored) {
            true => Ok(()),
            false => Err(no_case()),
        }
    }

    /// Refuses what the token's scopes do not cover.
    ///
    /// # Errors
    /// `forbidden`, with the scopes that would do.
    pub fn may_do(&self, actions: &[Action], stored: &Stored) -> Result<(), Problem> {
        match self.opens(actions, stored) {
            true => Ok(()),
            false => Err(out_of_scope(actions)),
        }
    }
}

/// The answer for a case that does not exist, or not for this token.
pub fn no_case() -> Problem {
    Problem::new(
        Kind::NotFound,
        "この受付番号の案件はありません。受付番号を確かめてください。",
    )
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Caller, Problem> {
        let found = parts.extensions.get::<Caller>().cloned();
        found.ok_or_else(|| refused(Denied::Unknown, Action::ReadCase))
    }
}
