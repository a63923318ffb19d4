//! What the company answers to a paper: a comment, its acceptance, or what should change. Each is asked once more before it counts.

use askama::Template;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use sonae_core::flow::Actor;
use sonae_core::paper::desk::LONGEST_REASON;

use super::super::super::papers::editor::Visit;
use super::super::super::public::calm::{self, Calm, Page};
use super::super::super::public::field::{Area, Control, Mistake, mistakes};
use super::super::super::public::frame::Frame;
use super::super::super::public::posted::Posted;
use super::super::door::{Opened, Top};
use super::paper::{Read, Wrong, page, read_paper};
use super::visit;
use crate::app::App;
use crate::office::papers::{Request, comments, review};

#[derive(Template)]
#[template(path = "portal/papers/accept.html")]
struct AcceptPage {
    frame: Frame,
    top: Top,
    title: &'static str,
    version: u32,
    blanks: usize,
    here: String,
}

#[derive(Template)]
#[template(path = "portal/papers/return.html")]
struct ReturnPage {
    frame: Frame,
    top: Top,
    title: &'static str,
    version: u32,
    mistakes: Vec<Mistake>,
    control: Control,
    here: String,
}

type Named = Path<(String, String, String)>;
type Body = Result<Bytes, BytesRejection>;

pub(in crate::pages::portal) async fn show_accept(
    State(app): State<App>,
    Path((number, token, kind)): Named,
) -> Page {
    let (opened, visit, read) = in_review(&app, (&number, &token), &kind).await?;
    let page = AcceptPage {
        frame: frame(&app, &opened, &visit, "文書の承認"),
        top: opened.top(),
        title: &read.standing.kind.title,
        version: read.version.version,
        blanks: sonae_papers::html::html(&read.document)
            .matches("paper-blank")
            .count(),
        here: visit.place.page(&kind),
    };
    Ok(calm::html(StatusCode::OK, &page))
}

pub(in crate::pages::portal) async fn accept(
    State(app): State<App>,
    Path((number, token, kind)): Named,
    body: Body,
) -> Page {
    let posted = Posted::read(body).map_err(IntoResponse::into_response)?;
    let (opened, visit) = visit(&app, &number, &token).await?;
    let version = posted.first("version").parse().unwrap_or(0);
    let done = review::accept(&app, request(&visit, &kind), version).await;
    match done.map_err(calm::failed)? {
        Ok(_) => Ok(calm::see_other(&format!("{}?accepted=1", visit.place.base))),
        // The other of two clicks was first.
        Err(refusal) if refusal.code == "paper_accepted" => {
            Ok(calm::see_other(&format!("{}?accepted=1", visit.place.base)))
        }
        Err(refusal) => Ok(refused(&app, &opened, &visit, &refusal.sentence)),
    }
}

pub(in crate::pages::portal) async fn show_return(
    State(app): State<App>,
    Path((number, token, kind)): Named,
) -> Page {
    let (opened, visit, read) = in_review(&app, (&number, &token), &kind).await?;
    Ok(return_page(&app, (&opened, &visit), &read, "", None))
}

pub(in crate::pages::portal) async fn send_back(
    State(app): State<App>,
    Path((number, token, kind)): Named,
    body: Body,
) -> Page {
    let posted = Posted::read(body).map_err(IntoResponse::into_response)?;
    let (opened, visit, read) = in_review(&app, (&number, &token), &kind).await?;
    let what = posted.first("what");
    let wrong = match what.trim().chars().count() {
        0 => Some("直してほしいところを書いてください。".to_owned()),
        count if count > LONGEST_REASON => Some(format!(
            "{LONGEST_REASON}字までで書いてください。いまは{count}字です。"
        )),
        _ => None,
    };
    if wrong.is_some() {
        return Ok(return_page(&app, (&opened, &visit), &read, what, wrong));
    }
    let version = posted.first("version").parse().unwrap_or(0);
    let what = what.replace("\r\n", "\n");
    let done = review::return_to_office(&app, request(&visit, &kind), version, what).await;
    match done.map_err(calm::failed)? {
        Ok(_) => Ok(calm::see_other(&format!("{}?returned=1", visit.place.base))),
        Err(refusal) => Ok(refused(&app, &opened, &visit, &refusal.sentence)),
    }
}

