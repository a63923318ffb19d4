//! `/sign-in/code`: the second factor of somebody who has one.

use askama::Template;
use axum::extract::{RawForm, State};
use axum::http::StatusCode;
use axum::http::header::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::Timestamp;
use sonae_core::calendar::japanese;

use super::{frame, go_on, mistakes_of, value, waiting, waiting_form};
use crate::app::App;
use crate::pages::office::Page;
use crate::pages::public::error::PageError;
use crate::pages::public::field::{Mistake, Text, Width};
use crate::pages::public::frame::Frame;
use crate::pages::public::show as page;
use crate::staff::session::SignedIn;
use crate::staff::sign_in::{self, Outcome};

#[derive(Template)]
#[template(path = "office/sign_in/code.html")]
struct CodePage {
    frame: Frame,
    mistakes: Vec<Mistake>,
    code: Text,
    csrf: String,
}

pub(super) async fn show(State(app): State<App>, headers: HeaderMap) -> Result<Response, Response> {
    let signed_in = waiting(&app, &headers).await?;
    if signed_in.staff.second_factor.secret.is_none() {
        return Ok(Redirect::to("/sign-in/enrol").into_response());
    }
    code_page(&app, &signed_in, None, StatusCode::OK).map_err(IntoResponse::into_response)
}

pub(super) async fn give(
    State(app): State<App>,
    headers: HeaderMap,
    RawForm(body): RawForm,
) -> Result<Response, Response> {
    let signed_in = waiting_form(&app, &headers, &body).await?;
    let outcome = sign_in::give_code(&app, signed_in.clone(), value(&body, "code")).await;
    let refused = match outcome.map_err(|error| PageError::from(error).into_response())? {
        Outcome::Right(opened) => return Ok(go_on(&app, &opened)),
        Outcome::Wrong(left) => wrong(left),
        Outcome::Locked(until) => locked(until),
    };
    let (error, status) = refused;
    code_page(&app, &signed_in, Some(error), status).map_err(IntoResponse::into_response)
}

/// What is said of a wrong code, with its status.
pub(in crate::pages::office) fn wrong(left: i64) -> (String, StatusCode) {
    let sentence = format!(
        "確認コードが正しくありません。アプリに新しいコードが出てから、もう一度入力してください。あと{left}回間違えると、しばらく受け付けなくなります。"
    );
    (sentence, StatusCode::UNPROCESSABLE_ENTITY)
}

/// What is said of any code after too many wrong ones.
pub(in crate::pages::office) fn locked(until: Timestamp) -> (String, StatusCode) {
    let sentence = format!(
        "確認コードの間違いが続いたため、{}まで受け付けていません。お知らせのメールをお送りしました。その時刻を過ぎてからもう一度お試しいただくか、お急ぎのときは管理者に「ロックの解除」を頼んでください。",
        japanese::moment(until)
    );
    (sentence, StatusCode::TOO_MANY_REQUESTS)
}

fn code_page(app: &App, signed_in: &SignedIn, error: Option<String>, status: StatusCode) -> Page {
    let code = code_field(
        "認証アプリに表示されている6桁の数字です。アプリが使えないときは、控えておいた回復コードを1つ入力してください。",
        error,
    );
    let mistakes = mistakes_of(&code);
    let shown = CodePage {
        frame: frame(app, "確認コード").with_error(!mistakes.is_empty()),
        mistakes,
        code,
        csrf: signed_in.csrf.clone(),
    };
    page(status, &shown)
}

/// The box for a code.
pub(in crate::pages::office) fn code_field(hint: &str, error: Option<String>) -> Text {
    let mut code = Text {
        autocomplete: Some("one-time-code"),
        width: Width::Medium,
        ..Text::new("code", "確認コード")
    };
    code.part.required = true;
    code.part.hint = Some(hint.to_owned());
    code.part.error = error;
    code
}
