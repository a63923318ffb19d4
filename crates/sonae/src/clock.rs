//! The program's clock: the only place that reads the system's, so that a whole programme can be rehearsed at another time.

use jiff::{SignedDuration, Timestamp};

/// Tells the time, of the system or of a rehearsal that started at another instant and runs on from there.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    ahead: Option<SignedDuration>,
}

impl Clock {
    pub fn system() -> Clock {
        Clock { ahead: None }
    }

    /// A rehearsal that begins now at `instant`.
    pub fn rehearsal(instant: Timestamp) -> Clock {
        Clock {
            ahead: Some(instant.duration_since(system_now())),
        }
    }

    pub fn now(&self) -> Timestamp {
        let now = system_now();
        match self.ahead {
            // A rehearsal at the end of time stops there instead of failing.
            Some(ahead) => now.checked_add(ahead).unwrap_or(Timestamp::MAX),
            None => now,
        }
    }

    pub fn is_rehearsal(&self) -> bool {
        self.ahead.is_some()
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is the one place that reads the system's clock"
)]
fn system_now() -> Timestamp {
    Timestamp::now()
}
