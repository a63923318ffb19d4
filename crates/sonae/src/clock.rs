//! The program's clock: the only place that reads the system's, so that a whole programme can be rehearsed at another time.

use jiff::{SignedDuration, Timestamp};

/// Tells the time, of the system or of a rehearsal that started at another instant and runs on from there.
#[derive(Clone, Copy, Debug)]
pub struct Clock(Kind);

#[derive(Clone, Copy, Debug)]
enum Kind {
    System,
    /// Ahead of the system by this, or behind it.
    Rehearsal(SignedDuration),
    Stopped(Timestamp),
}

impl Clock {
    pub fn system() -> Clock {
        Clock(Kind::System)
    }

    /// A rehearsal that begins now at `instant`.
    pub fn rehearsal(instant: Timestamp) -> Clock {
        Clock(Kind::Rehearsal(instant.duration_since(system_now())))
    }

    /// A clock that stands still, for tests to the millisecond.
    pub fn stopped(instant: Timestamp) -> Clock {
        Clock(Kind::Stopped(instant))
    }

    pub fn now(&self) -> Timestamp {
        match self.0 {
            Kind::System => system_now(),
            // A rehearsal at the end of time stops there instead of failing.
            Kind::Rehearsal(ahead) => system_now().checked_add(ahead).unwrap_or(Timestamp::MAX),
            Kind::Stopped(instant) => instant,
        }
    }

    /// The time that authenticator apps show their codes by: the real one, also in a rehearsal.
    pub fn for_authenticators(&self) -> Timestamp {
        match self.0 {
            Kind::System | Kind::Rehearsal(_) => system_now(),
            Kind::Stopped(instant) => instant,
        }
    }

    pub fn is_rehearsal(&self) -> bool {
        !matches!(self.0, Kind::System)
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is the one place that reads the system's clock"
)]
fn system_now() -> Timestamp {
    Timestamp::now()
}
