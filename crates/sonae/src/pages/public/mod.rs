//! Pages that anybody may open: no account, no cookie, no script.

mod accessibility;
pub mod course_state;
pub mod error;
pub mod field;
pub mod frame;
mod page_cache;
mod privacy;
mod program;
mod programs;
mod rule_list;
mod site_policy;
mod wording;

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use axum::{Extension, Router};

use crate::app::App;
use error::PageError;

pub fn routes() -> Router<App> {
    Router::new()
        .merge(programs::routes())
        .merge(program::routes())
        .layer(Extension(page_cache::PageCache::default()))
        .merge(accessibility::routes())
        .merge(privacy::routes())
        .merge(site_policy::routes())
}

/// A page as an answer. It is not kept by anybody (`no-store`) unless the handler adds another `Cache-Control`.
///
/// # Errors
/// The template fails, which is a defect.
pub fn show(status: StatusCode, page: &impl Template) -> Result<Response, PageError> {
    Ok((status, Html(page.render()?)).into_response())
}
