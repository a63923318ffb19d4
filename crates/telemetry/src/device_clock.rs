//! Which time of a line counts: that of the device, unless its clock cannot be believed.

/// A device may be ahead of us by so much: clocks that are set by hand, zones of half an hour are not meant.
pub const AHEAD_US: i64 = 15 * 60 * 1_000_000;
/// A device that was cut off may deliver what it saw so long ago.
pub const BEHIND_US: i64 = 7 * 86_400 * 1_000_000;
/// Before 2010-01-01 no device was lent; clocks that lost their battery begin at 1970, 1980 or 2000.
pub const EARLIEST_US: i64 = 1_262_271_600_000_000;

/// How a line reached us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// Our clock, in microseconds since 1970 UTC.
    pub received_us: i64,
    /// Whether it was sent when it was written; an imported file may tell of last year.
    pub live: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    /// The time that decides about day, hour and order.
    pub time_us: i64,
    /// The device told a time, and it was not believed.
    pub doubtful: bool,
}

/// Decides which time counts. A line without a time counts when it was received, which casts no doubt on a clock.
pub fn counted(device_us: Option<i64>, arrival: Arrival) -> Counted {
    let received = arrival.received_us;
    let earliest = match arrival.live {
        true => received.saturating_sub(BEHIND_US).max(EARLIEST_US),
        false => EARLIEST_US,
    };
    let believed = |us: &i64| (earliest..=received.saturating_add(AHEAD_US)).contains(us);
    match device_us {
        None => Counted {
            time_us: received,
            doubtful: false,
        },
        Some(us) if believed(&us) => Counted {
            time_us: us,
            doubtful: false,
        },
        Some(_) => Counted {
            time_us: received,
            doubtful: true,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_is_believed_within_its_tolerance() {
        const NOW: i64 = 1_780_000_000_000_000;
        let year = 365 * 86_400 * 1_000_000;
        for (device, live, time, doubtful) in [
            (None, true, NOW, false),
            (Some(NOW - 5), true, NOW - 5, false),
            (Some(NOW + AHEAD_US), true, NOW + AHEAD_US, false),
            (Some(NOW + AHEAD_US + 1), true, NOW, true),
            (Some(NOW - BEHIND_US), true, NOW - BEHIND_US, false),
            (Some(NOW - BEHIND_US - 1), true, NOW, true),
            (Some(NOW - year), false, NOW - year, false),
            (Some(0), false, NOW, true),
            (Some(i64::MAX), false, NOW, true),
            (Some(i64::MIN), true, NOW, true),
        ] {
            let arrival = Arrival {
                received_us: NOW,
                live,
            };
            let expected = Counted {
                time_us: time,
                doubtful,
            };
            assert_eq!(counted(device, arrival), expected, "{device:?} {live}");
        }
    }
}
