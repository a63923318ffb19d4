//! `/sign-in/enrol`: the first sign-in shares a secret with the person's app, and hands out the recovery codes.

use askama::Template;
use axum::extract::{RawForm, State};
use axum::http::StatusCode;
use axum::http::header::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};

use super::code::code_field;
use super::{frame, mistakes_of, status_of, value, waiting, waiting_form, with_cookie};
use crate::app::App;
use crate::pages::office::Page;
use crate::pages::office::door::own_target;
use crate::pages::public::error::PageError;
use crate::pages::public::field::{Mistake, Text};
use crate::pages::public::frame::Frame;
use crate::pages::public::show as page;
use crate::staff::second_factor::{self, Qr};
use crate::staff::session::SignedIn;
use crate::staff::sign_in;

#[derive(Template)]
#[template(path = "office/sign_in/enrol.html")]
struct EnrolPage {
    frame: Frame,
    mistakes: Vec<Mistake>,
    code: Text,
    csrf: String,
    secret: String,
    link: String,
    qr: Option<Qr>,
}

#[derive(Template)]
#[template(path = "office/sign_in/enrolled.html")]
struct EnrolledPage {
    frame: Frame,
    codes: Vec<String>,
    goes_to: String,
}

pub(super) async fn show(State(app): State<App>, headers: HeaderMap) -> Result<Response, Response> {
    let signed_in = waiting(&app, &headers).await?;
    if signed_in.staff.second_factor.secret.is_some() {
        return Ok(Redirect::to("/sign-in/code").into_response());
    }
    let secret = secret_of(&app, &signed_in).await?;
    enrol_page(&app, &signed_in, &secret, None).map_err(IntoResponse::into_response)
}

pub(super) async fn enrol(
    State(app): State<App>,
    headers: HeaderMap,
    RawForm(body): RawForm,
) -> Result<Response, Response> {
    let signed_in = waiting_form(&app, &headers, &body).await?;
    let enrolled = sign_in::enrol(&app, signed_in.clone(), &value(&body, "code")).await;
    let enrolled = enrolled.map_err(|error| PageError::from(error).into_response())?;
    let Some((opened, codes)) = enrolled else {
        let secret = secret_of(&app, &signed_in).await?;
        let error = "確認コードが正しくありません。アプリに登録し終えてから、表示されている6桁の数字を入力してください。スマートフォンの時刻がずれていると、正しいコードになりません。";
        return enrol_page(&app, &signed_in, &secret, Some(error.to_owned()))
            .map_err(IntoResponse::into_response);
    };
    // The codes are shown once and stand nowhere else, so this answer is the page itself and no redirect.
    let shown = EnrolledPage {
        frame: frame(&app, "回復コードを控えてください"),
        codes,
        goes_to: own_target(&opened.goes_to).to_owned(),
    };
    let response = page(StatusCode::OK, &shown).map_err(IntoResponse::into_response)?;
    Ok(with_cookie(&app, &opened, response))
}

/// The secret that this sign-in enrols; the same one when the page is opened again.
async fn secret_of(app: &App, signed_in: &SignedIn) -> Result<Vec<u8>, Response> {
    if let Some(secret) = &signed_in.session.enrolling {
        return Ok(secret.clone());
    }
    let (secret, id) = (second_factor::new_secret(), signed_in.session.id.clone());
    let kept = secret.clone();
    let written = app
        .write(move |tx| sonae_store::session::set_enrolling(tx, &id, &kept))
        .await;
    written.map_err(|error| PageError::from(error).into_response())?;
    Ok(secret)
}

fn enrol_page(app: &App, signed_in: &SignedIn, secret: &[u8], error: Option<String>) -> Page {
    let code = code_field("登録したあとにアプリに表示される6桁の数字です。", error);
    let mistakes = mistakes_of(&code);
    let link = second_factor::link(&signed_in.staff.email, secret);
    let shown = EnrolPage {
        frame: frame(app, "認証アプリの登録").with_error(!mistakes.is_empty()),
        code,
        csrf: signed_in.csrf.clone(),
        secret: second_factor::as_text(secret),
        qr: second_factor::qr(&link),
        link,
        mistakes: mistakes.clone(),
    };
    page(status_of(&mistakes), &shown)
}
