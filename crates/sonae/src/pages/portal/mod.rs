//! The company's own pages, below its private link: `/applications/{receipt_number}/{token}`.
//!
//! Whoever holds the link acts for the company and for no other; every change is an event of `office::act` with `Actor::Company`. No
//! page needs a script.

mod agree;
mod answers;
mod confirm;
mod correct;
mod diagnosis;
mod door;
mod ending;
mod home;
mod messages;
mod offer;
mod questionnaire;
mod receipt;
mod tasks;
mod withdraw;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::get;

use super::public::posted::LARGEST_BODY;
use crate::app::App;

/// Where the private pages of an application begin.
const HOME: &str = "/applications/{receipt_number}/{token}";

pub fn routes() -> Router<App> {
    let page = |name: &str| format!("{HOME}/{name}");
    Router::new()
        .route(HOME, get(home::show))
        .route(&page("agree"), get(agree::show).post(agree::agree))
        .route(
            &page("questionnaire"),
            get(questionnaire::show).post(questionnaire::take),
        )
        .route(
            &page("questionnaire/confirm"),
            get(confirm::show).post(confirm::send),
        )
        .route(&page("correct"), get(correct::show).post(correct::take))
        .route(&page("offer/{course}"), get(offer::show).post(offer::reply))
        .route(&page("messages"), get(messages::show).post(messages::send))
        .route(&page("diagnosis"), get(diagnosis::show))
        .route(&page("receipt"), get(receipt::show))
        .route(
            &page("withdraw"),
            get(withdraw::show).post(withdraw::withdraw),
        )
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
}
