//! `/sign-in/rehearsal`: the invented people of a demonstration, each with a link that signs in. Only `sonae demo` has these addresses.

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::HeaderMap;
use axum::routing::get;

use super::{browser, frame, go_on};
use crate::app::App;
use crate::pages::office::Page;
use crate::pages::public::error::PageError;
use crate::pages::public::frame::Frame;
use crate::staff::rehearsal::{self, PATH};

#[derive(Template)]
#[template(path = "office/sign_in/rehearsal.html")]
struct PeoplePage {
    frame: Frame,
    people: Vec<Line>,
}

struct Line {
    name: String,
    role: &'static str,
    href: String,
}

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/sign-in/rehearsal", get(list))
        .route("/sign-in/rehearsal/{who}", get(enter))
}

async fn list(State(app): State<App>) -> Page {
    let people = rehearsal::everybody(&app).await?;
    let line = |person: sonae_store::staff::Staff| Line {
        href: format!("{PATH}/{}", person.id),
        role: person.role.label(),
        name: person.name,
    };
    let page = PeoplePage {
        frame: frame(&app, "実演の利用者"),
        people: people.into_iter().map(line).collect(),
    };
    super::show(StatusCode::OK, &page)
}

/// A link that signs in, which only invented data allow.
async fn enter(State(app): State<App>, Path(who): Path<String>, headers: HeaderMap) -> Page {
    match rehearsal::sign_in(&app, &who, browser(&headers)).await? {
        Some(opened) => Ok(go_on(&app, &opened)),
        None => Err(PageError::NotFound),
    }
}
