//! `/office/users`: everybody, with her role and how she stands.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use sonae_core::access::Action;

use super::{PATH, state_of};
use crate::app::App;
use crate::pages::office::Page;
use crate::pages::office::door::{Door, Staff};
use crate::pages::office::frame::{OfficeFrame, Section};
use crate::pages::public::show;

pub(super) fn routes(door: Door) -> Door {
    door.get(PATH, Action::ManageUsers, page)
}

#[derive(Template)]
#[template(path = "office/users/list.html")]
struct ListPage {
    frame: OfficeFrame,
    people: Vec<Line>,
}

struct Line {
    href: String,
    name: String,
    email: String,
    role: &'static str,
    /// The chip's kind and its words.
    state: (&'static str, String),
}

async fn page(State(app): State<App>, staff: Staff) -> Page {
    let people = app.read(sonae_store::staff::all).await?;
    let now = app.clock.now();
    let line = |person: sonae_store::staff::Staff| Line {
        href: format!("{PATH}/{}", person.id),
        state: state_of(&person, now),
        role: person.role.label(),
        name: person.name,
        email: person.email,
    };
    let shown = ListPage {
        frame: OfficeFrame::new(&app, &staff, Section::Users, "利用者"),
        people: people.into_iter().map(line).collect(),
    };
    show(StatusCode::OK, &shown)
}
