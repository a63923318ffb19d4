//! `/office`: leads to the first page of the person's role.

use axum::response::{IntoResponse, Redirect, Response};
use sonae_core::access::Action;

use super::door::{Door, Staff};
use super::frame::Section;

pub(super) fn routes(door: Door) -> Door {
    door.get("/office", Action::OwnAccount, home)
}

async fn home(staff: Staff) -> Response {
    Redirect::to(Section::first_of(staff.role).href()).into_response()
}
