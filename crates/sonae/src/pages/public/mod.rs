//! Pages that anybody may open: no account, no cookie, no script.

pub mod error;
pub mod field;
pub mod frame;
mod site_policy;

use askama::Template;
use axum::Router;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};

use crate::app::App;
use error::PageError;

pub fn routes() -> Router<App> {
    Router::new().merge(site_policy::routes())
}

/// A page as an answer. It is not kept by anybody (`no-store`) unless the handler adds another `Cache-Control`.
///
/// # Errors
/// The template fails, which is a defect.
pub fn show(status: StatusCode, page: &impl Template) -> Result<Response, PageError> {
    Ok((status, Html(page.render()?)).into_response())
}
