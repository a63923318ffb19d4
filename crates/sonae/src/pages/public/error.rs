//! Pages that say that something did not work: one calm sentence and what to do next, never the inner reason.

use askama::Template;
use axum::http::StatusCode;
use axum::http::header::{HeaderValue, RETRY_AFTER};
use axum::response::{IntoResponse, Response};
use sonae_store::StoreError;

use super::frame::Frame;
use crate::app::App;
use crate::error::is_passing;
use crate::intake::IntakeError;

/// How long a visitor is asked to wait after a passing trouble, in seconds.
const RETRY_SECONDS: u16 = 10;

/// Why a page cannot be shown. A handler returns it; the edge (`crate::edge`) logs it once and shows the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PageError {
    NotFound,
    /// The form did not come from our own page.
    Foreign,
    /// Passing: crowded, a busy database, a full disk. The visitor tries again.
    Busy(String),
    /// A defect or damage; the text is for the log and holds no personal data.
    Internal(String),
}

impl PageError {
    pub fn status(&self) -> StatusCode {
        match self {
            PageError::NotFound => StatusCode::NOT_FOUND,
            PageError::Foreign => StatusCode::FORBIDDEN,
            PageError::Busy(_) => StatusCode::SERVICE_UNAVAILABLE,
            PageError::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl From<IntakeError> for PageError {
    fn from(error: IntakeError) -> PageError {
        match is_passing(&error) {
            true => PageError::Busy(error.to_string()),
            false => PageError::Internal(error.to_string()),
        }
    }
}

impl From<StoreError> for PageError {
    fn from(error: StoreError) -> PageError {
        PageError::from(IntakeError::Store(error))
    }
}

impl From<askama::Error> for PageError {
    fn from(error: askama::Error) -> PageError {
        PageError::Internal(format!("a template failed: {error}"))
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        if matches!(self, PageError::Busy(_)) {
            let wait = HeaderValue::from(RETRY_SECONDS);
            response.headers_mut().insert(RETRY_AFTER, wait);
        }
        response.extensions_mut().insert(self);
        response
    }
}

#[derive(Template)]
#[template(path = "public/error.html")]
struct ErrorPage {
    frame: Frame,
    heading: &'static str,
    sentence: &'static str,
    next: &'static str,
    /// By which the office finds the line in the log; only where the office has to look.
    reference: Option<String>,
}

/// The page for a status; `reference` stands in the log beside the reason.
pub fn page(app: &App, status: StatusCode, reference: &str) -> String {
    let (heading, sentence, next) = words(status);
    let page = ErrorPage {
        frame: Frame::of_site(app, heading).narrow(),
        heading,
        sentence,
        next,
        reference: status.is_server_error().then(|| reference.to_owned()),
    };
    page.render()
        .unwrap_or_else(|_| format!("{heading} {sentence}"))
}

fn words(status: StatusCode) -> (&'static str, &'static str, &'static str) {
    match status {
        StatusCode::NOT_FOUND => (
            "ページが見つかりません",
            "お探しのページはありません。アドレスが途中で切れているか、ページの期限が過ぎています。",
            "メールのリンクから開いたときは、アドレスの全体が入っているかをお確かめください。わからないときは、下のお問い合わせ先までご連絡ください。",
        ),
        StatusCode::METHOD_NOT_ALLOWED => (
            "この操作はできません",
            "このページは、その方法では開けません。",
            "前のページに戻り、画面のボタンかリンクからもう一度お進みください。",
        ),
        StatusCode::FORBIDDEN => (
            "送信を受け付けられませんでした",
            "このサイトの画面から送られたことを確かめられませんでした。",
            "このサイトのページを開き直し、画面のボタンからもう一度お送りください。",
        ),
        StatusCode::PAYLOAD_TOO_LARGE => (
            "送られた内容が大きすぎます",
            "入力の量が上限を超えたため、受け取れませんでした。",
            "前のページに戻り、入力を短くしてからもう一度お送りください。",
        ),
        StatusCode::TOO_MANY_REQUESTS => (
            "アクセスが続いています",
            "短い時間に多くの操作があったため、いったんお待ちいただいています。",
            "1分ほど待ってから、もう一度お試しください。入力の途中の内容は、前のページに戻ると残っています。",
        ),
        StatusCode::SERVICE_UNAVAILABLE => (
            "ただいま混み合っています",
            "いまは処理できませんでした。送信の途中だった場合、お申込みはまだ受け付けていません。",
            "10秒ほど待ってから、もう一度お送りください。入力の内容は、前のページに戻ると残っています。",
        ),
        status if status.is_server_error() => (
            "ページを表示できません",
            "こちらの不具合で、ページを表示できませんでした。ご不便をおかけして申し訳ありません。",
            "しばらくしてからもう一度お試しください。続くときは、次の番号を添えてお問い合わせください。",
        ),
        _ => (
            "受け取れない内容でした",
            "送られた内容を読み取れませんでした。",
            "前のページに戻り、画面のボタンからもう一度お進みください。",
        ),
    }
}
