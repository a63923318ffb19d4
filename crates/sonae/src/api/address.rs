//! The variable part of an address.

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;

use super::problem::{Kind, Problem};

/// The one variable part of an address: a programme's id or a receipt number.
pub struct Id(pub String);

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Id, Problem> {
        match Path::<String>::from_request_parts(parts, state).await {
            Ok(Path(id)) => Ok(Id(id)),
            // Only bytes that are not UTF-8 get here; nothing of ours has such a name.
            Err(_) => Err(Problem::new(
                Kind::NotFound,
                "アドレスに読めない文字があります。アドレスを確かめてください。",
            )),
        }
    }
}
