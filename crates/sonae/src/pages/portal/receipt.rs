//! 受付票: `/applications/{receipt_number}/{token}/receipt`. What was received, for paper, with everything that proves it.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use sonae_core::application::answers::Answers;
use sonae_core::application::show::show_all;
use sonae_core::audit::hex;
use sonae_core::calendar::japanese::moment;
use sonae_core::program::Program;

use super::super::public::calm::{self, Page};
use super::super::public::field::Row;
use super::super::public::frame::Frame;
use super::door::{self, Opened};
use crate::app::App;

#[derive(Template)]
#[template(path = "portal/receipt.html")]
struct ReceiptPage<'a> {
    frame: Frame,
    program: &'a Program,
    number: &'a str,
    received_at: String,
    positions: Vec<Row>,
    answers: Vec<Row>,
    /// Whether the answers were corrected since.
    corrected: bool,
    log_index: i64,
    log_hash: &'a str,
    proof: String,
    /// Hex; with it and the stored answers the applicant checks the commitment in the log.
    salt: String,
    stored: &'a str,
    home: &'a str,
}

/// What only the receipt looks at.
struct Received {
    application: sonae_store::application::Application,
    log_hash: String,
}

pub(super) async fn show(
    State(app): State<App>,
    Path((number, token)): Path<(String, String)>,
) -> Page {
    let opened = door::open(&app, &number, &token).await?;
    let received = received(&app, &opened).await?;
    let application = &received.application;
    let program = opened.program();
    // Our own JSON; were it damaged, the rest of the receipt is still worth showing.
    let then: Answers = serde_json::from_str(&application.answers).unwrap_or_default();
    let positions = program.courses().iter().filter_map(|course| {
        let mut places = application.places.iter();
        let place = places.find(|place| place.course == course.id)?;
        Some(Row {
            label: course.title.clone(),
            value: format!("受付順 {}番", place.position),
            change: None,
        })
    });
    let page = ReceiptPage {
        frame: opened.frame(&app, "受付票"),
        program,
        number: &application.receipt_number,
        received_at: moment(application.received_at),
        positions: positions.collect(),
        answers: rows(program, &opened.stored.answers),
        corrected: then != opened.stored.answers,
        log_index: application.log_index,
        log_hash: &received.log_hash,
        proof: format!("/applications/{}/proof", application.receipt_number),
        salt: hex(&application.salt),
        stored: &application.answers,
        home: &opened.path,
    };
    Ok(calm::html(StatusCode::OK, &page))
}

async fn received(app: &App, opened: &Opened) -> Result<Received, Response> {
    let number = opened.stored.receipt_number.clone();
    let found = app
        .read(move |tx| {
            let Some(application) = sonae_store::application::by_receipt(tx, &number)? else {
                return Ok(None);
            };
            let entry = sonae_store::audit::entry(tx, application.log_index)?;
            Ok(Some(Received {
                log_hash: entry.map_or_else(String::new, |entry| hex(&entry.hash)),
                application,
            }))
        })
        .await;
    match found {
        Ok(Some(received)) => Ok(received),
        Ok(None) => Err(calm::no_application(app)),
        Err(error) => Err(calm::failed(error)),
    }
}

fn rows(program: &Program, answers: &Answers) -> Vec<Row> {
    let given = show_all(program, answers).into_iter();
    given
        .filter(|shown| !shown.value.is_empty())
        .map(|shown| Row {
            label: shown.label,
            value: shown.value,
            change: None,
        })
        .collect()
}
