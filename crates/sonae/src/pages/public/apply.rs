//! The way into the application form: `/programs/{id}/apply`, and `/apply/{token}`, where a private link leads.

use askama::Template;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde_json::json;
use sonae_core::program::notices::{Notice, NoticeTopic, Purpose};
use sonae_core::program::{Program, WindowState};

use super::calm::{self, Page};
use super::check;
use super::draft;
use super::frame::Frame;
use super::posted::Posted;
use super::screen::wrong;
use super::typed::{Typed, belongs, names};
use crate::app::App;

/// About how long a screen takes, in minutes, rounded up for somebody who reads everything.
const MINUTES_PER_SCREEN: f64 = 1.4;

/// The control that says that answers of the check come along.
pub(super) const CARRIED: &str = "carried";

#[derive(Template)]
#[template(path = "public/apply.html")]
struct ApplyPage<'a> {
    frame: Frame,
    program: &'a Program,
    prepare: &'a [String],
    minutes: u32,
    draft_days: u32,
    screens: Vec<&'a str>,
    purposes: &'a [Purpose],
    notices: Vec<&'a Notice>,
    /// None while it is open.
    closed: Option<String>,
    action: String,
    check: String,
    privacy: String,
}

pub(super) async fn show(State(app): State<App>, Path(id): Path<String>) -> Page {
    let running = app.programs.get(&id).ok_or_else(calm::not_found)?;
    let program = &running.program;
    let form = &program.definition.form;
    let notices = program.definition.notices.notice.iter();
    let frame = Frame::of_program(&app, program, "申込み").narrow();
    let page = ApplyPage {
        privacy: frame.privacy.clone(),
        frame,
        program,
        prepare: &form.prepare,
        minutes: minutes(form.screen.len()),
        draft_days: form.draft_days,
        screens: form
            .screen
            .iter()
            .map(|screen| screen.title.as_str())
            .collect(),
        purposes: &program.definition.notices.purpose,
        notices: notices
            .filter(|notice| notice.topic == NoticeTopic::Application)
            .collect(),
        closed: closed_window(&app, program).map(sentence),
        action: format!("/programs/{id}/apply"),
        check: format!("/programs/{id}/check"),
    };
    Ok(calm::html(StatusCode::OK, &page))
}

/// Rounded up to five, since nobody believes in 11 minutes.
fn minutes(screens: usize) -> u32 {
    let screens = u32::try_from(screens).unwrap_or(u32::MAX);
    ((f64::from(screens) * MINUTES_PER_SCREEN / 5.0).ceil() * 5.0) as u32
}

fn sentence(window: WindowState) -> String {
    use sonae_core::calendar::japanese::moment;
    match window {
        WindowState::NotYet { opens_at } => {
            format!(
                "受付はまだ始まっていません。{}から申し込めます。",
                moment(opens_at)
            )
        }
        WindowState::Closed { closed_at } => {
            format!(
                "受付は終了しました。{}に締め切りました。",
                moment(closed_at)
            )
        }
        WindowState::Open { .. } => String::new(),
    }
}

/// The window that keeps the form shut: none while at least one course takes applications.
pub(super) fn closed_window(app: &App, program: &Program) -> Option<WindowState> {
    let now = app.clock.now();
    let states: Vec<WindowState> = program
        .courses()
        .iter()
        .filter_map(|course| program.window_state(&course.id, now))
        .collect();
    let open = |state: &WindowState| matches!(state, WindowState::Open { .. });
    // What is still to come says more than what is over.
    let to_come = |state: &&WindowState| matches!(state, WindowState::NotYet { .. });
    match states.iter().any(open) {
        true => None,
        false => (states.iter().find(to_come).or(states.first())).copied(),
    }
}

/// Begins a form, with the answers of the eligibility check when it comes from there.
pub(super) async fn begin(
    State(app): State<App>,
    Path(id): Path<String>,
    body: Result<Bytes, BytesRejection>,
) -> Page {
    let posted = Posted::read(body).map_err(IntoResponse::into_response)?;
    let running = app.programs.get(&id).ok_or_else(calm::not_found)?;
    let program = &running.program;
    if let Some(window) = closed_window(&app, program) {
        return Err(calm::closed(&app, program, window, None));
    }
    let mut typed = Typed::new(json!({}));
    if posted.has(CARRIED) {
        let asked = check::screen(program);
        typed.take(program, names(&asked), &posted);
    }
    let token = draft::begin(&app, program.clone(), &typed).await?;
    // A checked programme has screens.
    let first = program.definition.form.screen.first();
    let screen = first.map_or("confirm", |screen| screen.id.as_str());
    Ok(calm::see_other(&format!("/apply/{token}/{screen}")))
}

/// A private link leads to the first screen on which something is missing.
pub(super) async fn resume(State(app): State<App>, Path(token): Path<String>) -> Page {
    let open = draft::open(&app, &token).await?;
    let errors = wrong(&open);
    let unfinished = open
        .screens()
        .iter()
        .find(|screen| names(screen).any(|name| errors.iter().any(|error| belongs(error, name))));
    let path = match unfinished {
        Some(screen) => open.screen_path(screen),
        None => format!("{}/confirm", open.path()),
    };
    Ok(calm::see_other(&path))
}
