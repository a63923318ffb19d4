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
mod papers;
mod questionnaire;
mod receipt;
mod reports;
mod tasks;
mod withdraw;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use super::public::posted::LARGEST_BODY;
use crate::app::App;

/// Where the private pages of an application begin.
const HOME: &str = "/applications/{receipt_number}/{token}";

pub fn routes() -> Router<App> {
    let page = |name: &str| format!("{HOME}/{name}");
    let papers = paper_routes();
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
        .route(&page("reports"), get(reports::show))
        .route(&page("reports/{month}"), get(reports::report))
        .route(&page("reports/{month}/report.pdf"), get(reports::pdf))
        .route(&page("receipt"), get(receipt::show))
        .route(
            &page("withdraw"),
            get(withdraw::show).post(withdraw::withdraw),
        )
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .merge(papers)
}

/// The papers and their answers. A table of answers and a file are larger than the other forms, and bound by the reader of the form.
fn paper_routes() -> Router<App> {
    use papers::{answers, files, paper, reply};
    let page = |name: &str| format!("{HOME}/papers{name}");
    let small = Router::new()
        .route(&page(""), get(papers::show))
        .route(&page("/checks"), get(answers::checks))
        .route(&page("/risks"), get(answers::risks))
        .route(&page("/security-action"), get(answers::security_action))
        .route(&page("/ledger.xlsx"), get(answers::workbook))
        .route(&page("/{kind}"), get(paper::show))
        .route(&page("/{kind}/comments"), post(reply::comment))
        .route(
            &page("/{kind}/accept"),
            get(reply::show_accept).post(reply::accept),
        )
        .route(
            &page("/{kind}/return"),
            get(reply::show_return).post(reply::send_back),
        )
        .route(
            &page("/{kind}/versions/{version}/paper.pdf"),
            get(files::pdf),
        )
        .route(
            &page("/{kind}/versions/{version}/paper.docx"),
            get(files::word),
        )
        .route(
            &page("/{kind}/versions/{version}/ledger.xlsx"),
            get(files::excel),
        )
        .layer(DefaultBodyLimit::max(LARGEST_BODY));
    Router::new()
        .route(
            &page("/answers/{kind}/{section}"),
            get(answers::section).post(answers::take_section),
        )
        .route(
            &page("/tables/{question}"),
            get(answers::table).post(answers::take_table),
        )
        .route(
            &page("/tables/{question}/sheet"),
            get(answers::sheet).post(answers::take_sheet),
        )
        .route(
            &page("/{kind}/word"),
            get(answers::word).post(answers::take_word),
        )
        .merge(small)
}
