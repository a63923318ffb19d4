//! 事前問診の確認と送信: `/applications/{receipt_number}/{token}/questionnaire/confirm`. Sending confirms the participation.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use sonae_core::application::asked;
use sonae_core::application::read::Mode;
use sonae_core::flow::Event;
use sonae_core::program::events::Newsletter;
use sonae_core::program::flow::{Step, StepKind};
use sonae_store::portal_draft;

use super::super::public::calm::{self, Page};
use super::super::public::field::Row;
use super::super::public::frame::Frame;
use super::answers::{self, PAGE, anchor};
use super::door::{self, Opened, Top, Turn, verdict};
use super::questionnaire::{asked_in, instead};
use crate::app::App;
use crate::office::act::{Outcome, act_in};

#[derive(Template)]
#[template(path = "portal/confirm.html")]
struct ConfirmPage<'a> {
    frame: Frame,
    top: Top,
    step: &'a Step,
    rows: Vec<Row>,
    newsletter: Option<&'a Newsletter>,
    action: String,
    back: String,
}

pub(super) async fn show(
    State(app): State<App>,
    Path((number, token)): Path<(String, String)>,
) -> Page {
    let opened = door::open(&app, &number, &token).await?;
    if let Some(instead) = instead(&app, &opened) {
        return Ok(instead);
    }
    let typed = answers::load(&app, &opened).await?;
    let asked = asked_in(&opened);
    let back = opened.page("questionnaire");
    let read = asked::read(asked, |id| typed.text(id), Mode::Complete);
    let (Ok(read), Some(step)) = (read, opened.step(StepKind::Questionnaire)) else {
        return Ok(calm::see_other(&format!("{back}?check=1")));
    };
    let rows = asked.iter().map(|asked| {
        let value = asked.show(read.get(&asked.id));
        Row {
            label: asked.label.clone(),
            value: match value.is_empty() {
                true => "(未入力)".to_owned(),
                false => value,
            },
            change: Some(format!("{back}#{}", anchor(asked))),
        }
    });
    let page = ConfirmPage {
        frame: opened.frame(&app, "事前問診の確認と送信"),
        top: opened.top(),
        step,
        rows: rows.collect(),
        newsletter: opened.program().definition.events.newsletter.as_ref(),
        action: format!("{back}/confirm"),
        back,
    };
    Ok(calm::html(StatusCode::OK, &page))
}

pub(super) async fn send(
    State(app): State<App>,
    Path((number, token)): Path<(String, String)>,
) -> Page {
    let opened = door::open(&app, &number, &token).await?;
    match opened.turn(StepKind::Questionnaire) {
        Turn::Done => return Ok(calm::see_other(&opened.done("questionnaire"))),
        Turn::NotNow => {
            return Ok(instead(&app, &opened).unwrap_or_else(calm::not_found));
        }
        Turn::Now => {}
    }
    let outcome = confirm(&app, &opened).await?;
    if let Some(outcome) = outcome {
        match verdict(outcome) {
            Ok(()) => return Ok(calm::see_other(&opened.done("questionnaire"))),
            Err(refusal) if !is_answered(&app, &number, &token).await? => {
                return Ok(opened.refused(&app, &refusal));
            }
            Err(_) => {}
        }
    } else if !is_answered(&app, &number, &token).await? {
        let back = opened.page("questionnaire");
        return Ok(calm::see_other(&format!("{back}?check=1")));
    }
    // The other of two clicks was first.
    Ok(calm::see_other(&opened.done("questionnaire")))
}

async fn is_answered(app: &App, number: &str, token: &str) -> Result<bool, Response> {
    let now = door::open(app, number, token).await?;
    Ok(now.turn(StepKind::Questionnaire) == Turn::Done)
}

/// Sends what is kept, in one transaction with its end; none when something is wrong with it.
async fn confirm(app: &App, opened: &Opened) -> Result<Option<Outcome>, Response> {
    let inner = app.clone();
    let (running, id) = (opened.running.clone(), opened.stored.application_id.clone());
    let empty = Event::QuestionnaireAnswered {
        answers: Default::default(),
    };
    let request = opened.request(empty);
    let sent = app.write(move |tx| {
        let asked = &running.program.definition.support.questionnaire;
        let typed = answers::find(tx, &id)?;
        let read = asked::read(asked, |id| typed.text(id), Mode::Complete);
        let Ok(answers) = read else { return Ok(None) };
        let mut request = request.clone();
        request.event = Event::QuestionnaireAnswered { answers };
        let outcome = act_in(&inner, tx, &request, inner.clock.now())?;
        if matches!(outcome, Outcome::Done(_)) {
            portal_draft::delete(tx, &id, PAGE)?;
        }
        Ok(Some(outcome))
    });
    sent.await.map_err(calm::failed)
}
