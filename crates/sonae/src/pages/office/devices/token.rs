//! A device's token, shown once, and how to connect the device with it.

use askama::Template;
use axum::http::StatusCode;
use sonae_core::calendar::japanese::date_short;
use sonae_store::telemetry_source::Source;

use super::{frame, here};
use crate::app::App;
use crate::office::devices::days;
use crate::pages::office::Page;
use crate::pages::office::case::open::Opened;
use crate::pages::office::frame::OfficeFrame;
use crate::pages::public::show;

#[derive(Template)]
#[template(path = "office/devices/token.html")]
struct TokenPage {
    frame: OfficeFrame,
    here: String,
    product: String,
    serial: String,
    from: String,
    to: String,
    token: String,
    /// Where lines are sent.
    address: String,
}

/// The answer is the page itself and no redirect: the token stands nowhere else.
pub(super) fn page(app: &App, opened: &Opened, source: &Source, token: String) -> Page {
    let (from, to) = days(source);
    let shown = TokenPage {
        frame: frame(app, opened, "機器のトークン").crumb("機器", &here(opened)),
        here: here(opened),
        product: source.product.clone(),
        serial: source.serial.clone(),
        from: date_short(from),
        to: date_short(to),
        token,
        address: format!("{}/api/v1/telemetry/batches", app.base_url),
    };
    show(StatusCode::OK, &shown)
}
