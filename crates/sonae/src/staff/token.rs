//! Tokens with which other systems use the interface. A token is shown once; the database holds its hash.

use axum::http::header::{AUTHORIZATION, HeaderMap};
use jiff::Timestamp;
use sonae_core::access::{Action, Grant, StaffRole, allowed};
use sonae_db::Tx;
use sonae_store::StoreError;
use sonae_store::api_token::{self, ApiToken, NewToken};
use sonae_store::audit::{self, Act};

use crate::chance;
use crate::staff::session;

/// What tokens begin with, so that a scanner for leaked secrets can find them.
const PREFIX: &str = "sonae_";

/// What a token is for.
#[derive(Clone, Debug)]
pub struct Order {
    /// For people; the name of the other system.
    pub name: String,
    pub role: StaffRole,
    /// Empty for everything the role may do.
    pub scopes: Vec<Action>,
    /// An id of staff, or `command`.
    pub created_by: String,
}

/// A token that was ordered, to be stored by `store` and shown once.
#[derive(Clone, Debug)]
pub struct Fresh {
    pub id: String,
    pub token: String,
}

/// Makes the secrets of a token; nothing is stored yet.
pub fn fresh(at: Timestamp) -> Fresh {
    Fresh {
        id: chance::id(at),
        token: format!("{PREFIX}{}", session::new_token()),
    }
}

/// Stores a token and notes it in the log. `actor` is who the log says did it.
///
/// # Errors
/// The database cannot answer.
pub fn store(
    tx: &mut Tx,
    fresh: &Fresh,
    order: &Order,
    actor: &str,
    at: Timestamp,
) -> Result<(), StoreError> {
    let new = NewToken {
        id: &fresh.id,
        token_hash: &session::id_of(&fresh.token),
        name: &order.name,
        role: order.role,
        scopes: &order.scopes,
        created_by: &order.created_by,
    };
    api_token::create(tx, &new, at)?;
    let act = Act {
        at,
        actor,
        action: "token.created",
        subject: &fresh.id,
    };
    let data = serde_json::json!({ "role": order.role, "scopes": order.scopes });
    audit::append(tx, act, data)?;
    Ok(())
}

/// The token of a request's header `Authorization: Bearer …` as the database knows it; none when the header is missing or something else.
pub fn hash_of_request(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then(|| session::id_of(token.trim()))
}

/// What a token may do: what its role may, narrowed to its scopes.
pub fn grant(token: &ApiToken, action: Action) -> Grant {
    match token.scopes.is_empty() || token.scopes.contains(&action) {
        true => allowed(token.role, action),
        false => Grant::No,
    }
}
