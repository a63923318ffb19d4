//! The variable parts of an address.

use axum::extract::{FromRequestParts, Path};
use axum::http::request;
use serde::de::DeserializeOwned;

use super::problem::{Kind, Problem};

/// The one variable part of an address: a programme's id or a receipt number.
pub struct Id(pub String);

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut request::Parts, state: &S) -> Result<Id, Problem> {
        match Path::<String>::from_request_parts(parts, state).await {
            Ok(Path(id)) => Ok(Id(id)),
            Err(_) => Err(unreadable()),
        }
    }
}

/// The variable parts of an address that has several, in their order.
pub struct Parts<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Parts<T> {
    type Rejection = Problem;

    async fn from_request_parts(
        parts: &mut request::Parts,
        state: &S,
    ) -> Result<Parts<T>, Problem> {
        let found = Path::<T>::from_request_parts(parts, state).await;
        found
            .map(|Path(found)| Parts(found))
            .map_err(|_| unreadable())
    }
}

/// Only bytes that are not UTF-8 get here; nothing of ours has such a name.
fn unreadable() -> Problem {
    Problem::new(
        Kind::NotFound,
        "アドレスに読めない文字があります。アドレスを確かめてください。",
    )
}
