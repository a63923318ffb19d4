//! 申込内容の訂正: `/applications/{receipt_number}/{token}/correct`. Only what the office asks for, with the office's words.

use std::collections::BTreeMap;

use askama::Template;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use sonae_core::application::read::{FieldError, Mode};
use sonae_core::calendar::japanese::date_with_weekday;
use sonae_core::flow::{Correction, Event};
use sonae_core::program::Program;
use sonae_core::program::form::Screen;
use sonae_core::text::lines::lines;
use sonae_store::{case, case_event};

use super::super::correction::{self, typed};
use super::super::public::address::Suggestion;
use super::super::public::calm::{self, Page};
use super::super::public::field::{Area, Control, Mistake};
use super::super::public::frame::Frame;
use super::super::public::posted::Posted;
use super::super::public::question::{self, Question, Surroundings};
use super::super::public::screen::{Asked, errors_of};
use super::super::public::typed::{Typed, names};
use super::door::{self, Opened, Top, verdict};
use super::home::running;
use crate::app::App;
use crate::office::act::{Outcome, act_in};

/// The longest word to the office beside a correction, in characters.
const LONGEST_NOTE: usize = 1_000;

#[derive(Template)]
#[template(path = "portal/correct.html")]
struct CorrectPage<'a> {
    frame: Frame,
    top: Top,
    correction: &'a Correction,
    until: Option<String>,
    mistakes: Vec<Mistake>,
    questions: Vec<Question>,
    suggestion: Option<Suggestion>,
    note: Control,
    action: String,
}

/// What the page shows besides the answers.
#[derive(Default)]
struct Remarks {
    errors: Vec<FieldError>,
    suggestion: Option<Suggestion>,
    note: String,
    note_error: Option<String>,
}

pub(super) async fn show(
    State(app): State<App>,
    Path((number, token)): Path<(String, String)>,
) -> Page {
    let opened = door::open(&app, &number, &token).await?;
    let Some(correction) = &opened.case().correction else {
        return Ok(not_asked(&app, &opened, StatusCode::OK));
    };
    let typed = typed(&opened.stored.answers);
    let remarks = Remarks::default();
    Ok(page(&app, &opened, correction, &typed, remarks))
}

pub(super) async fn take(
    State(app): State<App>,
    Path((number, token)): Path<(String, String)>,
    body: Result<Bytes, BytesRejection>,
) -> Page {
    let posted = Posted::read(body).map_err(IntoResponse::into_response)?;
    let opened = door::open(&app, &number, &token).await?;
    let Some(correction) = &opened.case().correction else {
        return settled(&app, &opened).await;
    };
    let screen = asked(&opened, correction);
    let mut typed = typed(&opened.stored.answers);
    typed.take(opened.program(), names(&screen), &posted);
    let mut remarks = Remarks {
        note: posted.first("note").to_owned(),
        ..Remarks::default()
    };
    match Asked::of(posted.first("action")) {
        Asked::Next | Asked::Back | Asked::Save => {
            return finish(&app, &opened, correction, (screen, typed, posted), remarks).await;
        }
        asked => remarks.suggestion = correction::helped(&mut typed, asked),
    }
    Ok(page(&app, &opened, correction, &typed, remarks))
}

/// Sends the corrected answers, or shows what is wrong with them.
async fn finish(
    app: &App,
    opened: &Opened,
    correction: &Correction,
    (screen, typed, posted): (Screen, Typed, Posted),
    mut remarks: Remarks,
) -> Page {
    remarks.errors = errors_of(opened.program(), &typed, Mode::Complete);
    let note = match remarks.note.trim() {
        "" => Ok(String::new()),
        note => lines(note, "事務局へのひとこと", LONGEST_NOTE),
    };
    remarks.note_error = note
        .clone()
        .err()
        .map(|mistake| mistake.sentence.into_owned());
    let (Ok(reason), true) = (note, remarks.errors.is_empty()) else {
        return Ok(page(app, opened, correction, &typed, remarks));
    };
    let outcome = send(app, opened, screen, posted, reason).await?;
    match verdict(outcome) {
        Ok(()) => Ok(calm::see_other(&opened.done("correct"))),
        Err(_) => settled(app, opened).await,
    }
}

