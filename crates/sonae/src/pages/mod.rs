//! Pages for people: handler, form and view of one page in one file, its template under the same path.

mod correction;
pub mod office;
mod papers;
pub mod portal;
pub mod public;
pub mod rehearsal;

use axum::Router;

use crate::app::App;

pub fn routes(app: &App) -> Router<App> {
    Router::new()
        .merge(public::routes())
        .merge(portal::routes())
        .merge(office::routes(app))
}
