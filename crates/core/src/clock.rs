//! Deadlines counted in business days: when work is due, when to warn, how late it is, and what a pause does.
//!
//! # How days are counted
//! - Day 0 is the day of the event. A receipt after hours may count on the next business day ([`OfficeHours`]).
//! - Day n is the n-th business day after day 0. The clock runs until the END of day n: [`Clock::due_at`] is the midnight in
//!   Tokyo that ends day n and is *exclusive*. At `due_at` the work is late, one nanosecond before it is not.
//! - Business days left on a day = business days after that day up to day n. So three are left on day 0, and none is left
//!   on day n, which is shown as 「本日が期限」.
//! - Business days late on a day = business days after day n up to that day. On the closed days right after day n it is 0
//!   and the clock is late all the same.
//!
//! # What a pause does
//! A pause on day P keeps the business days left on P; taken up again on day Q, the clock is due that many business days
//! after Q. The business days after P up to and including Q are thus the ones that do not count: pausing and going on
//! within one day changes nothing, and a clock paused on its last day is due at the end of the day it goes on (or of the
//! next business day). P and Q are the dates in Tokyo, whatever the hour. An overdue clock cannot be paused: being late is
//! not undone.
//!
//! The due moment is fixed when the clock starts or goes on. A calendar that changes later does not move it.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::calendar::{Calendar, OfficeHours, OutOfReach, tokyo_date, tokyo_midnight};
use crate::program::{Role, flow};

#[cfg(test)]
mod tests;

/// How a programme wants a piece of work timed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockSpec {
    /// Business days allowed, the day of the event not counted. 0 means the end of that day.
    pub business_days: u32,
    /// The warning begins with the day on which this many business days are left; 0 warns on the last day only.
    pub warn_when_left: u32,
    /// Who has to act.
    pub owner: Role,
    /// Whether events may stop the clock for a while.
    pub pausable: bool,
}

impl ClockSpec {
    /// The clock as a programme writes it. It is pausable when the programme says for whom it stands still.
    pub fn of_programme(clock: &flow::Clock) -> ClockSpec {
        ClockSpec {
            business_days: clock.business_days,
            warn_when_left: clock.warn_business_days,
            owner: clock.owner,
            pausable: !clock.pauses_for.is_empty(),
        }
    }
}

/// A deadline that was started. All instants are UTC; the counting is in Tokyo's days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock {
    pub spec: ClockSpec,
    /// The event that started it.
    pub started_at: Timestamp,
    /// The start, or the last time that it went on after a pause.
    pub running_since: Timestamp,
    /// Day 0: the day on which the event counts, or the day on which a paused clock went on.
    pub counted_from: Date,
    /// End of the last day, exclusive. While paused: what it was before the pause.
    pub due_at: Timestamp,
    /// From here on the work is nearly due; never later than `due_at`.
    pub warn_at: Timestamp,
    pub phase: Phase,
}

/// What happened to a clock so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "phase", rename_all = "snake_case")]
pub enum Phase {
    Running,
    /// `left` business days are kept for when it goes on.
    Paused {
        at: Timestamp,
        left: u32,
    },
    /// `ran_until` is `at`, or the beginning of the pause in which it was stopped.
    Stopped {
        at: Timestamp,
        ran_until: Timestamp,
    },
}

/// How a clock stands at an instant; prints itself as the office shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// `left` business days after today.
    Running {
        left: u32,
    },
    /// The same, nearly due.
    Warning {
        left: u32,
    },
    /// Late by so many business days; 0 until the first business day after the deadline begins.
    Overdue {
        by: u32,
    },
    Paused {
        left: u32,
    },
    /// Done in time, or late by so many business days.
    Stopped {
        late_by: Option<u32>,
    },
}

/// Why a clock refuses an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ClockRefusal {
    #[error("この期限は一時停止できません。")]
    NotPausable,
    #[error("期限を過ぎているため、一時停止できません。")]
    Overdue,
    #[error("この期限はすでに一時停止しています。")]
    AlreadyPaused,
    #[error("この期限は一時停止していません。")]
    NotPaused,
    #[error("この期限はすでに終わっています。")]
    AlreadyStopped,
    #[error("前の出来事より早い日時は指定できません。日時をご確認ください。")]
    Backwards,
    #[error(transparent)]
    OutOfReach(#[from] OutOfReach),
}

impl Clock {
    /// Starts a clock at an event.
    ///
    /// # Errors
    /// [`OutOfReach`] when the calendar cannot count that far.
    pub fn start(
        spec: ClockSpec,
        calendar: &Calendar,
        hours: &OfficeHours,
        at: Timestamp,
    ) -> Result<Clock, OutOfReach> {
        let day_0 = hours.counted_date(calendar, at)?;
        let (warn_at, due_at) = span(calendar, at, day_0, spec.business_days, spec.warn_when_left)?;
        Ok(Clock {
            spec,
            started_at: at,
            running_since: at,
            counted_from: day_0,
            due_at,
            warn_at,
            phase: Phase::Running,
        })
    }

    /// The last day on which the work is in time: the day that ends at `due_at`.
    pub fn due_date(&self) -> Date {
        tokyo_date(self.due_at)
            .yesterday()
            .expect("the calendar's years begin far from the first date there is")
    }

