//! Every address this program answers, and what wraps all of them.

use axum::Router;
use axum::middleware;

use crate::app::App;
use crate::{api, assets, edge, pages};

/// The whole program as one service.
pub fn router(app: App) -> Router {
    Router::new()
        .merge(pages::routes())
        .merge(api::routes())
        .merge(assets::routes())
        .layer(middleware::from_fn_with_state(app.clone(), edge::edge))
        .with_state(app)
}
