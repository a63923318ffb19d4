//! 受付番号がお手元にある方: `/status`. The number alone opens nothing; the page says where the private link is.
//!
//! It never says whether a number exists, only whether it was written down without a slip, which its check character tells.

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use sonae_core::receipt_number;

use super::calm::{self, Page};
use super::field::{Mistake, Text, Width};
use super::frame::Frame;
use super::posted::Posted;
use crate::app::App;

#[derive(Template)]
#[template(path = "public/status.html")]
struct StatusPage {
    frame: Frame,
    mistakes: Vec<Mistake>,
    number: Text,
    /// The number as it is written, when it was typed without a slip.
    read: Option<String>,
}

pub(super) async fn show(State(app): State<App>, RawQuery(query): RawQuery) -> Page {
    let query = Posted::parse(query.unwrap_or_default().as_bytes());
    let typed = query.first("receipt_number").trim();
    let read = receipt_number::read(typed);
    let mut number = Text {
        value: typed.to_owned(),
        width: Width::Medium,
        ..Text::new("receipt_number", "受付番号")
    };
    number.part.required = true;
    number.part.hint =
        Some("例：KT-346-7A9。大文字と小文字、全角と半角、ハイフンの有無は問いません。".to_owned());
    number.part.error = match (&read, query.has("receipt_number")) {
        (None, true) => Some(
            "受付番号が正しくありません。写し間違いがないか、受付のメールでお確かめください。"
                .to_owned(),
        ),
        _ => None,
    };
    let mistakes: Vec<Mistake> = number
        .part
        .error
        .iter()
        .map(|message| Mistake {
            target: number.part.id.clone(),
            message: message.clone(),
        })
        .collect();
    let status = match mistakes.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let page = StatusPage {
        frame: Frame::of_site(&app, "お申込みの状況を見る")
            .narrow()
            .with_error(!mistakes.is_empty()),
        mistakes,
        number,
        read,
    };
    Ok(calm::html(status, &page))
}
