//! Every address this program answers, and what wraps all of them.

use axum::Router;

use crate::app::App;
use crate::{api, pages};

/// The whole program as one service.
pub fn router(app: App) -> Router {
    Router::new()
        .merge(pages::routes())
        .merge(api::routes())
        .with_state(app)
}
