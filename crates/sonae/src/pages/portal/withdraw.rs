//! 取下げ: `/applications/{receipt_number}/{token}/withdraw`.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use sonae_core::flow::{Event, Status};

use super::super::public::calm::{self, Page};
use super::super::public::frame::Frame;
use super::door::{self, Top};
use crate::app::App;

#[derive(Template)]
#[template(path = "portal/withdraw.html")]
struct WithdrawPage<'a> {
    frame: Frame,
    top: Top,
    courses: Vec<&'a str>,
    messages: String,
    action: String,
}

pub(super) async fn show(
    State(app): State<App>,
    Path((number, token)): Path<(String, String)>,
) -> Page {
    let opened = door::open(&app, &number, &token).await?;
    if !matches!(opened.case().status, Status::Open | Status::Confirmed) {
        return Ok(calm::see_other(&opened.path));
    }
    let program = opened.program();
    let live = opened.case().live_courses();
    let titles = program.courses().iter();
    let titles = titles.filter(|course| live.contains(&course.id));
    let page = WithdrawPage {
        frame: opened.frame(&app, "お申込みの取下げ"),
        top: opened.top(),
        courses: titles.map(|course| course.title.as_str()).collect(),
        messages: opened.page("messages"),
        action: opened.page("withdraw"),
    };
    Ok(calm::html(StatusCode::OK, &page))
}

/// Withdraws and queues the mail that says so, in one transaction. A second time changes nothing.
pub(super) async fn withdraw(
    State(app): State<App>,
    Path((number, token)): Path<(String, String)>,
) -> Page {
    let opened = door::open(&app, &number, &token).await?;
    let event = Event::Withdrawn {
        reason: String::new(),
    };
    // Refused means that it is closed already; the page it leads to says so.
    let _closed = opened.act(&app, event).await?;
    Ok(calm::see_other(&opened.path))
}