pub(in crate::pages::portal) async fn comment(
    State(app): State<App>,
    Path((number, token, kind)): Named,
    body: Body,
) -> Page {
    let posted = Posted::read(body).map_err(IntoResponse::into_response)?;
    let (opened, visit) = visit(&app, &number, &token).await?;
    let Some(read) = read_paper(&app, &opened, &kind, None).await? else {
        return Err(calm::not_found());
    };
    let (text, block) = (
        posted.first("text").replace("\r\n", "\n"),
        posted.first("block").to_owned(),
    );
    let about = (!block.is_empty()).then(|| block.clone());
    let known = about.filter(|about| read.document.blocks.iter().any(|block| block.id == *about));
    let done = comments::comment(&app, request(&visit, &kind), known, text.clone()).await;
    match done.map_err(calm::failed)? {
        Ok(_) => {
            let to = format!("{}?commented=1#comments", visit.place.page(&kind));
            Ok(calm::see_other(&to))
        }
        Err(refusal) => {
            let wrong = Wrong {
                sentence: Some(refusal.sentence),
                text,
                block,
            };
            Ok(page(&app, &opened, &visit, read, (false, wrong)))
        }
    }
}

/// The version that the company is asked about now.
async fn in_review(
    app: &App,
    (number, token): (&str, &str),
    kind: &str,
) -> Result<(Opened, Visit, Read), Response> {
    let (opened, visit) = visit(app, number, token).await?;
    let Some(read) = read_paper(app, &opened, kind, None).await? else {
        return Err(calm::not_found());
    };
    match read.standing.in_review().is_some() {
        true => Ok((opened, visit, read)),
        false => {
            let sentence = "この文書は、いまは確認をお願いしていません。文書の一覧で、いまの状態をご覧ください。";
            Err(refused(app, &opened, &visit, sentence))
        }
    }
}

fn request(visit: &Visit, kind: &str) -> Request {
    Request {
        receipt_number: visit.receipt_number.clone(),
        kind: kind.to_owned(),
        actor: Actor::Company,
    }
}

fn return_page(
    app: &App,
    (opened, visit): (&Opened, &Visit),
    read: &Read,
    typed: &str,
    wrong: Option<String>,
) -> Response {
    let mut area = Area::new("what", "どこを、どのように直してほしいか");
    area.value = typed.to_owned();
    area.rows = 8;
    area.part.required = true;
    area.part.hint = Some(format!(
        "例：第3条の責任者を、総務部長に変えてください。{LONGEST_REASON}字まで"
    ));
    area.part.error.clone_from(&wrong);
    let controls = [Control::Area(area)];
    let mistakes = mistakes(&controls);
    let [control] = controls;
    let page = ReturnPage {
        frame: frame(app, opened, visit, "直してほしいところ").with_error(wrong.is_some()),
        top: opened.top(),
        title: &read.standing.kind.title,
        version: read.version.version,
        mistakes,
        control,
        here: visit.place.page(&read.standing.kind.id),
    };
    let status = match wrong {
        None => StatusCode::OK,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    calm::html(status, &page)
}

fn frame(app: &App, opened: &Opened, visit: &Visit, title: &str) -> Frame {
    opened.frame(app, title).crumb("文書", &visit.place.base)
}

fn refused(app: &App, opened: &Opened, visit: &Visit, sentence: &str) -> Response {
    let heading = "お返事を受け取れませんでした";
    Calm::new(frame(app, opened, visit, heading), heading, &[sentence])
        .link("文書の一覧へ", &visit.place.base)
        .respond(StatusCode::CONFLICT)
}
