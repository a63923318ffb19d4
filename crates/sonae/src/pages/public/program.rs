//! `/programs/{id}`: everything a programme's guidelines tell a company, made from the definition.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;
use axum::{Extension, Router};
use sonae_core::capacity::Tally;
use sonae_core::eligibility::print;
use sonae_core::program::notices::{Notice, NoticeTopic};
use sonae_core::program::program::Course;
use sonae_core::program::support::{Deliverable, SupportFile};
use sonae_core::program::{Definition, Program};

use super::course_state::{CourseState, best, capacity_text, places_text};
use super::error::PageError;
use super::frame::Frame;
use super::page_cache::PageCache;
use super::rule_list::RuleView;
use super::wording;
use crate::app::App;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/programs/{id}", get(program))
}

/// One course with its state now.
pub(super) struct CourseView {
    pub(super) course: Course,
    pub(super) state: CourseState,
    pub(super) capacity: String,
    pub(super) places: Option<String>,
}

impl CourseView {
    /// The courses of a programme in the order of its definition.
    pub(super) fn all(
        app: &App,
        program: &Program,
        tallies: &BTreeMap<String, Tally>,
    ) -> Vec<CourseView> {
        let now = app.clock.now();
        let view = |course: &Course| {
            let tally = tallies.get(&course.id).copied().unwrap_or_default();
            let state = CourseState::of(program, course, tally, now);
            CourseView {
                course: course.clone(),
                state,
                capacity: capacity_text(&course.capacity),
                places: places_text(&course.capacity, tally, state),
            }
        };
        program.courses().iter().map(view).collect()
    }

    /// The state of the whole programme.
    pub(super) fn best(courses: &[CourseView]) -> CourseState {
        let states: Vec<CourseState> = courses.iter().map(|course| course.state).collect();
        best(&states)
    }
}

#[derive(Template)]
#[template(path = "public/program.html")]
struct ProgramPage<'a> {
    frame: Frame,
    program: &'a Program,
    file: &'a Definition,
    state: CourseState,
    courses: Vec<CourseView>,
    rules: Vec<RuleView>,
    pledges: Vec<RuleView>,
}

impl ProgramPage<'_> {
    fn notices(&self, topic: &NoticeTopic) -> Vec<&Notice> {
        let notices = self.file.notices.notice.iter();
        notices.filter(|notice| notice.topic == *topic).collect()
    }

    fn support(&self) -> &SupportFile {
        &self.file.support
    }

    fn deliverables(&self, course: &String) -> Vec<&Deliverable> {
        let deliverables = self.file.support.deliverable.iter();
        deliverables
            .filter(|deliverable| deliverable.courses.contains(course))
            .collect()
    }

    fn has_events(&self) -> bool {
        self.file.events.seminars.is_some() || !self.file.events.seminar.is_empty()
    }
}

async fn program(
    State(app): State<App>,
    Extension(cache): Extension<PageCache>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let running = app.programs.get(&id).ok_or(PageError::NotFound)?;
    let program = running.program.clone();
    cache.answer(&id, &headers, render(&app, program)).await
}

async fn render(app: &App, program: Arc<Program>) -> Result<String, PageError> {
    let id = program.id().to_owned();
    let tallies = app
        .read(move |tx| sonae_store::tally::of_program(tx, &id))
        .await?;
    let file = &program.definition;
    let (pledges, rules): (Vec<_>, Vec<_>) = print(&program)
        .into_iter()
        .partition(|rule| rule.rule.starts_with("pledge_"));
    let courses = CourseView::all(app, &program, &tallies);
    let mut frame = Frame::of_program(app, &program, &file.program.short_title);
    // The programme page is the end of its own way, not a page below it.
    frame.crumbs.truncate(1);
    frame.title = file.program.title.clone();
    let page = ProgramPage {
        frame,
        state: CourseView::best(&courses),
        courses,
        rules: rules.into_iter().map(RuleView::new).collect(),
        pledges: pledges.into_iter().map(RuleView::new).collect(),
        file,
        program: &program,
    };
    Ok(page.render()?)
}