/// Puts what was typed over the answers as they stand in this transaction, so that what the office changed meanwhile stays.
async fn send(
    app: &App,
    opened: &Opened,
    screen: Screen,
    posted: Posted,
    reason: String,
) -> Result<Outcome, Response> {
    let (inner, running) = (app.clone(), opened.running.clone());
    let request = opened.request(Event::Corrected {
        answers: Box::default(),
        reason: reason.clone(),
    });
    let sent = app.write(move |tx| {
        let Some(stored) = case::by_receipt(tx, &request.receipt_number)? else {
            return Ok(Outcome::Unknown);
        };
        // It was read without a mistake a moment ago; should the rest have changed, that stands.
        let answers = correction::over(&running.program, &stored.answers, &screen, &posted);
        let mut request = request.clone();
        request.event = Event::Corrected {
            answers: Box::new(answers),
            reason: reason.clone(),
        };
        act_in(&inner, tx, &request, inner.clock.now())
    });
    sent.await.map_err(calm::failed)
}

/// The fields that are asked for.
fn asked(opened: &Opened, correction: &Correction) -> Screen {
    correction::asked(opened.program(), &opened.stored.answers, correction)
}

/// After something was sent although nothing is asked: the second of two clicks, or the office took its request back.
async fn settled(app: &App, opened: &Opened) -> Page {
    let id = opened.stored.application_id.clone();
    let events = app.read(move |tx| case_event::of_application(tx, &id));
    let events = events.await.map_err(calm::failed)?;
    let about = ["corrected", "correction_requested", "correction_cancelled"];
    let mut last = events.iter().rev();
    let last = last.find(|event| about.contains(&event.event.as_str()));
    let sent = last.is_some_and(|event| event.event == "corrected" && event.actor == "company");
    Ok(match sent {
        true => calm::see_other(&opened.done("correct")),
        false => not_asked(app, opened, StatusCode::CONFLICT),
    })
}

fn not_asked(app: &App, opened: &Opened, status: StatusCode) -> Response {
    let sentence = "申込内容は、事務局からお願いしたときに、このページで直せます。直したいところがあるときは、メッセージでお知らせください。";
    opened.not_now(app, status, sentence)
}

fn page(
    app: &App,
    opened: &Opened,
    correction: &Correction,
    typed: &Typed,
    remarks: Remarks,
) -> Response {
    let program: &Program = opened.program();
    let tallies = BTreeMap::new();
    let around = Surroundings {
        errors: &remarks.errors,
        tallies: &tallies,
        now: app.clock.now(),
    };
    let screen = asked(opened, correction);
    let questions = question::questions(program, &screen, typed, &around);
    let mut mistakes = question::mistakes(&questions);
    let mut note = Area {
        value: remarks.note,
        rows: 3,
        ..Area::new("note", "事務局へのひとこと")
    };
    note.part.hint =
        Some("直したところの説明や、直さない理由があれば、お書きください。".to_owned());
    note.part.error = remarks.note_error;
    let note = Control::Area(note);
    mistakes.extend(super::super::public::field::mistakes(std::slice::from_ref(
        &note,
    )));
    let until = running(opened, "correction");
    let status = match mistakes.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let page = CorrectPage {
        frame: opened
            .frame(app, "申込内容の確認")
            .with_error(!mistakes.is_empty()),
        top: opened.top(),
        correction,
        until: until.map(|clock| date_with_weekday(clock.due_date())),
        mistakes,
        questions,
        suggestion: remarks.suggestion,
        note,
        action: opened.page("correct"),
    };
    calm::html(status, &page)
}
