//! `/site-policy`: the terms of using this site.

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
    Router::new().route("/site-policy", get(site_policy))
}

#[derive(Template)]
#[template(path = "public/site_policy.html")]
struct SitePolicyPage {
    frame: Frame,
}

async fn site_policy(State(app): State<App>) -> Result<Response, PageError> {
    let frame = Frame::of_site(&app, "サイトポリシー")
        .crumb("事業の一覧", "/")
        .narrow();
    show(StatusCode::OK, &SitePolicyPage { frame })
}
