//! Whether a course takes applications now, and how many places are left: from its window and what it has handed out.

use jiff::Timestamp;
use sonae_core::capacity::{Tally, Vacancy, places_left, vacancy};
use sonae_core::program::program::{Capacity, CapacityKind, Course};
use sonae_core::program::{Milestone, Program, WindowState};

/// What a visitor can do with a course now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CourseState {
    NotYet,
    Taking(Vacancy),
    Ended,
}

impl CourseState {
    /// A course at an instant. Without a window it is never open.
    pub fn of(program: &Program, course: &Course, tally: Tally, at: Timestamp) -> CourseState {
        match program.window_state(&course.id, at) {
            Some(WindowState::NotYet { .. }) => CourseState::NotYet,
            Some(WindowState::Open { .. }) => CourseState::Taking(vacancy(&course.capacity, tally)),
            Some(WindowState::Closed { .. }) | None => CourseState::Ended,
        }
    }

    pub fn takes_applications(self) -> bool {
        matches!(
            self,
            CourseState::Taking(Vacancy::Open | Vacancy::NearlyFull | Vacancy::WaitingList)
        )
    }

    pub fn label(self) -> &'static str {
        match self {
            CourseState::NotYet => "受付前",
            CourseState::Taking(Vacancy::Open) => "受付中",
            CourseState::Taking(Vacancy::NearlyFull) => "残りわずか",
            CourseState::Taking(Vacancy::WaitingList) => "満員・空き待ち受付中",
            CourseState::Taking(Vacancy::Full) => "満員・受付終了",
            CourseState::Ended => "受付終了",
        }
    }

    /// The chip's class in the style sheet.
    pub fn class(self) -> &'static str {
        match self {
            CourseState::Taking(Vacancy::Open) => "open",
            CourseState::Taking(Vacancy::NearlyFull) => "nearly-full",
            CourseState::Taking(Vacancy::WaitingList) => "waiting",
            CourseState::NotYet | CourseState::Taking(Vacancy::Full) | CourseState::Ended => {
                "closed"
            }
        }
    }
}

/// The state of a whole programme: of its best course.
pub fn best(states: &[CourseState]) -> CourseState {
    let rank = |state: &CourseState| match state {
        CourseState::Taking(Vacancy::Open) => 0,
        CourseState::Taking(Vacancy::NearlyFull) => 1,
        CourseState::Taking(Vacancy::WaitingList) => 2,
        CourseState::NotYet => 3,
        CourseState::Taking(Vacancy::Full) => 4,
        CourseState::Ended => 5,
    };
    let best = states.iter().copied().min_by_key(rank);
    best.unwrap_or(CourseState::Ended)
}

/// 「定員50社」 or 「30社程度」.
pub fn capacity_text(capacity: &Capacity) -> String {
    match capacity.kind {
        CapacityKind::Hard => format!("定員{}社", capacity.places),
        CapacityKind::Target => format!("{}社程度", capacity.places),
    }
}

/// How many places are left and how many wait, one sentence; none where it would tell nothing.
pub fn places_text(capacity: &Capacity, tally: Tally, state: CourseState) -> Option<String> {
    let left = places_left(capacity, tally);
    match state {
        CourseState::NotYet | CourseState::Ended => None,
        CourseState::Taking(_) if capacity.taken_at != Milestone::Received => Some(format!(
            "決まっていない枠は{left}社です。参加は、受付の後の確認で決まります。"
        )),
        CourseState::Taking(Vacancy::Open | Vacancy::NearlyFull) => {
            Some(format!("残り{left}社です。先着順で受け付けます。"))
        }
        CourseState::Taking(Vacancy::WaitingList) => Some(format!(
            "枠が空くのを待っている会社は{}社です。受け付けた順にご案内します。",
            tally.waiting
        )),
        CourseState::Taking(Vacancy::Full) => {
            Some("定員に達したため、受付を締め切りました。".to_owned())
        }
    }
}
