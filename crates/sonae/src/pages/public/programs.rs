//! `/`: the programmes of this office and whether they take applications.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;
use axum::{Extension, Router};
use sonae_core::capacity::Tally;
use sonae_core::program::Program;

use super::course_state::CourseState;
use super::error::PageError;
use super::frame::Frame;
use super::page_cache::PageCache;
use super::program::CourseView;
use super::wording;
use crate::app::App;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/", get(programs))
}

struct ProgramView {
    program: Arc<Program>,
    state: CourseState,
    courses: Vec<CourseView>,
}

#[derive(Template)]
#[template(path = "public/programs.html")]
struct ProgramsPage {
    frame: Frame,
    programs: Vec<ProgramView>,
}

async fn programs(
    State(app): State<App>,
    Extension(cache): Extension<PageCache>,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    cache.answer("/", &headers, render(&app)).await
}

async fn render(app: &App) -> Result<String, PageError> {
    let running = app.programs.clone();
    let tallies: Vec<BTreeMap<String, Tally>> = app
        .read(move |tx| {
            let of = |program: &Program| sonae_store::tally::of_program(tx, program.id());
            running.iter().map(|one| &*one.program).map(of).collect()
        })
        .await?;
    let view = |(program, tallies): (Arc<Program>, BTreeMap<String, Tally>)| {
        let courses = CourseView::all(app, &program, &tallies);
        ProgramView {
            state: CourseView::best(&courses),
            courses,
            program,
        }
    };
    let all = app.programs.iter().map(|running| running.program.clone());
    let mut programs: Vec<ProgramView> = all.zip(tallies).map(view).collect();
    // Whoever can apply now comes first, then what comes soon; the order of the ids otherwise.
    programs.sort_by_key(|view| match view.state {
        state if state.takes_applications() => 0,
        CourseState::NotYet => 1,
        _ => 2,
    });
    let frame = Frame::of_top(app);
    Ok(ProgramsPage { frame, programs }.render()?)
}
