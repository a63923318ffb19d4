//! Pages that anybody may open: no account, no cookie, no script.

mod accessibility;
pub(super) mod address;
mod apply;
pub(super) mod calm;
mod check;
mod confirm;
mod course_choice;
pub mod course_state;
mod draft;
pub mod error;
pub mod field;
pub mod finding;
mod form;
pub mod frame;
mod page_cache;
mod past_support;
pub(super) mod posted;
mod privacy;
mod program;
mod programs;
mod proof;
pub(super) mod question;
mod rule_list;
mod saved;
pub(super) mod screen;
mod site_policy;
mod status;
pub(super) mod typed;
pub(super) mod wording;

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
        .merge(form::routes())
        .merge(site_policy::routes())
}

/// A page as an answer. It is not kept by anybody (`no-store`) unless the handler adds another `Cache-Control`.
///
/// # Errors
/// The template fails, which is a defect.
pub fn show(status: StatusCode, page: &impl Template) -> Result<Response, PageError> {
    Ok((status, Html(page.render()?)).into_response())
}
