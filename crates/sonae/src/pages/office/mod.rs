//! The office: pages for staff. Every one of them is registered at the door, which asks who comes before it lets anybody in.

mod account;
mod answers;
mod approvals;
pub mod calm;
pub mod case;
pub mod cases;
mod checks;
mod detections;
mod devices;
pub mod door;
mod earlier_support;
mod figures;
mod findings;
pub mod flash;
pub mod form;
pub mod frame;
mod home;
mod integrations;
mod log;
mod mails;
mod papers;
mod programs;
mod reports;
mod sign_in;
mod tokens;
mod users;
mod waiting;

use axum::Router;
use axum::response::Response;

use super::public::error::PageError;
use crate::app::App;
use door::Door;

/// What a handler of the office gives: its page, or why it cannot be shown; the edge makes a page of the latter too.
pub type Page = Result<Response, PageError>;

/// Every route of the office. A new page adds its `routes` here; the test that walks all routes and roles finds them by this list.
pub fn door(app: &App) -> Door {
    let door = Door::new(app);
    let door = home::routes(door);
    let door = cases::routes(door);
    let door = account::routes(door);
    let door = mails::routes(door);
    let door = integrations::routes(door);
    let door = case::routes(door);
    let door = answers::routes(door);
    let door = papers::routes(door);
    let door = devices::routes(door);
    let door = detections::routes(door);
    let door = earlier_support::routes(door);
    let door = users::routes(door);
    let door = tokens::routes(door);
    let door = approvals::routes(door);
    let door = waiting::routes(door);
    let door = figures::routes(door);
    let door = checks::routes(door);
    let door = findings::routes(door);
    let door = reports::routes(door);
    let door = log::routes(door);
    programs::routes(door)
}

pub fn routes(app: &App) -> Router<App> {
    door(app).into_router().merge(sign_in::routes(app))
}
