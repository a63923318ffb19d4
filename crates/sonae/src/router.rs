//! Every address this program answers, and what wraps all of them.

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;

use crate::app::App;
use crate::limit::{Limits, limit};
use crate::{api, assets, edge, metrics, pages};

/// The whole program as one service. What is layered last sees a request first.
pub fn router(app: App) -> Router {
    let limits = Arc::new(Limits::default());
    Router::new()
        .merge(pages::routes(&app))
        .merge(pages::rehearsal::routes(&app))
        .merge(api::routes(&app))
        .merge(assets::routes())
        .layer(from_fn_with_state((app.clone(), limits), limit))
        .layer(from_fn_with_state(app.clone(), metrics::count))
        .layer(from_fn_with_state(app.clone(), edge::edge))
        .with_state(app)
}