    /// How the clock stands at an instant.
    pub fn state(&self, calendar: &Calendar, now: Timestamp) -> State {
        match self.phase {
            Phase::Paused { left, .. } => State::Paused { left },
            Phase::Stopped { ran_until, .. } => State::Stopped {
                late_by: self.late_by(calendar, ran_until),
            },
            Phase::Running => match self.late_by(calendar, now) {
                Some(by) => State::Overdue { by },
                None if now >= self.warn_at => State::Warning {
                    left: self.left(calendar, now),
                },
                None => State::Running {
                    left: self.left(calendar, now),
                },
            },
        }
    }

    /// Pauses: the business days left are kept.
    ///
    /// # Errors
    /// [`ClockRefusal`] when the clock does not allow it, is late, paused or stopped, or `at` lies before its last event.
    /// Nothing is changed then.
    pub fn pause(&self, calendar: &Calendar, at: Timestamp) -> Result<Clock, ClockRefusal> {
        match self.phase {
            Phase::Stopped { .. } => return Err(ClockRefusal::AlreadyStopped),
            Phase::Paused { .. } => return Err(ClockRefusal::AlreadyPaused),
            Phase::Running if !self.spec.pausable => return Err(ClockRefusal::NotPausable),
            Phase::Running if at < self.running_since => return Err(ClockRefusal::Backwards),
            Phase::Running if at >= self.due_at => return Err(ClockRefusal::Overdue),
            Phase::Running => {}
        }
        let left = self.left(calendar, at);
        Ok(Clock {
            phase: Phase::Paused { at, left },
            ..*self
        })
    }

    /// Goes on after a pause, with the business days that were left.
    ///
    /// # Errors
    /// [`ClockRefusal`] when the clock is not paused or `at` lies before the pause.
    pub fn resume(&self, calendar: &Calendar, at: Timestamp) -> Result<Clock, ClockRefusal> {
        let (paused_at, left) = match self.phase {
            Phase::Paused { at, left } => (at, left),
            Phase::Running => return Err(ClockRefusal::NotPaused),
            Phase::Stopped { .. } => return Err(ClockRefusal::AlreadyStopped),
        };
        if at < paused_at {
            return Err(ClockRefusal::Backwards);
        }
        // A receipt after hours may count on a later day than the one on which it was paused and taken up again.
        let day_0 = tokyo_date(at).max(self.counted_from);
        let (warn_at, due_at) = span(calendar, at, day_0, left, self.spec.warn_when_left)?;
        Ok(Clock {
            running_since: at,
            counted_from: day_0,
            due_at,
            warn_at,
            phase: Phase::Running,
            ..*self
        })
    }

    /// Stops for good: the work is done. A paused clock may stop, and is then in time, however long the pause was.
    ///
    /// # Errors
    /// [`ClockRefusal`] when it is stopped already or `at` lies before its last event.
    pub fn stop(&self, at: Timestamp) -> Result<Clock, ClockRefusal> {
        let (last_event, ran_until) = match self.phase {
            Phase::Stopped { .. } => return Err(ClockRefusal::AlreadyStopped),
            Phase::Paused { at: paused_at, .. } => (paused_at, paused_at),
            Phase::Running => (self.running_since, at),
        };
        if at < last_event {
            return Err(ClockRefusal::Backwards);
        }
        Ok(Clock {
            phase: Phase::Stopped { at, ran_until },
            ..*self
        })
    }

    fn left(&self, calendar: &Calendar, now: Timestamp) -> u32 {
        let today = tokyo_date(now).max(self.counted_from);
        count(calendar, today, self.due_date())
    }

    fn late_by(&self, calendar: &Calendar, at: Timestamp) -> Option<u32> {
        (at >= self.due_at).then(|| count(calendar, self.due_date(), tokyo_date(at)))
    }
}

/// Business days after `from` up to `until`, none when `until` is earlier.
fn count(calendar: &Calendar, from: Date, until: Date) -> u32 {
    u32::try_from(calendar.business_days_between(from, until)).unwrap_or(0)
}

/// From when to warn, and the exclusive end, of `days` business days after `day_0`.
fn span(
    calendar: &Calendar,
    at: Timestamp,
    day_0: Date,
    days: u32,
    warn_when_left: u32,
) -> Result<(Timestamp, Timestamp), OutOfReach> {
    let last_day = calendar.add_business_days(day_0, days)?;
    let due_at = tokyo_midnight(last_day.tomorrow().map_err(|_| OutOfReach)?)?;
    // Not `days`: with none left on a closed day the end is the next business day, and one is left until then.
    let left = count(calendar, day_0, last_day);
    let warn_at = match left.checked_sub(warn_when_left) {
        Some(days_before) if days_before > 0 => {
            tokyo_midnight(calendar.add_business_days(day_0, days_before)?)?
        }
        _ => at,
    };
    Ok((warn_at, due_at))
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            State::Running { left: 0 } | State::Warning { left: 0 } => f.write_str("本日が期限"),
            State::Running { left } | State::Warning { left } => write!(f, "残り{left}営業日"),
            State::Overdue { by: 0 } => f.write_str("期限超過"),
            State::Overdue { by } => write!(f, "期限超過 {by}営業日"),
            State::Paused { left } => write!(f, "一時停止中（残り{left}営業日）"),
            State::Stopped { late_by: None } => f.write_str("完了"),
            State::Stopped { late_by: Some(0) } => f.write_str("完了（期限超過）"),
            State::Stopped { late_by: Some(by) } => write!(f, "完了（期限超過 {by}営業日）"),
        }
    }
}
