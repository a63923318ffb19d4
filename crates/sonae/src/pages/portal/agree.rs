//! ご了承: `/applications/{receipt_number}/{token}/agree`. The explanation in the programme's words, and the company's word that it
//! accepts it.

use askama::Template;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use sonae_core::flow::Event;
use sonae_core::program::flow::{Step, StepKind};
use sonae_core::program::notices::{Notice, NoticeTopic};

use super::super::public::calm::{self, Page};
use super::super::public::field::{Choice, Choices, Control, Mistake, mistakes};
use super::super::public::frame::Frame;
use super::super::public::posted::Posted;
use super::super::public::wording::{TOPICS, topic};
use super::door::{self, Opened, Top, Turn};
use crate::app::App;

#[derive(Template)]
#[template(path = "portal/agree.html")]
struct AgreePage<'a> {
    frame: Frame,
    top: Top,
    step: &'a Step,
    topics: Vec<Topic<'a>>,
    mistakes: Vec<Mistake>,
    control: Control,
    messages: String,
    action: String,
}

/// The notices of one subject.
struct Topic<'a> {
    title: &'static str,
    notices: Vec<&'a Notice>,
}

pub(super) async fn show(
    State(app): State<App>,
    Path((number, token)): Path<(String, String)>,
) -> Page {
    let opened = door::open(&app, &number, &token).await?;
    Ok(page(&app, &opened, None))
}

pub(super) async fn agree(
    State(app): State<App>,
    Path((number, token)): Path<(String, String)>,
    body: Result<Bytes, BytesRejection>,
) -> Page {
    let posted = Posted::read(body).map_err(IntoResponse::into_response)?;
    let opened = door::open(&app, &number, &token).await?;
    match opened.turn(StepKind::Agreement) {
        Turn::Done => return Ok(calm::see_other(&opened.done("agree"))),
        Turn::NotNow => return Ok(page(&app, &opened, None)),
        Turn::Now => {}
    }
    if posted.first("agreed") != "yes" {
        let sentence = "ご説明をお読みになり、了承いただけるときは、チェックを入れてください。";
        return Ok(page(&app, &opened, Some(sentence)));
    }
    let event = Event::Agreed {
        note: String::new(),
    };
    match opened.act(&app, event).await? {
        Ok(()) => Ok(calm::see_other(&opened.done("agree"))),
        // The other of two clicks was first, or something else came in between.
        Err(refusal) => {
            let now = door::open(&app, &number, &token).await?;
            match now.turn(StepKind::Agreement) {
                Turn::Done => Ok(calm::see_other(&opened.done("agree"))),
                _ => Ok(opened.refused(&app, &refusal)),
            }
        }
    }
}

fn page(app: &App, opened: &Opened, error: Option<&str>) -> Response {
    let Some(step) = opened.step(StepKind::Agreement) else {
        return calm::not_found();
    };
    match opened.turn(StepKind::Agreement) {
        Turn::Now => {}
        Turn::Done => {
            let sentence = "ご説明へのご了承は、いただいています。ありがとうございました。";
            return opened.not_now(app, StatusCode::OK, sentence);
        }
        Turn::NotNow => {
            let sentence = "ご了承は、事務局からご説明をしたあとに、このページでお願いします。";
            return opened.not_now(app, StatusCode::OK, sentence);
        }
    }
    let mut choices = Choices::many(
        "agreed",
        "規定と遵守事項へのご了承",
        vec![Choice {
            value: "yes".to_owned(),
            label: "上の内容を読み、了承します".to_owned(),
            hint: None,
            chosen: false,
        }],
    );
    choices.part.required = true;
    choices.part.error = error.map(str::to_owned);
    let controls = [Control::Choices(choices)];
    let mistakes = mistakes(&controls);
    let [control] = controls;
    let status = match error {
        None => StatusCode::OK,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let page = AgreePage {
        frame: opened.frame(app, &step.title).with_error(error.is_some()),
        top: opened.top(),
        step,
        topics: topics(opened),
        mistakes,
        control,
        messages: opened.page("messages"),
        action: opened.page("agree"),
    };
    calm::html(status, &page)
}

fn topics(opened: &Opened) -> Vec<Topic<'_>> {
    let notices = &opened.program().definition.notices.notice;
    let of = |which: NoticeTopic| Topic {
        title: topic(which),
        notices: notices
            .iter()
            .filter(|notice| notice.topic == which)
            .collect(),
    };
    let all = TOPICS.iter().map(|which| of(*which));
    all.filter(|topic| !topic.notices.is_empty()).collect()
}
