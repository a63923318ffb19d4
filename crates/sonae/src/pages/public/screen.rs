//! One screen of the application form: `/apply/{token}/{screen}`.
//!
//! Whatever is sent is saved as it was typed before anything is said about it, so that no mistake, no back button and no closed window
//! loses input.

use std::collections::BTreeMap;

use askama::Template;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use sonae_core::application::read::{FieldError, MAX_ERRORS, Mode, read};
use sonae_core::capacity::Tally;
use sonae_core::program::Program;
use sonae_core::program::form::Screen;

use super::address::{self, Suggestion};
use super::calm::{self, Page};
use super::draft::{self, Open};
use super::field::{Control, Mistake};
use super::frame::{Frame, StepMark, StepState};
use super::posted::Posted;
use super::question::{self, Question, Surroundings};
use super::typed::{Typed, belongs, names};
use crate::app::App;

#[derive(Template)]
#[template(path = "public/screen.html")]
struct ScreenPage<'a> {
    frame: Frame,
    screen: &'a Screen,
    /// Where the form is sent: this page, without a query.
    action: String,
    /// Counted from 1.
    number: usize,
    count: usize,
    mistakes: Vec<Mistake>,
    questions: Vec<Question>,
    /// Shown with the postcode after 「住所を自動入力」.
    suggestion: Option<Suggestion>,
    first: bool,
    /// From the confirmation, and back to it.
    from_confirm: bool,
    combination: &'a str,
    privacy: String,
}

/// What a screen shows besides what was typed.
#[derive(Default)]
struct Remarks {
    errors: Vec<FieldError>,
    suggestion: Option<Suggestion>,
    from_confirm: bool,
}

