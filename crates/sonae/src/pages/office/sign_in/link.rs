//! `/sign-in/link/{token}`: the link of the mail. Opening it changes nothing, since mail servers open links too; the button does.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::HeaderMap;

use super::{browser, frame, go_on};
use crate::app::App;
use crate::pages::office::Page;
use crate::pages::public::frame::Frame;
use crate::staff::sign_in;

#[derive(Template)]
#[template(path = "office/sign_in/link.html")]
struct LinkPage {
    frame: Frame,
    action: String,
}

#[derive(Template)]
#[template(path = "office/sign_in/spent.html")]
struct SpentPage {
    frame: Frame,
}

pub(super) async fn show(State(app): State<App>, Path(token): Path<String>) -> Page {
    if !sign_in::opens(&app, &token).await? {
        return spent(&app);
    }
    let page = LinkPage {
        frame: frame(&app, "サインインを続けます"),
        action: sign_in::link_path(&token),
    };
    super::show(StatusCode::OK, &page)
}

pub(super) async fn open(
    State(app): State<App>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Page {
    match sign_in::open_link(&app, &token, browser(&headers)).await? {
        Some(opened) => Ok(go_on(&app, &opened)),
        None => spent(&app),
    }
}

/// Used, expired and invented links look the same.
fn spent(app: &App) -> Page {
    let page = SpentPage {
        frame: frame(app, "このリンクは使えません"),
    };
    super::show(StatusCode::NOT_FOUND, &page)
}
