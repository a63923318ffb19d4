//! `GET /api/v1/programs` and `GET /api/v1/programs/{id}`: what is offered, when, and how many places are left.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use sonae_core::audit::at_text;
use sonae_core::capacity::{self, Tally, Vacancy};
use sonae_core::program::program::{Course, Window};
use sonae_core::program::{Program, WindowState};
use sonae_store::tally;

use super::address::Id;
use super::problem::{Kind, Problem};
use crate::app::{App, Running};

/// The programmes of this office.
#[derive(Serialize, JsonSchema)]
pub struct ProgramList {
    /// In the order of their ids.
    pub programs: Vec<ProgramView>,
}

/// A programme as it stands now.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Program")]
pub struct ProgramView {
    pub id: String,
    pub title: String,
    pub short_title: String,
    /// The first year of the fiscal year (April to March).
    pub fiscal_year: i16,
    /// SHA-256 of the programme's files: changes with every change of its rules or texts.
    pub revision: String,
    /// The instant for which windows and places are stated.
    #[schemars(extend("format" = "date-time"))]
    pub as_of: String,
    pub windows: Vec<WindowView>,
    /// In the order of the programme.
    pub courses: Vec<CourseView>,
}

/// 申込受付期間
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Window")]
pub struct WindowView {
    /// The courses it is for.
    pub courses: Vec<String>,
    /// The clause of the guidelines.
    pub clause: String,
    /// The first instant at which applications are taken; null when there is no beginning.
    #[schemars(extend("format" = "date-time"))]
    pub opens_at: Option<String>,
    /// The first instant at which they are no longer taken; null when there is no end.
    #[schemars(extend("format" = "date-time"))]
    pub closes_at: Option<String>,
    pub state: Standing,
}

/// Where now stands to a window.
#[derive(Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    NotYet,
    Open,
    Closed,
}

/// 支援コース
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Course")]
pub struct CourseView {
    pub id: String,
    pub title: String,
    pub short_title: String,
    /// The clause of the guidelines.
    pub clause: String,
    pub places: Places,
    /// `open`, `nearly_full`, `waiting_list` (arrivals wait) or `full` (no arrivals are taken); says nothing about the window.
    #[schemars(extend("enum" = ["open", "nearly_full", "waiting_list", "full"]))]
    pub vacancy: &'static str,
}

/// 定員と申込の状況
#[derive(Serialize, JsonSchema)]
pub struct Places {
    /// 定員
    pub total: u32,
    /// Places held now.
    pub taken: i64,
    /// Places not held now.
    pub left: i64,
    /// Applications that wait for a place.
    pub waiting: i64,
}

pub async fn list(State(app): State<App>) -> Result<Json<ProgramList>, Problem> {
    let programs = app.programs.clone();
    let tallies = app
        .read(move |tx| {
            (programs.iter())
                .map(|running| tally::of_program(tx, running.program.id()))
                .collect::<Result<Vec<_>, _>>()
        })
        .await
        .map_err(Problem::of_store)?;
    let now = app.clock.now();
    let programs = (app.programs.iter().zip(&tallies))
        .map(|(running, tallies)| view(&running.program, tallies, now))
        .collect();
    Ok(Json(ProgramList { programs }))
}

pub async fn one(State(app): State<App>, Id(id): Id) -> Result<Json<ProgramView>, Problem> {
    let program = running(&app, &id)?.program.clone();
    let tallies = app
        .read(move |tx| tally::of_program(tx, &id))
        .await
        .map_err(Problem::of_store)?;
    Ok(Json(view(&program, &tallies, app.clock.now())))
}

/// The programme of an address.
pub fn running<'a>(app: &'a App, id: &str) -> Result<&'a Running, Problem> {
    let running = app.programs.get(id).map(|running| &**running);
    running.ok_or_else(|| {
        Problem::new(
            Kind::NotFound,
            "その事業はありません。事業のIDは GET /api/v1/programs で確かめられます。",
        )
    })
}

fn view(program: &Program, tallies: &BTreeMap<String, Tally>, now: Timestamp) -> ProgramView {
    let file = &program.definition.program;
    let tally = |course: &Course| tallies.get(&course.id).copied().unwrap_or_default();
    ProgramView {
        id: file.id.clone(),
        title: file.title.clone(),
        short_title: file.short_title.clone(),
        fiscal_year: file.fiscal_year,
        revision: program.revision.clone(),
        as_of: at_text(now),
        windows: (file.window.iter())
            .map(|window| window_view(window, now))
            .collect(),
        courses: (file.course.iter())
            .map(|course| course_view(course, tally(course)))
            .collect(),
    }
}

fn window_view(window: &Window, now: Timestamp) -> WindowView {
    WindowView {
        courses: window.courses.clone(),
        clause: window.clause.clone(),
        opens_at: window.opens_at().map(at_text),
        closes_at: window.closes_at().map(at_text),
        state: match window.state(now) {
            WindowState::NotYet { .. } => Standing::NotYet,
            WindowState::Open { .. } => Standing::Open,
            WindowState::Closed { .. } => Standing::Closed,
        },
    }
}

fn course_view(course: &Course, tally: Tally) -> CourseView {
    CourseView {
        id: course.id.clone(),
        title: course.title.clone(),
        short_title: course.short_title.clone(),
        clause: course.clause.clone(),
        places: Places {
            total: course.capacity.places,
            taken: tally.held,
            left: capacity::places_left(&course.capacity, tally),
            waiting: tally.waiting,
        },
        vacancy: match capacity::vacancy(&course.capacity, tally) {
            Vacancy::Open => "open",
            Vacancy::NearlyFull => "nearly_full",
            Vacancy::WaitingList => "waiting_list",
            Vacancy::Full => "full",
        },
    }
}
