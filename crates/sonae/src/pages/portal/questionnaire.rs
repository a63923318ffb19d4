//! 事前問診: `/applications/{receipt_number}/{token}/questionnaire`. Saved with every button, sent from the confirmation.

use askama::Template;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use sonae_core::application::asked;
use sonae_core::application::read::{FieldError, Mode};
use sonae_core::calendar::japanese::date_with_weekday;
use sonae_core::program::flow::{Step, StepKind};
use sonae_core::program::support::Asked;

use super::super::public::calm::{self, Page};
use super::super::public::field::{Control, Mistake, Row, mistakes};
use super::super::public::frame::Frame;
use super::super::public::posted::Posted;
use super::answers::{self, Typed};
use super::door::{self, Opened, Top, Turn};
use super::tasks::clock_of;
use crate::app::App;

#[derive(Template)]
#[template(path = "portal/questionnaire.html")]
struct QuestionnairePage<'a> {
    frame: Frame,
    top: Top,
    step: &'a Step,
    until: Option<String>,
    saved: bool,
    mistakes: Vec<Mistake>,
    controls: Vec<Control>,
    action: String,
}

#[derive(Template)]
#[template(path = "portal/answered.html")]
struct AnsweredPage {
    frame: Frame,
    top: Top,
    rows: Vec<Row>,
}

/// What the page says besides the questions.
#[derive(Default)]
struct Remarks {
    errors: Vec<FieldError>,
    saved: bool,
}

pub(super) async fn show(
    State(app): State<App>,
    Path((number, token)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Page {
    let opened = door::open(&app, &number, &token).await?;
    if let Some(instead) = instead(&app, &opened) {
        return Ok(instead);
    }
    let typed = answers::load(&app, &opened).await?;
    let query = Posted::parse(query.unwrap_or_default().as_bytes());
    let mut remarks = Remarks {
        saved: query.has("saved"),
        ..Remarks::default()
    };
    // Sent back from the confirmation, the person sees at once what is missing.
    if query.has("check") {
        remarks.errors = wrong(asked_in(&opened), &typed);
    }
    Ok(page(&app, &opened, &typed, remarks, StatusCode::OK))
}

pub(super) async fn take(
    State(app): State<App>,
    Path((number, token)): Path<(String, String)>,
    body: Result<Bytes, BytesRejection>,
) -> Page {
    let posted = Posted::read(body).map_err(IntoResponse::into_response)?;
    let opened = door::open(&app, &number, &token).await?;
    if let Some(instead) = instead(&app, &opened) {
        return Ok(instead);
    }
    let typed = Typed::of(asked_in(&opened), &posted);
    answers::save(&app, &opened, &typed).await?;
    let path = opened.page("questionnaire");
    if posted.first("action") == "save" {
        return Ok(calm::see_other(&format!("{path}?saved=1")));
    }
    let errors = wrong(asked_in(&opened), &typed);
    if errors.is_empty() {
        return Ok(calm::see_other(&format!("{path}/confirm")));
    }
    let remarks = Remarks {
        errors,
        saved: false,
    };
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(page(&app, &opened, &typed, remarks, status))
}

/// The page in place of the questions when they are not asked now: the answers, or when they will be asked.
pub(super) fn instead(app: &App, opened: &Opened) -> Option<Response> {
    match opened.turn(StepKind::Questionnaire) {
        Turn::Now => None,
        Turn::Done => Some(answered(app, opened)),
        Turn::NotNow if opened.step(StepKind::Questionnaire).is_none() => Some(calm::not_found()),
        Turn::NotNow => {
            let sentence = match opened.case().correction {
                Some(_) => {
                    "先に、申込内容のご確認をお願いしています。そのあとに、事前問診にお答えいただけます。"
                }
                None => "事前問診は、参加の条件を確認したあとに、メールでお願いします。",
            };
            Some(opened.not_now(app, StatusCode::OK, sentence))
        }
    }
}

fn answered(app: &App, opened: &Opened) -> Response {
    let answers = &opened.case().questionnaire;
    let rows = asked_in(opened).iter().filter_map(|asked| {
        let value = asked.show(answers.get(&asked.id));
        (!value.is_empty()).then(|| Row {
            label: asked.label.clone(),
            value,
            change: None,
        })
    });
    let page = AnsweredPage {
        frame: opened.frame(app, "事前問診のご回答"),
        top: opened.top(),
        rows: rows.collect(),
    };
    calm::html(StatusCode::OK, &page)
}

/// The questions of the programme.
pub(super) fn asked_in(opened: &Opened) -> &[Asked] {
    &opened.program().definition.support.questionnaire
}

/// What is wrong before it can be sent.
pub(super) fn wrong(asked: &[Asked], typed: &Typed) -> Vec<FieldError> {
    let read = asked::read(asked, |id| typed.text(id), Mode::Complete);
    read.err().unwrap_or_default()
}

fn page(
    app: &App,
    opened: &Opened,
    typed: &Typed,
    remarks: Remarks,
    status: StatusCode,
) -> Response {
    let Some(step) = opened.step(StepKind::Questionnaire) else {
        return calm::not_found();
    };
    let controls = answers::controls(asked_in(opened), typed, &remarks.errors);
    let mistakes = mistakes(&controls);
    let clock = clock_of(opened.case(), step);
    let page = QuestionnairePage {
        frame: opened
            .frame(app, "事前問診")
            .with_error(!mistakes.is_empty()),
        top: opened.top(),
        step,
        until: clock.map(|clock| date_with_weekday(clock.due_date())),
        saved: remarks.saved && !typed.is_empty(),
        mistakes,
        controls,
        action: opened.page("questionnaire"),
    };
    calm::html(status, &page)
}
