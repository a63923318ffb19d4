//! 取下げ: `/applications/{receipt_number}/{token}/withdraw`.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;

use sonae_core::flow::{Actor, Event};

use super::application::open;
use super::calm::{self, Page};
use super::frame::Frame;
use crate::app::App;
use crate::office::{self, Request};

#[derive(Template)]
#[template(path = "public/withdraw.html")]
struct WithdrawPage<'a> {
    frame: Frame,
    number: &'a str,
    courses: Vec<&'a str>,
    action: String,
    back: String,
}

pub(super) async fn show(
    State(app): State<App>,
    Path((number, token)): Path<(String, String)>,
) -> Page {
    let opened = open(&app, &number, &token).await?;
    let application = &opened.application;
    let path = app
        .links
        .status_path(&application.receipt_number, &application.id);
    if application.withdrawn_at.is_some() {
        return Ok(calm::see_other(&path));
    }
    let running = app.programs.get(&application.program_id);
    let program = &running.ok_or_else(|| calm::no_application(&app))?.program;
    let titles = application.places.iter().map(|place| {
        let course = program.course(&place.course);
        course.map_or(place.course.as_str(), |course| course.title.as_str())
    });
    let page = WithdrawPage {
        frame: Frame::of_program(&app, program, "お申込みの取下げ").private(),
        number: &application.receipt_number,
        courses: titles.collect(),
        action: format!("{path}/withdraw"),
        back: path,
    };
    Ok(calm::html(StatusCode::OK, &page))
}

/// Withdraws and queues the mail that says so, in one transaction. A second time changes nothing.
pub(super) async fn withdraw(
    State(app): State<App>,
    Path((number, token)): Path<(String, String)>,
) -> Page {
    let opened = open(&app, &number, &token).await?;
    let application = opened.application;
    let path = app
        .links
        .status_path(&application.receipt_number, &application.id);
    let request = Request {
        receipt_number: application.receipt_number,
        version: None,
        event: Event::Withdrawn {
            reason: String::new(),
        },
        actor: Actor::Company,
    };
    // Refused means that it is closed already; the page it leads to says so.
    office::act::act(&app, request)
        .await
        .map_err(calm::failed)?;
    Ok(calm::see_other(&path))
}
