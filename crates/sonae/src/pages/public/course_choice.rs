//! The choice of courses, with how each of them stands now.

use sonae_core::capacity::{self, Tally, Vacancy};
use sonae_core::program::Program;
use sonae_core::program::program::Course;
use sonae_core::program::window::WindowState;

use super::field::{Choice, Choices};
use super::question::Surroundings;
use super::typed::Typed;

/// Radio buttons where one course can be chosen, checkboxes where several can.
pub(super) fn courses(program: &Program, typed: &Typed, around: &Surroundings<'_>) -> Choices {
    let chosen = typed.list("courses");
    let choices = program
        .courses()
        .iter()
        .map(|course| Choice {
            value: course.id.clone(),
            label: format!(
                "{}({})",
                course.title,
                course_state(program, course, around)
            ),
            hint: Some(course.summary.clone()),
            chosen: chosen.contains(&course.id.as_str()),
        })
        .collect();
    if program.definition.program.combination.at_most <= 1 {
        Choices::one("courses", "", choices)
    } else {
        Choices::many("courses", "", choices)
    }
}

/// How a course stands, in a few words. A full course can still be chosen: it may open again before the form is sent.
fn course_state(program: &Program, course: &Course, around: &Surroundings<'_>) -> String {
    let tally = around.tallies.get(&course.id).copied().unwrap_or_default();
    match program.window_state(&course.id, around.now) {
        Some(WindowState::Open { .. }) => vacancy_text(course, tally),
        Some(WindowState::NotYet { .. }) => "受付開始前".to_owned(),
        _ => "受付終了".to_owned(),
    }
}

/// 「残り12社」 and so on, for a course inside its window.
fn vacancy_text(course: &Course, tally: Tally) -> String {
    let left = capacity::places_left(&course.capacity, tally);
    match capacity::vacancy(&course.capacity, tally) {
        Vacancy::Open => format!("受付中・残り{left}社"),
        Vacancy::NearlyFull => format!("残りわずか・残り{left}社"),
        Vacancy::WaitingList => "満員・空きを待つ申込みを受付中".to_owned(),
        Vacancy::Full => "満員・締切".to_owned(),
    }
}
