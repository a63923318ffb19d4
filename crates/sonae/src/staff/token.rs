//! Tokens with which other systems use the interface. A token is shown once; the database holds its hash.

use axum::http::header::{AUTHORIZATION, HeaderMap};
use jiff::{SignedDuration, Timestamp};
use sonae_core::access::{Action, Grant, StaffRole, allowed};
use sonae_db::Tx;
use sonae_store::StoreError;
use sonae_store::api_token::{self, ApiToken, NewToken};
use sonae_store::audit::{self, Act};

use crate::app::App;
use crate::chance;
use crate::staff::session;

/// What tokens begin with, so that a scanner for leaked secrets can find them.
const PREFIX: &str = "sonae_";
/// The moment of last use is noted at most so often, so that a busy token does not write with every request.
const NOTED_EVERY: SignedDuration = SignedDuration::from_mins(5);
/// The longest name of a system that uses a token, in characters.
pub const LONGEST_NAME: usize = 50;
/// How long a token lives when nothing is said, in days.
pub const LIFETIME_DAYS: u32 = 365;

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
    pub expires_at: Timestamp,
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
        expires_at: order.expires_at,
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

/// Why a request of another system is not answered.
#[derive(Debug)]
pub enum Denied {
    /// No token, or one that is unknown, revoked or expired: status 401.
    Unknown,
    /// The token's role or scopes do not cover the action: status 403.
    OutOfScope,
    Failed(StoreError),
}

/// Makes a token and gives it, to be shown once. `actor` is who the log says did it.
///
/// # Errors
/// The database cannot be written.
pub async fn make(app: &App, actor: String, order: Order) -> Result<String, StoreError> {
    let now = app.clock.now();
    let fresh = fresh(now);
    let token = fresh.token.clone();
    app.write(move |tx| store(tx, &fresh, &order, &actor, now))
        .await?;
    Ok(token)
}

/// Revokes a token at once. `false` when there is none such or it was revoked before.
///
/// # Errors
/// The database cannot be written.
pub async fn revoke(app: &App, actor: String, id: String) -> Result<bool, StoreError> {
    let now = app.clock.now();
    app.write(move |tx| {
        let revoked = api_token::revoke(tx, &id, now)?;
        if revoked {
            super::note(tx, now, &actor, "token.revoked", &id)?;
        }
        Ok(revoked)
    })
    .await
}

/// The token of a request, when it covers the action; with every case, or only with what `ApiToken::role` opens of it.
///
/// # Errors
/// `Denied`.
pub async fn of_request(
    app: &App,
    headers: &HeaderMap,
    action: Action,
) -> Result<ApiToken, Denied> {
    let hash = hash_of_request(headers).ok_or(Denied::Unknown)?;
    let now = app.clock.now();
    let found = app.write(move |tx| {
        let found = api_token::find(tx, &hash, now)?;
        let is_due = |last: Timestamp| now.duration_since(last) >= NOTED_EVERY;
        if let Some(token) = &found
            && token.last_used_at.is_none_or(is_due)
        {
            api_token::touch(tx, &token.id, now)?;
        }
        Ok(found)
    });
    let token = found.await.map_err(Denied::Failed)?;
    let token = token.ok_or(Denied::Unknown)?;
    match grant(&token, action) {
        Grant::No => Err(Denied::OutOfScope),
        Grant::Yes | Grant::Assigned => Ok(token),
    }
}

/// The token of the header `Authorization: Bearer …` as the database knows it; none when the header is missing or something else.
fn hash_of_request(headers: &HeaderMap) -> Option<String> {
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
