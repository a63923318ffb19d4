//! The JSON interface: one file per resource.

pub mod applications;
pub mod body;
pub mod problem;
pub mod programs;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::post;

use crate::app::App;

pub fn routes() -> Router<App> {
    Router::new()
        .route(
            "/api/v1/programs/{id}/applications",
            post(applications::create),
        )
        .layer(DefaultBodyLimit::max(body::LARGEST_BODY))
}
