//! `/rehearsal/mail`: the mails of a rehearsal on a screen. They are private, so the pages exist only where no mail server is set, on a
//! rehearsal's clock, without a proxy in front, and answer only this machine.

use std::net::SocketAddr;

use askama::Template;
use axum::Router;
use axum::extract::{ConnectInfo, Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;

use super::public::error::PageError;
use super::public::frame::Frame;
use super::public::show;
use crate::app::App;
use crate::mail::reading::{Readable, read};
use crate::mail::{folder, transport};

/// The newest so many are listed.
const MOST: usize = 200;

pub fn routes(app: &App) -> Router<App> {
    let config = &app.config;
    let rehearsal = config.smtp.is_none() && config.clock.is_some() && !config.behind_proxy;
    if !rehearsal {
        return Router::new();
    }
    Router::new()
        .route("/rehearsal/mail", get(mails))
        .route("/rehearsal/mail/{number}", get(mail))
}

#[derive(Template)]
#[template(path = "rehearsal/mails.html")]
struct MailsPage {
    frame: Frame,
    mails: Vec<Line>,
}

struct Line {
    number: u64,
    to: String,
    subject: String,
}

#[derive(Template)]
#[template(path = "rehearsal/mail.html")]
struct MailPage {
    frame: Frame,
    number: u64,
    mail: Readable,
}

async fn mails(
    State(app): State<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
) -> Result<Response, PageError> {
    only_here(peer)?;
    let dir = transport::folder_of(&app.config.data.data);
    let mut lines = Vec::new();
    let numbers = folder::numbers(&dir).map_err(unreadable)?;
    for number in numbers.into_iter().rev().take(MOST) {
        if let Some(content) = folder::read(&dir, number).map_err(unreadable)? {
            let mail = read(&content);
            lines.push(Line {
                number,
                to: mail.header("To").to_owned(),
                subject: mail.header("Subject").to_owned(),
            });
        }
    }
    let frame = Frame::of_site(&app, "リハーサルで送ったメール")
        .crumb("事業の一覧", "/")
        .private();
    show(
        StatusCode::OK,
        &MailsPage {
            frame,
            mails: lines,
        },
    )
}

async fn mail(
    State(app): State<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Path(number): Path<u64>,
) -> Result<Response, PageError> {
    only_here(peer)?;
    let dir = transport::folder_of(&app.config.data.data);
    let content = folder::read(&dir, number)
        .map_err(unreadable)?
        .ok_or(PageError::NotFound)?;
    let frame = Frame::of_site(&app, "メール")
        .crumb("リハーサルで送ったメール", "/rehearsal/mail")
        .private();
    let mail = read(&content);
    show(
        StatusCode::OK,
        &MailPage {
            frame,
            number,
            mail,
        },
    )
}

fn only_here(peer: SocketAddr) -> Result<(), PageError> {
    match peer.ip().is_loopback() {
        true => Ok(()),
        false => Err(PageError::NotFound),
    }
}

fn unreadable(error: std::io::Error) -> PageError {
    PageError::Internal(format!("the folder of mails: {}", error.kind()))
}
