//! `/privacy` and `/programs/{id}/privacy`: what personal data is used for, who sees it and how long it is kept.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use sonae_core::program::notices::{Notice, NoticeTopic};
use sonae_core::program::{Definition, Program};

use super::error::PageError;
use super::frame::Frame;
use super::show;
use super::wording;
use crate::app::App;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/privacy", get(of_site))
        .route("/programs/{id}/privacy", get(of_program))
}

#[derive(Template)]
#[template(path = "public/privacy.html")]
struct PrivacyPage {
    frame: Frame,
    programs: Vec<Arc<Program>>,
}

#[derive(Template)]
#[template(path = "public/program/privacy.html")]
struct ProgramPrivacyPage<'a> {
    frame: Frame,
    program: &'a Program,
    file: &'a Definition,
}

impl ProgramPrivacyPage<'_> {
    fn notices(&self) -> impl Iterator<Item = &Notice> {
        let personal = |notice: &&Notice| notice.topic == NoticeTopic::PersonalData;
        self.file.notices.notice.iter().filter(personal)
    }
}

async fn of_site(State(app): State<App>) -> Result<Response, PageError> {
    let page = PrivacyPage {
        frame: Frame::of_site(&app, "個人情報の取扱い")
            .crumb("事業の一覧", "/")
            .narrow(),
        programs: app
            .programs
            .iter()
            .map(|running| running.program.clone())
            .collect(),
    };
    show(StatusCode::OK, &page)
}

async fn of_program(State(app): State<App>, Path(id): Path<String>) -> Result<Response, PageError> {
    let program = &app.programs.get(&id).ok_or(PageError::NotFound)?.program;
    let page = ProgramPrivacyPage {
        frame: Frame::of_program(&app, program, "個人情報の取扱い").narrow(),
        program,
        file: &program.definition,
    };
    show(StatusCode::OK, &page)
}
