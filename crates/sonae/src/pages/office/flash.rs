//! What an action leaves to say on the page after the redirect: one sentence in a short-lived, signed cookie.
//!
//! The sentence names cases by their receipt numbers and never a person, since it leaves the database's protection for a moment.

use axum::http::HeaderMap;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse, Redirect, Response};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use serde::{Deserialize, Serialize};
use sonae_core::audit::hex;

use super::door::{Staff, own_target};
use crate::app::App;
use crate::staff::session;

/// The cookie's name.
pub const COOKIE: &str = "sonae_said";
/// A page that is not opened within so many seconds does not say it any more.
const SECONDS: u32 = 60;
/// The longest content of the cookie; what is longer is not said.
const LONGEST: usize = 3_000;

/// One sentence after an action.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flash {
    /// `success`, `info`, `warning` or `error`, as the notices of the style sheet.
    pub kind: String,
    pub sentence: String,
    /// A form without fields beside it, for example to undo: the button's label and where it posts to.
    pub action: Option<(String, String)>,
}

impl Flash {
    pub fn success(sentence: impl Into<String>) -> Flash {
        Flash::new("success", sentence)
    }

    pub fn warning(sentence: impl Into<String>) -> Flash {
        Flash::new("warning", sentence)
    }

    fn new(kind: &str, sentence: impl Into<String>) -> Flash {
        Flash {
            kind: kind.to_owned(),
            sentence: sentence.into(),
            action: None,
        }
    }

    /// With a button that posts to a page of the office.
    #[must_use]
    pub fn with_action(mut self, label: &str, path: &str) -> Flash {
        self.action = Some((label.to_owned(), own_target(path).to_owned()));
        self
    }

    /// Goes on to `path`, where the sentence is shown once.
    pub fn go(&self, app: &App, staff: &Staff, path: &str) -> Response {
        let mut response = Redirect::to(path).into_response();
        let json = serde_json::to_string(self).expect("texts can be written as JSON");
        let text = BASE64.encode(json);
        let value = format!("{text}.{}", signature(app, &staff.csrf, &text));
        if value.len() <= LONGEST {
            let cookie = session::set_cookie(app, COOKIE, &value, Some(SECONDS));
            response.headers_mut().append(SET_COOKIE, cookie);
        }
        response
    }
}

/// What the request's cookie says, when this session signed it.
pub(super) fn of_request(app: &App, headers: &HeaderMap, csrf: &str) -> Option<Flash> {
    let (text, signed) = session::cookie(headers, COOKIE)?.split_once('.')?;
    if session::id_of(signed) != session::id_of(&signature(app, csrf, text)) {
        return None;
    }
    serde_json::from_slice(&BASE64.decode(text).ok()?).ok()
}

fn signature(app: &App, csrf: &str, text: &str) -> String {
    let signed = format!("{csrf}\n{text}");
    hex(&app.links.sign("said after an action", &signed)[..16])
}
