//! `/accessibility`: what this site promises and what was tested (JIS X 8341-3:2016, 附属書JB; ウェブアクセシビリティ方針).

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;

use super::error::PageError;
use super::frame::Frame;
use super::show;
use crate::app::App;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/accessibility", get(accessibility))
}

#[derive(Template)]
#[template(path = "public/accessibility.html")]
struct AccessibilityPage {
    frame: Frame,
}

async fn accessibility(State(app): State<App>) -> Result<Response, PageError> {
    let frame = Frame::of_site(&app, "アクセシビリティ")
        .crumb("事業の一覧", "/")
        .narrow();
    show(StatusCode::OK, &AccessibilityPage { frame })
}
