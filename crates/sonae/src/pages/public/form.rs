//! The visitor's way: check, form, confirmation; then the way back to the private pages.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::get;

use super::posted::LARGEST_BODY;
use super::{apply, check, confirm, proof, saved, screen, status};
use crate::app::App;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/programs/{id}/check", get(check::show).post(check::judged))
        .route("/programs/{id}/apply", get(apply::show).post(apply::begin))
        .route("/apply/{token}", get(apply::resume))
        .route("/apply/{token}/saved", get(saved::show).post(saved::mail))
        .route(
            "/apply/{token}/confirm",
            get(confirm::show).post(confirm::send),
        )
        .route(
            "/apply/{token}/{screen}",
            get(screen::show).post(screen::take),
        )
        .route("/status", get(status::show).post(status::ask))
        .route("/status/asked", get(status::asked))
        .route("/applications/{receipt_number}/proof", get(proof::show))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
}
