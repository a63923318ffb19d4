//! Pages of the office that say why something was not done, and what to do next.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::door::Staff;
use super::frame::{OfficeFrame, Section};
use crate::app::App;
use crate::pages::public::show;

/// A heading, some sentences, ways on.
#[derive(Template)]
#[template(path = "office/calm.html")]
pub struct Calm {
    pub frame: OfficeFrame,
    pub sentences: Vec<String>,
    /// Labels and addresses.
    pub links: Vec<(String, String)>,
}

impl Calm {
    /// `section` is where the person was.
    pub fn new(app: &App, staff: &Staff, section: Section, heading: &str) -> Calm {
        Calm {
            frame: OfficeFrame::new(app, staff, section, heading),
            sentences: Vec::new(),
            links: Vec::new(),
        }
    }

    #[must_use]
    pub fn say(mut self, sentence: &str) -> Calm {
        self.sentences.push(sentence.to_owned());
        self
    }

    #[must_use]
    pub fn link(mut self, label: &str, href: &str) -> Calm {
        self.links.push((label.to_owned(), href.to_owned()));
        self
    }

    pub fn respond(&self, status: StatusCode) -> Response {
        show(status, self).unwrap_or_else(IntoResponse::into_response)
    }
}

/// Signed in, but not in the right role.
pub(super) fn not_for_this_role(app: &App, staff: &Staff) -> Response {
    Calm::new(
        app,
        staff,
        Section::Account,
        "このページはご利用になれません",
    )
    .say(&format!(
        "サインインしている役割({})では、このページを開いたり、この操作をしたりできません。",
        staff.role.label()
    ))
    .say("必要なときは、管理者に役割の変更をご相談ください。")
    .link("最初のページへ", "/office")
    .respond(StatusCode::FORBIDDEN)
}

/// What is not there, and what is not this person's to see; both look the same.
pub(super) fn not_found(app: &App, staff: &Staff) -> Response {
    Calm::new(app, staff, Section::Account, "ページが見つかりません")
        .say("アドレスが途中で切れているか、あなたの役割や担当では見られない案件です。")
        .say("受付番号を確かめて、一覧から探してください。必要な案件が見られないときは、運営事務局にお知らせください。")
        .link("最初のページへ", "/office")
        .respond(StatusCode::NOT_FOUND)
}

/// The form's token is not this session's.
pub(super) fn old_form(app: &App, staff: &Staff) -> Response {
    Calm::new(
        app,
        staff,
        Section::Account,
        "画面が古くなっていたため、送信していません",
    )
    .say("この画面を開いたあとに、サインインし直したか、サインアウトしています。何も変更していません。")
    .say("ブラウザーの「戻る」で前の画面に戻り、入力した内容を控えてから、画面を読み込み直してもう一度お送りください。")
    .link("最初のページへ", "/office")
    .respond(StatusCode::FORBIDDEN)
}
