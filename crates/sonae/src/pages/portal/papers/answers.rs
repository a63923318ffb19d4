//! The answers below the private link: `…/papers/answers/{kind}/{section}`, `…/papers/tables/{question}`, and what follows from them.

use askama::Template;
use axum::extract::{Path, RawQuery, Request, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use super::super::super::office::door::LARGEST_UPLOAD;
use super::super::super::office::form::Form;
use super::super::super::papers::Piece;
use super::super::super::papers::editor::{self, Answer, Query, Visit, Wanted};
use super::super::super::public::calm::{self, Page};
use super::super::super::public::field::Mistake;
use super::super::super::public::frame::Frame;
use super::super::door::{Opened, Top};
use super::visit;
use crate::app::App;

/// The media type of a workbook.
pub(super) const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

#[derive(Template)]
#[template(path = "portal/papers/piece.html")]
struct PiecePage {
    frame: Frame,
    top: Top,
    title: String,
    mistakes: Vec<Mistake>,
    body: String,
}

type Section = Path<(String, String, String, String)>;
type Named = Path<(String, String, String)>;
type Link = Path<(String, String)>;

pub(in crate::pages::portal) async fn section(
    State(app): State<App>,
    Path((number, token, kind, section)): Section,
    RawQuery(query): RawQuery,
) -> Page {
    let (opened, visit) = visit(&app, &number, &token).await?;
    let wanted = Wanted::section(&visit.place, &kind, &section);
    shown(&app, &opened, &visit, wanted, query).await
}

pub(in crate::pages::portal) async fn take_section(
    State(app): State<App>,
    Path((number, token, kind, section)): Section,
    request: Request,
) -> Page {
    let (opened, visit) = visit(&app, &number, &token).await?;
    let wanted = Wanted::section(&visit.place, &kind, &section);
    taken(&app, &opened, &visit, wanted, request).await
}

pub(in crate::pages::portal) async fn table(
    State(app): State<App>,
    Path((number, token, question)): Named,
    RawQuery(query): RawQuery,
) -> Page {
    let (opened, visit) = visit(&app, &number, &token).await?;
    let wanted = Wanted::table(&visit.place, &question).map(Wanted::Table);
    shown(&app, &opened, &visit, wanted, query).await
}

pub(in crate::pages::portal) async fn take_table(
    State(app): State<App>,
    Path((number, token, question)): Named,
    request: Request,
) -> Page {
    let (opened, visit) = visit(&app, &number, &token).await?;
    let wanted = Wanted::table(&visit.place, &question).map(Wanted::Table);
    taken(&app, &opened, &visit, wanted, request).await
}

pub(in crate::pages::portal) async fn sheet(
    State(app): State<App>,
    Path((number, token, question)): Named,
    RawQuery(query): RawQuery,
) -> Page {
    let (opened, visit) = visit(&app, &number, &token).await?;
    let wanted = Wanted::table(&visit.place, &question).map(Wanted::Sheet);
    shown(&app, &opened, &visit, wanted, query).await
}

pub(in crate::pages::portal) async fn take_sheet(
    State(app): State<App>,
    Path((number, token, question)): Named,
    request: Request,
) -> Page {
    let (opened, visit) = visit(&app, &number, &token).await?;
    let wanted = Wanted::table(&visit.place, &question).map(Wanted::Sheet);
    taken(&app, &opened, &visit, wanted, request).await
}

pub(in crate::pages::portal) async fn word(
    State(app): State<App>,
    Path((number, token, kind)): Named,
    RawQuery(query): RawQuery,
) -> Page {
    let (opened, visit) = visit(&app, &number, &token).await?;
    let wanted = Wanted::returned(&visit.place, &kind);
    shown(&app, &opened, &visit, wanted, query).await
}

pub(in crate::pages::portal) async fn take_word(
    State(app): State<App>,
    Path((number, token, kind)): Named,
    request: Request,
) -> Page {
    let (opened, visit) = visit(&app, &number, &token).await?;
    let wanted = Wanted::returned(&visit.place, &kind);
    taken(&app, &opened, &visit, wanted, request).await
}

pub(in crate::pages::portal) async fn risks(
    State(app): State<App>,
    Path((number, token)): Link,
) -> Page {
    let (opened, visit) = visit(&app, &number, &token).await?;
    let wanted = visit.place.has("assets").then_some(Wanted::Risks);
    shown(&app, &opened, &visit, wanted, None).await
}

pub(in crate::pages::portal) async fn checks(
    State(app): State<App>,
    Path((number, token)): Link,
) -> Page {
    let (opened, visit) = visit(&app, &number, &token).await?;
    shown(&app, &opened, &visit, Some(Wanted::Checks), None).await
}

pub(in crate::pages::portal) async fn security_action(
    State(app): State<App>,
    Path((number, token)): Link,
) -> Page {
    let (opened, visit) = visit(&app, &number, &token).await?;
    let wanted = visit
        .place
        .has("security_action_level")
        .then_some(Wanted::SecurityAction);
    shown(&app, &opened, &visit, wanted, None).await
}

pub(in crate::pages::portal) async fn workbook(
    State(app): State<App>,
    Path((number, token)): Link,
) -> Page {
    let (_, visit) = visit(&app, &number, &token).await?;
    let bytes = editor::workbook(&visit).map_err(IntoResponse::into_response)?;
    Ok(download(XLSX, "assets.xlsx", bytes))
}

/// A file to keep.
pub(in crate::pages::portal) fn download(
    kind: &'static str,
    name: &str,
    bytes: Vec<u8>,
) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    (
        [
            (CONTENT_TYPE, kind.to_owned()),
            (CONTENT_DISPOSITION, disposition),
        ],
        bytes,
    )
        .into_response()
}

async fn shown(
    app: &App,
    opened: &Opened,
    visit: &Visit,
    wanted: Option<Wanted>,
    query: Option<String>,
) -> Page {
    let Some(wanted) = wanted else {
        return Err(calm::not_found());
    };
    let query = Query::parse(&query.unwrap_or_default());
    let answer = editor::show(app, visit, wanted, &query).await;
    let answer = answer.map_err(IntoResponse::into_response)?;
    Ok(answered(app, opened, visit, answer))
}

async fn taken(
    app: &App,
    opened: &Opened,
    visit: &Visit,
    wanted: Option<Wanted>,
    request: Request,
) -> Page {
    let Some(wanted) = wanted else {
        return Err(calm::not_found());
    };
    let (parts, body) = request.into_parts();
    let form = Form::read(&parts, body, LARGEST_UPLOAD)
        .await
        .map_err(IntoResponse::into_response)?;
    let answer = editor::take(app, visit, wanted, &form).await;
    let answer = answer.map_err(IntoResponse::into_response)?;
    Ok(answered(app, opened, visit, answer))
}

fn answered(app: &App, opened: &Opened, visit: &Visit, answer: Answer) -> Response {
    let piece = match answer {
        Answer::Go(to) => return calm::see_other(&to),
        Answer::Piece(piece) => *piece,
    };
    let Piece {
        status,
        title,
        mistakes,
        wide,
        body,
    } = piece;
    let mut frame = opened
        .frame(app, &title)
        .crumb("文書", &visit.place.base)
        .with_error(!mistakes.is_empty());
    frame.narrow = !wide;
    let page = PiecePage {
        frame,
        top: opened.top(),
        title,
        mistakes,
        body,
    };
    calm::html(status, &page)
}
