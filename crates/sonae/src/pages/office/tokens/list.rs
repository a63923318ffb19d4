//! `/office/tokens`: every token, with what it may do and whether it still does.

use std::collections::HashMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use jiff::Timestamp;
use sonae_core::access::Action;
use sonae_core::calendar::japanese;
use sonae_store::api_token::{self, ApiToken};

use super::PATH;
use crate::app::App;
use crate::pages::office::Page;
use crate::pages::office::door::{Door, Staff};
use crate::pages::office::flash::Flash;
use crate::pages::office::frame::{OfficeFrame, Section};
use crate::pages::public::show;
use crate::staff::token;

pub(super) fn routes(door: Door) -> Door {
    let may = Action::ManageTokens;
    door.get(PATH, may, page)
        .post("/office/tokens/{id}/revoke", may, revoke)
}

#[derive(Template)]
#[template(path = "office/tokens/list.html")]
struct ListPage {
    frame: OfficeFrame,
    tokens: Vec<Line>,
}

struct Line {
    id: String,
    name: String,
    role: &'static str,
    /// Empty for everything the role may do.
    scopes: Vec<&'static str>,
    made: String,
    made_by: String,
    last_used: Option<String>,
    expires: String,
    /// The chip's kind and its word.
    state: (&'static str, &'static str),
    works: bool,
}

async fn page(State(app): State<App>, staff: Staff) -> Page {
    let found = app.read(|tx| Ok((api_token::all(tx)?, sonae_store::staff::all(tx)?)));
    let (tokens, people) = found.await?;
    let names: HashMap<String, String> = people
        .into_iter()
        .map(|person| (person.id, person.name))
        .collect();
    let now = app.clock.now();
    let shown = ListPage {
        frame: OfficeFrame::new(&app, &staff, Section::Integrations, "APIのトークン")
            .crumb("連携", "/office/integrations"),
        tokens: tokens
            .into_iter()
            .map(|token| line(token, &names, now))
            .collect(),
    };
    show(StatusCode::OK, &shown)
}

fn line(token: ApiToken, names: &HashMap<String, String>, now: Timestamp) -> Line {
    let state = match token.revoked_at {
        Some(_) => ("neutral", "取り消し済み"),
        None if token.expires_at <= now => ("neutral", "期限切れ"),
        None => ("success", "有効"),
    };
    Line {
        role: token.role.label(),
        scopes: token.scopes.iter().map(|scope| scope.label()).collect(),
        made: japanese::moment(token.created_at),
        made_by: (names.get(&token.created_by).cloned()).unwrap_or_else(|| "コマンド".to_owned()),
        last_used: token.last_used_at.map(japanese::moment),
        expires: japanese::moment(token.expires_at),
        works: state.0 == "success",
        state,
        name: token.name,
        id: token.id,
    }
}

async fn revoke(State(app): State<App>, staff: Staff, Path(id): Path<String>) -> Page {
    let said = match token::revoke(&app, staff.actor(), id).await? {
        true => Flash::success("トークンを取り消しました。もう使えません。"),
        false => Flash::warning("このトークンは、すでに取り消されています。"),
    };
    Ok(said.go(&app, &staff, PATH))
}
