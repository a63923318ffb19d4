//! `GET /api/v1/programs/{id}/figures`: the funnel of a programme, the same as on the office's page. It names nobody.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Serialize;
use sonae_core::audit::at_text;
use sonae_core::figures::{self, CourseFigure, Figures, StepFigure, Week};
use sonae_store::figures::closed_by_clause;

use super::address::Id;
use super::case::milestone_word;
use super::problem::{Kind, Problem};
use crate::app::App;
use crate::office::figures::funnel;

/// The funnel of a programme.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Figures")]
pub struct FiguresView {
    /// The programme's id.
    pub program: String,
    #[schemars(extend("format" = "date-time"))]
    pub as_of: String,
    pub received: u32,
    /// How many are `open`, `confirmed`, `withdrawn` and so on.
    pub by_status: BTreeMap<String, u32>,
    /// How many reached `received`, `complete`, `approved` and `confirmed`.
    pub milestones: BTreeMap<String, u32>,
    /// In the programme's order.
    pub steps: Vec<StepFigureView>,
    pub courses: Vec<CourseFigureView>,
    /// Every week from the first receipt on, those without anything included; at most the last 60.
    pub weeks: Vec<WeekFigureView>,
    /// By which clauses applications were closed.
    pub closed: Vec<ClosedView>,
}

/// One step: who came to it, who is in it, who is through.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "StepFigure")]
pub struct StepFigureView {
    /// The step's id.
    pub step: String,
    pub title: String,
    pub reached: u32,
    pub done: u32,
    /// Open cases that wait there.
    pub waiting: u32,
    /// Business days that it took, in the middle of all that ended; null when too few did.
    pub median_business_days: Option<u32>,
}

/// A course.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CourseFigure")]
pub struct CourseFigureView {
    /// The course's id.
    pub course: String,
    pub title: String,
    pub received: u32,
    pub approved: u32,
    pub confirmed: u32,
    /// Neither open nor confirmed any more.
    pub closed: u32,
}

/// A week in Tokyo.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "WeekFigure")]
pub struct WeekFigureView {
    #[schemars(extend("format" = "date"))]
    pub monday: String,
    pub received: u32,
    pub approved: u32,
    pub confirmed: u32,
}

/// Applications that were closed in one way by one clause.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ClosedFigure")]
pub struct ClosedView {
    #[schemars(extend("enum" = ["open", "confirmed", "withdrawn", "declined", "excluded", "lapsed"]))]
    pub status: String,
    /// Empty where none was named.
    pub clause: String,
    /// Null when so few could be recognised.
    pub count: Option<u32>,
}

pub async fn one(State(app): State<App>, Id(id): Id) -> Result<Json<FiguresView>, Problem> {
    let running = app.programs.get(&id).cloned().ok_or_else(|| {
        Problem::new(
            Kind::NotFound,
            "その事業はありません。事業のIDは GET /api/v1/programs で確かめられます。",
        )
    })?;
    let (figures, reasons) = app
        .read(move |tx| {
            let reasons = closed_by_clause(tx, running.program.id())?;
            Ok((funnel(tx, &running)?, reasons))
        })
        .await
        .map_err(Problem::of_store)?;
    let counts: Vec<u32> = reasons.values().copied().collect();
    let closed =
        reasons
            .into_keys()
            .zip(figures::careful(&counts))
            .map(|((status, clause), count)| ClosedView {
                status,
                clause,
                count,
            });
    Ok(Json(FiguresView {
        closed: closed.collect(),
        program: id,
        as_of: at_text(app.clock.now()),
        ..view(figures)
    }))
}

fn view(figures: Figures) -> FiguresView {
    let milestones = figures.milestones.into_iter();
    let by_status = figures.by_status.into_iter();
    FiguresView {
        program: String::new(),
        as_of: String::new(),
        received: figures.received,
        by_status: by_status
            .map(|(status, count)| (status.to_owned(), count))
            .collect(),
        milestones: milestones
            .map(|(milestone, count)| (milestone_word(milestone).to_owned(), count))
            .collect(),
        steps: figures.steps.into_iter().map(step).collect(),
        courses: figures.courses.into_iter().map(course).collect(),
        weeks: figures.weeks.into_iter().map(week).collect(),
        closed: Vec::new(),
    }
}

fn step(step: StepFigure) -> StepFigureView {
    StepFigureView {
        step: step.id,
        title: step.title,
        reached: step.reached,
        done: step.done,
        waiting: step.waiting,
        median_business_days: step.median_days,
    }
}

fn course(course: CourseFigure) -> CourseFigureView {
    CourseFigureView {
        course: course.id,
        title: course.title,
        received: course.received,
        approved: course.approved,
        confirmed: course.confirmed,
        closed: course.closed,
    }
}

fn week(week: Week) -> WeekFigureView {
    WeekFigureView {
        monday: week.monday.to_string(),
        received: week.received,
        approved: week.approved,
        confirmed: week.confirmed,
    }
}
