//! `GET /api/v1/programs` and `GET /api/v1/programs/{id}`: what is offered, when, and how many places are left.

use super::problem::{Kind, Problem};
use crate::app::{App, Running};

/// The programme of an address.
pub fn running<'a>(app: &'a App, id: &str) -> Result<&'a Running, Problem> {
    app.programs.get(id).ok_or_else(|| {
        Problem::new(
            Kind::NotFound,
            "その事業はありません。事業のIDは GET /api/v1/programs で確かめられます。",
        )
    })
}
