//! 申込受付期間 as instants: when a course opens and closes, in Tokyo's time.

use jiff::Timestamp;
use jiff::civil::{Date, Time};

use super::Program;
use super::program::Window;
use crate::calendar::tokyo;

/// Where an instant stands to a course's window. A window includes the instant at which it opens and not the one at which
/// it closes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WindowState {
    NotYet {
        opens_at: Timestamp,
    },
    Open {
        /// The first instant at which it is closed; none when the guidelines give no end.
        closes_at: Option<Timestamp>,
    },
    Closed {
        closed_at: Timestamp,
    },
}

impl Window {
    /// The first instant at which applications are taken; none when it was always open.
    pub fn opens_at(&self) -> Option<Timestamp> {
        self.opens
            .map(|date| instant(date, self.opens_time.unwrap_or(Time::midnight())))
    }

    /// The first instant at which it is closed: `closes_time` of the last day, else the midnight after it. None when it has
    /// no end.
    pub fn closes_at(&self) -> Option<Timestamp> {
        let date = self.closes?;
        Some(match self.closes_time {
            Some(time) => instant(date, time),
            None => date
                .tomorrow()
                .map_or(Timestamp::MAX, |next| instant(next, Time::midnight())),
        })
    }

    /// Where `at` stands to this window.
    pub fn state(&self, at: Timestamp) -> WindowState {
        match (self.opens_at(), self.closes_at()) {
            (Some(opens_at), _) if at < opens_at => WindowState::NotYet { opens_at },
            (_, Some(closed_at)) if at >= closed_at => WindowState::Closed { closed_at },
            (_, closes_at) => WindowState::Open { closes_at },
        }
    }
}

impl Program {
    /// The window of a course; none when there is no such course.
    pub fn window(&self, course: &str) -> Option<&Window> {
        self.definition
            .program
            .window
            .iter()
            .find(|window| window.courses.iter().any(|id| id == course))
    }

    /// Where `at` stands to a course's window; none when there is no such course.
    pub fn window_state(&self, course: &str, at: Timestamp) -> Option<WindowState> {
        self.window(course).map(|window| window.state(at))
    }
}

fn instant(date: Date, time: Time) -> Timestamp {
    // Only dates at the very end of the calendar have no instant; a checked programme holds none of them.
    date.to_datetime(time)
        .to_zoned(tokyo())
        .map_or(Timestamp::MAX, |zoned| zoned.timestamp())
}