pub(super) async fn show(
    State(app): State<App>,
    Path((token, screen)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Page {
    let open = draft::open(&app, &token).await?;
    let query = Posted::parse(query.unwrap_or_default().as_bytes());
    let mut remarks = Remarks {
        from_confirm: query.first("from") == "confirm",
        ..Remarks::default()
    };
    // Coming from the confirmation with something wrong, the person sees at once what it is.
    if remarks.from_confirm
        && let Some(screen) = open.screens().iter().find(|known| known.id == screen)
    {
        remarks.errors = wrong_on(&open, screen);
    }
    page(&app, &open, &screen, remarks, StatusCode::OK).await
}

pub(super) async fn take(
    State(app): State<App>,
    Path((token, screen)): Path<(String, String)>,
    body: Result<Bytes, BytesRejection>,
) -> Page {
    let posted = Posted::read(body).map_err(IntoResponse::into_response)?;
    let mut open = draft::open(&app, &token).await?;
    let program = open.program.clone();
    let screens = &program.definition.form.screen;
    let Some(position) = screens.iter().position(|known| known.id == screen) else {
        return Err(calm::not_found());
    };
    open.typed
        .take(&program, names(&screens[position]), &posted);
    let asked = Asked::of(posted.first("action"));
    let mut remarks = Remarks {
        from_confirm: posted.first("from") == "confirm",
        ..Remarks::default()
    };
    match asked {
        Asked::AddRow => open.typed.add_row(),
        Asked::RemoveRow(index) => open.typed.remove_row(index),
        Asked::Postcode => remarks.suggestion = Some(address::suggest(&mut open.typed)),
        Asked::Address(index) => remarks.suggestion = address::choose(&mut open.typed, index),
        Asked::Next | Asked::Back | Asked::Save => {}
    }
    open.save(&app).await?;
    match asked {
        Asked::Save => Ok(calm::see_other(&format!("{}/saved", open.path()))),
        Asked::Back if position > 0 => {
            Ok(calm::see_other(&open.screen_path(&screens[position - 1])))
        }
        Asked::Next | Asked::Back => next(&app, &open, position, remarks).await,
        _ => page(&app, &open, &screen, remarks, StatusCode::OK).await,
    }
}

/// On to the next screen, or the same one again with what is wrong.
async fn next(app: &App, open: &Open, position: usize, mut remarks: Remarks) -> Page {
    let screens = open.screens();
    remarks.errors = wrong_on(open, &screens[position]);
    if !remarks.errors.is_empty() {
        let id = screens[position].id.clone();
        return page(app, open, &id, remarks, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let path = match screens.get(position + 1) {
        Some(screen) if !remarks.from_confirm => open.screen_path(screen),
        _ => format!("{}/confirm", open.path()),
    };
    Ok(calm::see_other(&path))
}

/// Which button was pressed. Enter in a text field presses the first, which is 「次へ」.
#[derive(Clone, Copy)]
pub(in crate::pages) enum Asked {
    Next,
    Back,
    Save,
    Postcode,
    Address(usize),
    AddRow,
    RemoveRow(usize),
}

impl Asked {
    pub(in crate::pages) fn of(action: &str) -> Asked {
        let number = |text: &str| text.parse::<usize>().ok();
        match action.split_once(':') {
            None => match action {
                "back" => Asked::Back,
                "save" => Asked::Save,
                "postcode" => Asked::Postcode,
                "add_row" => Asked::AddRow,
                _ => Asked::Next,
            },
            Some(("address", index)) => number(index).map_or(Asked::Next, Asked::Address),
            Some(("remove_row", index)) => number(index).map_or(Asked::Next, Asked::RemoveRow),
            Some(_) => Asked::Next,
        }
    }
}

/// Everything that is wrong in a whole form.
pub(super) fn wrong(open: &Open) -> Vec<FieldError> {
    errors_of(&open.program, &open.typed, Mode::Complete)
}

/// What the form itself and the reading of the answers find wrong, each field by the first that says something.
pub(in crate::pages) fn errors_of(program: &Program, typed: &Typed, mode: Mode) -> Vec<FieldError> {
    let mut errors = typed.own_errors(program);
    let own: Vec<String> = errors.iter().map(|error| error.field.clone()).collect();
    let read = read(program, &typed.answers(), mode)
        .err()
        .unwrap_or_default();
    let said = |error: &FieldError| own.iter().any(|name| belongs(error, name));
    errors.extend(read.into_iter().filter(|error| !said(error)));
    errors.truncate(MAX_ERRORS);
    errors
}

fn wrong_on(open: &Open, screen: &Screen) -> Vec<FieldError> {
    let mut errors = wrong(open);
    errors.retain(|error| names(screen).any(|name| belongs(error, name)));
    errors
}

async fn page(app: &App, open: &Open, screen: &str, remarks: Remarks, status: StatusCode) -> Page {
    let program = &open.program;
    let screens = open.screens();
    let Some(position) = screens.iter().position(|known| known.id == screen) else {
        return Err(calm::not_found());
    };
    let tallies = tallies(app, program, &screens[position]).await?;
    let screen = &screens[position];
    let around = Surroundings {
        errors: &remarks.errors,
        tallies: &tallies,
        now: app.clock.now(),
    };
    let questions = question::questions(program, screen, &open.typed, &around);
    let mistakes = question::mistakes(&questions);
    let frame = Frame::of_program(app, program, &screen.title)
        .private()
        .with_error(!mistakes.is_empty())
        .with_steps(steps(open, position));
    let page = ScreenPage {
        privacy: frame.privacy.clone(),
        frame,
        screen,
        action: open.screen_path(screen),
        number: position + 1,
        count: screens.len(),
        mistakes,
        questions,
        suggestion: remarks.suggestion,
        first: position == 0,
        from_confirm: remarks.from_confirm,
        combination: &program.definition.program.combination.note,
    };
    Ok(calm::html(status, &page))
}

/// How full the courses are, where the screen asks for them.
pub(super) async fn tallies(
    app: &App,
    program: &Program,
    screen: &Screen,
) -> Result<BTreeMap<String, Tally>, Response> {
    if !names(screen).any(|name| name == "courses") {
        return Ok(BTreeMap::new());
    }
    let id = program.id().to_owned();
    app.read(move |tx| sonae_store::tally::of_program(tx, &id))
        .await
        .map_err(calm::failed)
}

/// The steps of the form with the confirmation at the end; `current` counts screens, then the confirmation.
pub(super) fn steps(open: &Open, current: usize) -> Vec<StepMark> {
    let screens = open.screens().iter();
    let mut steps: Vec<StepMark> = screens
        .enumerate()
        .map(|(index, screen)| StepMark {
            label: screen.title.clone(),
            state: match index.cmp(&current) {
                std::cmp::Ordering::Less => StepState::Done,
                std::cmp::Ordering::Equal => StepState::Current,
                std::cmp::Ordering::Greater => StepState::ToCome,
            },
            href: (index < current).then(|| open.screen_path(screen)),
        })
        .collect();
    steps.push(StepMark {
        label: "確認と送信".to_owned(),
        state: if current == steps.len() {
            StepState::Current
        } else {
            StepState::ToCome
        },
        href: None,
    });
    steps
}
