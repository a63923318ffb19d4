//! 要件の確認: `/programs/{id}/check`. Anybody may see how the rules look at his company; nothing is stored.

use askama::Template;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;
use sonae_core::application::read::{FieldError, Mode, read};
use sonae_core::eligibility::{Eligibility, asked, judge};
use sonae_core::program::Program;
use sonae_core::program::form::{Field, Screen};

use super::apply::{CARRIED, closed_window};
use super::calm::{self, Page};
use super::field::{Control, Mistake};
use super::finding::{self, Shown};
use super::frame::Frame;
use super::posted::Posted;
use super::question::{self, Question, Surroundings};
use super::screen::{Asked, errors_of, tallies};
use super::typed::{Typed, names};
use crate::app::App;

#[derive(Template)]
#[template(path = "public/check.html")]
struct CheckPage {
    frame: Frame,
    action: String,
    mistakes: Vec<Mistake>,
    questions: Vec<Question>,
}

#[derive(Template)]
#[template(path = "public/checked.html")]
struct CheckedPage<'a> {
    frame: Frame,
    program: &'a Program,
    overall: &'static str,
    /// The kind of the box around the sentence.
    kind: &'static str,
    ineligible: bool,
    findings: Vec<Shown>,
    /// The answers, to be sent back or on.
    carried: Vec<(String, String)>,
    action: String,
    apply: String,
    open: bool,
}

/// What the check asks: the answers that the rules look at, as the form asks for them.
pub(super) fn screen(program: &Program) -> Screen {
    let mut wanted = asked(program);
    let on_form = program.definition.form.screen.iter();
    let mut fields: Vec<Field> = on_form
        .flat_map(|screen| &screen.field)
        .filter(|field| wanted.contains(&field.name))
        .map(|field| Field {
            required: false,
            ..field.clone()
        })
        .collect();
    wanted.retain(|name| fields.iter().all(|field| field.name != *name));
    fields.extend(wanted.into_iter().map(|name| Field {
        name,
        required: false,
        purpose: String::new(),
        label: None,
        hint: None,
    }));
    Screen {
        id: "check".to_owned(),
        title: "要件の確認".to_owned(),
        intro: None,
        field: fields,
    }
}

pub(super) async fn show(State(app): State<App>, Path(id): Path<String>) -> Page {
    let running = app.programs.get(&id).ok_or_else(calm::not_found)?;
    let nothing = Typed::new(json!({}));
    form(&app, &running.program, &nothing, &[], StatusCode::OK).await
}

pub(super) async fn judged(
    State(app): State<App>,
    Path(id): Path<String>,
    body: Result<Bytes, BytesRejection>,
) -> Page {
    let posted = Posted::read(body).map_err(IntoResponse::into_response)?;
    let running = app.programs.get(&id).ok_or_else(calm::not_found)?;
    let program = &running.program;
    let screen = screen(program);
    let mut typed = Typed::new(json!({}));
    typed.take(program, names(&screen), &posted);
    match Asked::of(posted.first("action")) {
        Asked::AddRow => typed.add_row(),
        Asked::RemoveRow(index) => typed.remove_row(index),
        Asked::Back => {}
        _ => {
            let errors = errors_of(program, &typed, Mode::Partial);
            return match errors.is_empty() {
                true => Ok(result(&app, program, &screen, &typed, &posted)),
                false => {
                    form(
                        &app,
                        program,
                        &typed,
                        &errors,
                        StatusCode::UNPROCESSABLE_ENTITY,
                    )
                    .await
                }
            };
        }
    }
    form(&app, program, &typed, &[], StatusCode::OK).await
}

async fn form(
    app: &App,
    program: &Program,
    typed: &Typed,
    errors: &[FieldError],
    status: StatusCode,
) -> Page {
    let screen = screen(program);
    let tallies = tallies(app, program, &screen).await?;
    let around = Surroundings {
        errors,
        tallies: &tallies,
        now: app.clock.now(),
    };
    let questions = question::questions(program, &screen, typed, &around);
    let mistakes = question::mistakes(&questions);
    let page = CheckPage {
        frame: Frame::of_program(app, program, "参加の要件の確認")
            .narrow()
            .with_error(!mistakes.is_empty()),
        action: path(program),
        mistakes,
        questions,
    };
    Ok(calm::html(status, &page))
}

fn path(program: &Program) -> String {
    format!("/programs/{}/check", program.id())
}

fn result(
    app: &App,
    program: &Program,
    screen: &Screen,
    typed: &Typed,
    posted: &Posted,
) -> Response {
    // What was read without an error a moment ago is read without one now.
    let answers = read(program, &typed.answers(), Mode::Partial).unwrap_or_default();
    let verdict = judge(program, &answers);
    let complete = errors_of(program, typed, Mode::Complete)
        .iter()
        .all(|error| names(screen).all(|name| !super::typed::belongs(error, name)));
    let page = CheckedPage {
        frame: Frame::of_program(app, program, "参加の要件の確認").narrow(),
        program,
        overall: finding::overall(verdict.verdict, complete),
        kind: match verdict.verdict {
            Eligibility::Eligible => "success",
            Eligibility::Ineligible => "warning",
            Eligibility::NeedsJudgement => "info",
        },
        ineligible: verdict.verdict == Eligibility::Ineligible,
        findings: finding::all(program, &verdict),
        carried: carried(screen, posted),
        action: path(program),
        apply: format!("/programs/{}/apply", program.id()),
        open: closed_window(app, program).is_none(),
    };
    calm::html(StatusCode::OK, &page)
}

/// The controls of the check as they were sent, and the mark that they come along.
fn carried(screen: &Screen, posted: &Posted) -> Vec<(String, String)> {
    let own = ["past_support_kind", "past_support_year", "pledges_open"];
    let mut carried = vec![(CARRIED.to_owned(), "yes".to_owned())];
    for name in names(screen).chain(own) {
        let values = posted.all(name);
        carried.extend(values.map(|value| (name.to_owned(), value.to_owned())));
    }
    carried
}
