//! `/office/account`: the person's own sessions and settings.

use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse, Redirect};
use sonae_core::access::Action;

use super::Page;
use super::door::{Door, Staff};
use crate::app::App;
use crate::staff::session;

pub(super) fn routes(door: Door) -> Door {
    door.post("/office/account/sign-out", Action::OwnAccount, sign_out)
}

/// Ends this browser's session.
async fn sign_out(State(app): State<App>, staff: Staff) -> Page {
    let id = staff.session_id;
    app.write(move |tx| sonae_store::session::end(tx, &id))
        .await?;
    let mut response = Redirect::to("/sign-in").into_response();
    let cleared = session::clear_cookie(&app);
    response.headers_mut().append(SET_COOKIE, cleared);
    Ok(response)
}
