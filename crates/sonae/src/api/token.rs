//! `GET /api/v1/token`: what a token is, told to who has it. Its id names it where cases are assigned.

use axum::Json;
use schemars::JsonSchema;
use serde::Serialize;
use sonae_core::access::Action;
use sonae_core::audit::at_text;

use super::door::Caller;

/// The token with which it is asked.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Token")]
pub struct TokenView {
    pub id: String,
    /// Of the system that uses it.
    pub name: String,
    #[schemars(extend("enum" = ["secretariat", "sponsor", "expert", "technician", "desk", "admin"]))]
    pub role: &'static str,
    /// Empty for everything the role may do.
    pub scopes: Vec<&'static str>,
    #[schemars(extend("format" = "date-time"))]
    pub expires_at: String,
}

pub async fn show(caller: Caller) -> Json<TokenView> {
    let token = caller.token();
    Json(TokenView {
        id: token.id.clone(),
        name: token.name.clone(),
        role: token.role.as_str(),
        scopes: token.scopes.iter().copied().map(Action::as_str).collect(),
        expires_at: at_text(token.expires_at),
    })
}
