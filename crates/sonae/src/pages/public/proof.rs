//! 受付の証明: `/applications/{receipt_number}/proof`. What anybody needs to check the order of a receipt by himself.
//!
//! The page holds nothing personal: the log keeps only a commitment to the answers, so the number alone may open it, as in the API.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use sonae_core::audit::hex;
use sonae_core::receipt_number;

use super::calm::{self, Page};
use super::frame::Frame;
use crate::app::App;

#[derive(Template)]
#[template(path = "public/proof.html")]
struct ProofPage {
    frame: Frame,
    number: String,
    log_index: i64,
    entry: String,
    previous: String,
    hash: String,
    api: String,
}

pub(super) async fn show(State(app): State<App>, Path(number): Path<String>) -> Page {
    let number = receipt_number::read(&number).ok_or_else(calm::not_found)?;
    let wanted = number.clone();
    let entry = app
        .read(move |tx| sonae_store::application::receipt_entry(tx, &wanted))
        .await
        .map_err(calm::failed)?
        .ok_or_else(calm::not_found)?;
    let page = ProofPage {
        frame: Frame::of_site(&app, "受付の証明").private(),
        api: format!("/api/v1/receipts/{number}/proof"),
        number,
        log_index: entry.index,
        entry: entry.line,
        previous: hex(&entry.previous),
        hash: hex(&entry.hash),
    };
    Ok(calm::html(StatusCode::OK, &page))
}
