//! 保存して中断: `/apply/{token}/saved`. The private link to go on with, on the page and, when asked for, by mail.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::json;
use sonae_core::calendar::japanese;
use sonae_core::text::email;

use super::calm::{self, Page};
use super::draft::{self, Open};
use super::frame::Frame;
use crate::app::App;
use crate::mail::DraftLink;

/// The most mails with its link that one draft can cause, so that nobody is flooded by a stranger.
const MOST_MAILS: u64 = 3;
/// Where the draft counts them.
const MAILS: &str = "_form.link_mails";

#[derive(Template)]
#[template(path = "public/saved.html")]
struct SavedPage {
    frame: Frame,
    link: String,
    until: String,
    /// The address it can be mailed to, when one was typed.
    email: Option<String>,
    mail: String,
    go_on: String,
    /// What became of the request to mail it.
    said: Option<&'static str>,
}

pub(super) async fn show(State(app): State<App>, Path(token): Path<String>) -> Page {
    let open = draft::open(&app, &token).await?;
    Ok(page(&app, &open, None))
}

pub(super) async fn mail(State(app): State<App>, Path(token): Path<String>) -> Page {
    let mut open = draft::open(&app, &token).await?;
    let sent: u64 = open.typed.text(MAILS).parse().unwrap_or(0);
    let Some(email) = known_email(&open) else {
        return Ok(page(
            &app,
            &open,
            Some("メールアドレスがまだ入力されていないため、送れません。"),
        ));
    };
    if sent >= MOST_MAILS {
        return Ok(page(
            &app,
            &open,
            Some(
                "このアドレスは、すでに何度かメールでお送りしました。迷惑メールの振り分けもお確かめください。",
            ),
        ));
    }
    open.typed.set(MAILS, json!(sent + 1));
    let now = app.clock.now();
    let link = DraftLink {
        recipient: &email,
        token: &open.token,
        expires_at: draft::expiry(&open.program, now),
        applicant_name: &open.typed.text("name"),
        contact_name: &open.typed.text("contact_name"),
    };
    let mail = app.mailer.draft_link(&open.program, &link, now);
    let said = match &mail {
        Some(_) => {
            "メールを送る手続きをしました。数分たっても届かないときは、アドレスの打ち間違いと、迷惑メールの振り分けをお確かめください。"
        }
        None => "このメールアドレスには送れませんでした。画面のアドレスを控えてください。",
    };
    open.save_with(&app, mail).await?;
    Ok(page(&app, &open, Some(said)))
}

fn known_email(open: &Open) -> Option<String> {
    email::normalise(&open.typed.text("contact_email")).ok()
}

fn page(app: &App, open: &Open, said: Option<&'static str>) -> axum::response::Response {
    let page = SavedPage {
        frame: Frame::of_program(app, &open.program, "保存しました").private(),
        link: format!("{}{}", app.base_url, open.path()),
        until: japanese::moment(open.expires_at),
        email: known_email(open),
        mail: format!("{}/saved", open.path()),
        go_on: open.path(),
        said,
    };
    calm::html(StatusCode::OK, &page)
}
