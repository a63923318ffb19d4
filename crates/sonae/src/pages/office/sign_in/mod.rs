//! `/sign-in`: a mail address, a one-time link, a code. These pages stand before the door, carry no script, and tell nobody who exists.

pub(super) mod code;
mod enrol;
mod link;
mod rehearsal;

use askama::Template;
use axum::Router;
use axum::extract::{RawForm, RawQuery, State};
use axum::http::StatusCode;
use axum::http::header::{HeaderMap, SET_COOKIE, USER_AGENT};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use sonae_store::session::Stage;
use tokio::time::{Duration, Instant, sleep_until};

use super::Page;
use super::door::own_target;
use crate::app::App;
use crate::pages::public::error::PageError;
use crate::pages::public::field::{Mistake, Text};
use crate::pages::public::frame::Frame;
use crate::pages::public::show;
use crate::staff::rehearsal::is_open;
use crate::staff::session::{self, SignedIn};
use crate::staff::sign_in::{self, Opened};

/// Every answer to a mail address takes so long, so that the time does not tell whether somebody has it.
const ANSWER_AFTER: Duration = Duration::from_millis(250);
/// What is kept of how a browser calls itself, in characters.
const LONGEST_BROWSER: usize = 160;

pub(super) fn routes(app: &App) -> Router<App> {
    let router = Router::new()
        .route("/sign-in", get(show_form).post(ask))
        .route("/sign-in/sent", get(sent))
        .route("/sign-in/link/{token}", get(link::show).post(link::open))
        .route("/sign-in/code", get(code::show).post(code::give))
        .route("/sign-in/enrol", get(enrol::show).post(enrol::enrol));
    // Outside a demonstration there is no such address at all.
    match is_open(app) {
        true => router.merge(rehearsal::routes()),
        false => router,
    }
}

#[derive(Template)]
#[template(path = "office/sign_in/form.html")]
struct FormPage {
    frame: Frame,
    mistakes: Vec<Mistake>,
    email: Text,
    to: String,
    /// A demonstration lets visitors in as one of its invented people.
    is_demo: bool,
}

#[derive(Template)]
#[template(path = "office/sign_in/sent.html")]
struct SentPage {
    frame: Frame,
    minutes: i64,
    /// Where a rehearsal's mails can be read.
    mails: Option<&'static str>,
}

async fn show_form(State(app): State<App>, RawQuery(query): RawQuery) -> Page {
    let to = value(query.unwrap_or_default().as_bytes(), "to");
    form_page(&app, String::new(), None, own_target(&to))
}

fn form_page(app: &App, typed: String, error: Option<String>, to: &str) -> Page {
    let mut email = Text {
        value: typed,
        kind: "email",
        inputmode: Some("email"),
        autocomplete: Some("username"),
        ..Text::new("email", "メールアドレス")
    };
    email.part.required = true;
    email.part.hint = Some("利用者として登録されているアドレスを入力してください。".to_owned());
    email.part.error = error;
    let mistakes = mistakes_of(&email);
    let status = status_of(&mistakes);
    let page = FormPage {
        frame: frame(app, "サインイン").with_error(!mistakes.is_empty()),
        mistakes,
        email,
        to: to.to_owned(),
        is_demo: is_open(app),
    };
    show(status, &page)
}

async fn ask(State(app): State<App>, RawForm(body): RawForm) -> Page {
    let started = Instant::now();
    let (typed, to) = (value(&body, "email"), value(&body, "to"));
    let to = own_target(&to).to_owned();
    match crate::staff::address(&typed) {
        Err(mistake) => form_page(&app, typed, Some(mistake.sentence.into_owned()), &to),
        Ok(email) => {
            sign_in::ask(&app, email, to).await?;
            sleep_until(started + ANSWER_AFTER).await;
            Ok(Redirect::to("/sign-in/sent").into_response())
        }
    }
}

async fn sent(State(app): State<App>) -> Page {
    let rehearsal = app.config.smtp.is_none() && app.config.clock.is_some();
    let page = SentPage {
        frame: frame(&app, "メールをご確認ください"),
        minutes: sign_in::LINK_LIFETIME.as_mins(),
        mails: rehearsal.then_some("/rehearsal/mail"),
    };
    show(StatusCode::OK, &page)
}

fn frame(app: &App, title: &str) -> Frame {
    Frame::of_site(app, title).private()
}

pub(super) fn mistakes_of(field: &Text) -> Vec<Mistake> {
    let error = field.part.error.iter();
    error
        .map(|message| Mistake {
            target: field.part.id.clone(),
            message: message.clone(),
        })
        .collect()
}

fn status_of(mistakes: &[Mistake]) -> StatusCode {
    match mistakes.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// The first value of a name in a query or a form; empty when it was not sent.
fn value(bytes: &[u8], name: &str) -> String {
    let mut pairs = form_urlencoded::parse(bytes);
    pairs
        .find(|(key, _)| key == name)
        .map_or_else(String::new, |(_, value)| {
            value.chars().take(1_000).collect()
        })
}

/// How the browser calls itself, shortened.
fn browser(headers: &HeaderMap) -> String {
    let agent = headers
        .get(USER_AGENT)
        .and_then(|agent| agent.to_str().ok());
    agent
        .unwrap_or_default()
        .chars()
        .take(LONGEST_BROWSER)
        .collect()
}

/// Gives the browser its new cookie and goes on.
fn go_on(app: &App, opened: &Opened) -> Response {
    let path = match opened.stage {
        Stage::Link => "/sign-in/code",
        Stage::Full => own_target(&opened.goes_to),
    };
    with_cookie(app, opened, Redirect::to(path).into_response())
}

fn with_cookie(app: &App, opened: &Opened, mut response: Response) -> Response {
    let cookie = session::set_cookie(app, session::cookie_name(app), &opened.token, None);
    response.headers_mut().append(SET_COOKIE, cookie);
    response
}

/// The sign-in that waits for its second factor.
///
/// # Errors
/// What is answered instead: the office for who is in already, the beginning for who has not begun.
async fn waiting(app: &App, headers: &HeaderMap) -> Result<SignedIn, Response> {
    let found = session::of_request(app, headers).await;
    match found.map_err(|error| PageError::from(error).into_response())? {
        Some(found) if found.session.stage == Stage::Link => Ok(found),
        Some(_) => Err(Redirect::to("/office").into_response()),
        None => Err(Redirect::to("/sign-in").into_response()),
    }
}

/// The same for a form, which also has to carry the session's token.
async fn waiting_form(app: &App, headers: &HeaderMap, body: &[u8]) -> Result<SignedIn, Response> {
    let found = waiting(app, headers).await?;
    match session::id_of(&value(body, "csrf")) == session::id_of(&found.csrf) {
        true => Ok(found),
        false => Err(PageError::Foreign.into_response()),
    }
}
