//! Whether a device that should be heard has fallen silent.
//!
//! A device is watched from the beginning of its period to the end. Somebody is told once when it says nothing for longer than a quiet night; a new
//! one has a day, since it may be registered before it is set up. Hours in which this program did not listen are nobody's silence.

use jiff::{SignedDuration, Timestamp};

/// Hours of quiet after which somebody is told of a device that tells of traffic, unless the office set others.
pub const QUIET_HOURS: u32 = 12;
/// The same of a product that speaks only when it finds something.
pub const QUIET_HOURS_OF_FINDINGS: u32 = 24 * 7;
/// Hours that a device has which was never heard.
pub const FIRST_HOURS: u32 = 24;

/// What is known of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Watched {
    /// Lines are taken from here on.
    pub from: Timestamp,
    /// And no longer from here on: the end of the period, or the moment at which it was ended before.
    pub until: Timestamp,
    pub heard_at: Option<Timestamp>,
    /// Hours of quiet after which somebody is told.
    pub quiet_hours: u32,
    /// Since when this program listens.
    pub listening_since: Timestamp,
}

/// What is said of a device at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// Its period has not begun, or is over.
    NotWatched,
    /// It was heard, or has still time.
    Heard,
    /// It should have been heard; since its last line, or since its period began.
    Silent { since: Timestamp },
}

/// Judges a device at `now`.
pub fn judge(watched: &Watched, now: Timestamp) -> Said {
    if !(watched.from..watched.until).contains(&now) {
        return Said::NotWatched;
    }
    let hours = match watched.heard_at {
        Some(_) => watched.quiet_hours,
        None => watched.quiet_hours.max(FIRST_HOURS),
    };
    let since = watched
        .heard_at
        .map_or(watched.from, |heard| heard.max(watched.from));
    let quiet = now.duration_since(since.max(watched.listening_since));
    match quiet >= SignedDuration::from_hours(i64::from(hours)) {
        true => Said::Silent { since },
        false => Said::Heard,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_is_silent_after_its_hours() {
        let at = |hours: i64| Timestamp::UNIX_EPOCH + SignedDuration::from_hours(1_000 + hours);
        let silent = |hours| Said::Silent { since: at(hours) };
        // The period is hours 0 to 100. Heard, hours of quiet, listening since, now, what is said.
        for (heard, quiet, listening, now, said) in [
            (None, 12, 0, -1, Said::NotWatched),
            (None, 12, 0, 0, Said::Heard),
            (None, 12, 0, 23, Said::Heard),
            (None, 12, 0, 24, silent(0)),
            (None, 12, 0, 99, silent(0)),
            (None, 12, 0, 100, Said::NotWatched),
            // Somebody who waits for two days waits so long for a new one as well.
            (None, 48, 0, 47, Said::Heard),
            (None, 48, 0, 48, silent(0)),
            (Some(10), 12, 0, 21, Said::Heard),
            (Some(10), 12, 0, 22, silent(10)),
            (Some(10), 48, 0, 57, Said::Heard),
            (Some(10), 48, 0, 58, silent(10)),
            // It was heard before its period, which is nothing it owed.
            (Some(-5), 12, 0, 11, Said::Heard),
            (Some(-5), 12, 0, 12, silent(0)),
            // The program was down until hour 50.
            (Some(10), 12, 50, 61, Said::Heard),
            (Some(10), 12, 50, 62, silent(10)),
            (None, 12, 50, 73, Said::Heard),
            (None, 12, 50, 74, silent(0)),
            // Our clock was set back.
            (Some(30), 12, 0, 20, Said::Heard),
        ] {
            let watched = Watched {
                from: at(0),
                until: at(100),
                heard_at: heard.map(at),
                quiet_hours: quiet,
                listening_since: at(listening),
            };
            let told = judge(&watched, at(now));
            assert_eq!(told, said, "heard {heard:?}, {quiet} hours, at {now}");
        }
    }
}
