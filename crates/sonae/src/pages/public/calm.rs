//! Pages that say what happened and what to do next, where the page asked for cannot be shown.

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sonae_core::calendar::japanese;
use sonae_core::program::{Program, WindowState};
use sonae_store::StoreError;

use super::error::PageError;
use super::frame::Frame;
use crate::app::App;

/// How long a visitor is asked to wait when the office is busy, in seconds.
const RETRY_SECONDS: u16 = 10;

/// A calm page: a heading, some sentences, ways on.
#[derive(Template)]
#[template(path = "public/calm.html")]
pub(in crate::pages) struct Calm {
    pub frame: Frame,
    pub heading: String,
    pub sentences: Vec<String>,
    pub links: Vec<Link>,
    /// A form without fields that sends the same thing again.
    pub again: Option<String>,
}

pub(in crate::pages) struct Link {
    pub label: String,
    pub href: String,
}

impl Calm {
    pub(in crate::pages) fn new(frame: Frame, heading: &str, sentences: &[&str]) -> Calm {
        Calm {
            frame,
            heading: heading.to_owned(),
            sentences: sentences
                .iter()
                .map(|sentence| (*sentence).to_owned())
                .collect(),
            links: Vec::new(),
            again: None,
        }
    }

    #[must_use]
    pub(in crate::pages) fn link(mut self, label: &str, href: &str) -> Calm {
        self.links.push(Link {
            label: label.to_owned(),
            href: href.to_owned(),
        });
        self
    }

    #[must_use]
    pub(in crate::pages) fn again(mut self, action: &str) -> Calm {
        self.again = Some(action.to_owned());
        self
    }

    pub(in crate::pages) fn respond(&self, status: StatusCode) -> Response {
        html(status, self)
    }
}

/// A page of the form. The edge sees to it that nobody keeps a copy.
pub(in crate::pages) fn html(status: StatusCode, template: &impl Template) -> Response {
    super::show(status, template).unwrap_or_else(PageError::into_response)
}

/// What a handler of the form gives: both are pages, the second one instead of what was asked for.
pub(in crate::pages) type Page = Result<Response, Response>;

/// The page for a database that could not answer.
pub(in crate::pages) fn failed(error: StoreError) -> Response {
    PageError::from(error).into_response()
}

/// The page for an address that leads nowhere.
pub(in crate::pages) fn not_found() -> Response {
    PageError::NotFound.into_response()
}

/// Goes on with GET, so that the back button and reloading send nothing again.
pub(in crate::pages) fn see_other(path: &str) -> Response {
    axum::response::Redirect::to(path).into_response()
}

/// A draft's link that opens nothing. Expired drafts are deleted, so the two cases cannot be told apart.
pub(in crate::pages) fn no_draft(app: &App) -> Response {
    Calm::new(
        Frame::of_site(app, "入力の続きは見つかりません").private(),
        "入力の続きは見つかりません",
        &[
            "保存の期限が過ぎて入力の内容が消えたか、アドレスの一部が欠けています。",
            "アドレスをもう一度お確かめください。期限が過ぎた場合は、お手数ですが、事業のページから新しく入力を始めてください。",
            "送信が済んだお申込みは、消えていません。受付のメールにあるアドレスからご覧いただけます。",
        ],
    )
    .link("事業を選んで入力を始める", "/")
    .link("受付番号がお手元にある方", "/status")
    .respond(StatusCode::NOT_FOUND)
}

/// A receipt number and a token that do not go together; a wrong number looks the same as a wrong token.
pub(in crate::pages) fn no_application(app: &App) -> Response {
    Calm::new(
        Frame::of_site(app, "お申込みが見つかりません").private(),
        "お申込みが見つかりません",
        &["アドレスの一部が欠けていることがあります。受付のメールにあるアドレスを、終わりまで写してください。"],
    )
    .link("受付のメールが見つからない方", "/status")
    .respond(StatusCode::NOT_FOUND)
}

/// Too much at once while an application was being sent. Its answers are kept; `again` is where the same button sends them again.
pub(in crate::pages) fn busy(app: &App, again: &str) -> Response {
    let mut response = Calm::new(
        Frame::of_site(app, "ただいま混み合っています").private(),
        "ただいま混み合っています",
        &[
            "お申込みは、まだ受け付けていません。入力した内容は保存してあり、なくなっていません。",
            "10秒ほど待ってから、下のボタンで送ってください。何度送っても、お申込みは1件です。",
        ],
    )
    .again(again)
    .respond(StatusCode::SERVICE_UNAVAILABLE);
    let wait = HeaderValue::from(RETRY_SECONDS);
    response.headers_mut().insert(header::RETRY_AFTER, wait);
    response
}

/// Applications are not taken now: when they are or were.
pub(in crate::pages) fn closed(
    app: &App,
    program: &Program,
    window: WindowState,
    kept: Option<&str>,
) -> Response {
    let (heading, sentence) = match window {
        WindowState::NotYet { opens_at } => (
            "受付はまだ始まっていません",
            format!("{}から受け付けます。", japanese::moment(opens_at)),
        ),
        WindowState::Closed { closed_at } => (
            "受付は終了しました",
            format!("{}に、受付を締め切りました。", japanese::moment(closed_at)),
        ),
        WindowState::Open { .. } => (
            "今は受け付けられません",
            "もう一度お試しください。".to_owned(),
        ),
    };
    let kept_text =
        "入力した内容は保存してあり、なくなっていません。まだお申込みは受け付けていません。";
    let mut sentences = vec![sentence.as_str()];
    if kept.is_some() {
        sentences.push(kept_text);
    }
    sentences.push("ご不明な点は、下の窓口へお問い合わせください。");
    let mut page = Calm::new(
        Frame::of_program(app, program, heading),
        heading,
        &sentences,
    );
    if let Some(confirm) = kept {
        page.frame = page.frame.private();
        page = page.link("入力した内容を見る", confirm);
    }
    page.link("事業のページへ", &format!("/programs/{}", program.id()))
        .respond(StatusCode::CONFLICT)
}

/// A course took its last place, or its last place in the waiting list, before this application came.
pub(in crate::pages) fn full(
    app: &App,
    program: &Program,
    course: &str,
    draft_path: &str,
) -> Response {
    let title = program
        .course(course)
        .map_or(course, |course| course.title.as_str());
    let sentence = format!(
        "「{title}」は定員に達し、お待ちいただける数も超えたため、受け付けられませんでした。"
    );
    Calm::new(
        Frame::of_program(app, program, "定員に達しました").private(),
        "定員に達しました",
        &[
            &sentence,
            "ほかのコースも含めて、まだどのコースも受け付けていません。入力した内容は保存してあり、なくなっていません。",
            "枠が空くと、また受け付けることがあります。ほかのコースを選んで送ることもできます。",
        ],
    )
    .link("申し込むコースを選び直す", &format!("{draft_path}/confirm"))
    .link("事業のページへ", &format!("/programs/{}", program.id()))
    .respond(StatusCode::CONFLICT)
}
