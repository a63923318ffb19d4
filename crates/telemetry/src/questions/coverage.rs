//! How long each device was heard: what a statement of coverage says, gaps included.

use std::collections::BTreeMap;

use sonae_db::Tx;

use crate::TelemetryError;
use crate::day::{Day, first_hour};

/// Hours without a line that are called a gap: a quiet night of a small office is none.
pub const GAP_HOURS: i64 = 12;

/// One device over a part of a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coverage {
    pub device: String,
    /// Hours in which it said anything.
    pub hours: i64,
    /// Hours that were asked about.
    pub of_hours: i64,
    pub lines: i64,
    /// First and last line, microseconds since 1970 UTC.
    pub first_us: i64,
    pub last_us: i64,
    /// Hours since 1970 UTC, the second one excluded; only gaps of `GAP_HOURS` and more.
    pub gaps: Vec<(i64, i64)>,
    /// Packets the sensor saw and lost, where it counts them: from hour to hour the growth of its counters, which begin anew when it restarts.
    pub packets: Option<(i64, i64)>,
}

/// All devices of a company that were heard within some days, by name.
pub(super) fn devices(
    tx: &mut Tx,
    company: i64,
    (first, last): (Day, Day),
) -> Result<Vec<Coverage>, TelemetryError> {
    let (from, to) = (first_hour(first), first_hour(last) + 24);
    if from >= to {
        return Ok(Vec::new());
    }
    let mut devices: BTreeMap<i64, Walk> = BTreeMap::new();
    let names = tx.query(
        "SELECT word_id, text FROM word WHERE company = $1 AND kind = 1 ORDER BY text LIMIT 10000",
        &[company.into()],
    )?;
    for row in &names {
        tx.for_each(
            HOURS,
            &[company.into(), row.int(0).into(), from.into(), to.into()],
            |hour| {
                let walk = devices
                    .entry(row.int(0))
                    .or_insert_with(|| Walk::begin(from));
                walk.hour(hour.int(0), hour.int(1), (hour.int(2), hour.int(3)));
                walk.count(hour.opt_int(4).zip(hour.opt_int(5)));
                Ok::<(), TelemetryError>(())
            },
        )?;
    }
    let mut told: Vec<Coverage> = Vec::new();
    for (device, walk) in devices {
        told.push(walk.told(name(tx, company, device)?, (from, to)));
    }
    told.sort_by(|a, b| a.device.cmp(&b.device));
    Ok(told)
}

/// One hour of one device.
pub(crate) struct Heard {
    pub(crate) device: String,
    pub(crate) hour: i64,
    pub(crate) lines: i64,
    pub(crate) span_us: (i64, i64),
    pub(crate) counters: Option<(i64, i64)>,
}

/// The same from hours by device and in their order.
pub(crate) fn of_hours(hours: &[Heard], (first, last): (Day, Day)) -> Vec<Coverage> {
    let (from, to) = (first_hour(first), first_hour(last) + 24);
    let mut devices: BTreeMap<&str, Walk> = BTreeMap::new();
    for heard in (hours.iter()).filter(|heard| (from..to).contains(&heard.hour)) {
        let walk = devices
            .entry(&heard.device)
            .or_insert_with(|| Walk::begin(from));
        walk.hour(heard.hour, heard.lines, heard.span_us);
        walk.count(heard.counters);
    }
    (devices.into_iter())
        .map(|(device, walk)| walk.told(device.to_owned(), (from, to)))
        .collect()
}

/// The name of a device.
pub(super) fn name(tx: &mut Tx, company: i64, device: i64) -> Result<String, TelemetryError> {
    let row = tx.query_one(
        "SELECT text FROM word WHERE company = $1 AND word_id = $2",
        &[company.into(), device.into()],
    )?;
    Ok(row.text(0).to_owned())
}

/// The hours of a device in their order.
struct Walk {
    found: Coverage,
    /// The first hour of which nothing is known yet.
    next: i64,
    counters: Option<(i64, i64)>,
}

impl Walk {
    fn begin(from: i64) -> Walk {
        Walk {
            found: Coverage {
                device: String::new(),
                hours: 0,
                of_hours: 0,
                lines: 0,
                first_us: i64::MAX,
                last_us: i64::MIN,
                gaps: Vec::new(),
                packets: None,
            },
            next: from,
            counters: None,
        }
    }

    fn told(mut self, device: String, (from, to): (i64, i64)) -> Coverage {
        self.gap(to);
        Coverage {
            device,
            of_hours: to - from,
            ..self.found
        }
    }

    fn hour(&mut self, hour: i64, lines: i64, (first_us, last_us): (i64, i64)) {
        self.gap(hour);
        self.next = hour + 1;
        self.found.hours += 1;
        self.found.lines += lines;
        self.found.first_us = self.found.first_us.min(first_us);
        self.found.last_us = self.found.last_us.max(last_us);
    }

    fn gap(&mut self, until: i64) {
        if until - self.next >= GAP_HOURS {
            self.found.gaps.push((self.next, until));
        }
    }

    fn count(&mut self, counters: Option<(i64, i64)>) {
        let Some((packets, drops)) = counters else {
            return;
        };
        let grown = match self.counters {
            Some(before) if packets >= before.0 && drops >= before.1 => {
                (packets - before.0, drops - before.1)
            }
            Some(_) => (packets, drops),
            // What the sensor counted before the first hour belongs to nobody's figures here.
            None => (0, 0),
        };
        let so_far = self.found.packets.unwrap_or_default();
        self.found.packets = Some((so_far.0 + grown.0, so_far.1 + grown.1));
        self.counters = Some((packets, drops));
    }
}

pub(super) const HOURS: &str = "SELECT hour, lines, first_us, last_us, packets, drops FROM heard
             WHERE company = $1 AND device = $2 AND hour >= $3 AND hour < $4 ORDER BY hour";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_and_counters_are_walked() {
        let mut walk = Walk::begin(100);
        for (hour, counters) in [
            (100, Some((1_000, 10))),
            (101, Some((1_500, 12))),
            (101 + GAP_HOURS, None),
            (102 + 2 * GAP_HOURS, Some((200, 1))),
        ] {
            walk.hour(hour, 2, (hour, hour));
            walk.count(counters);
        }
        walk.gap(103 + 2 * GAP_HOURS + 11);
        assert_eq!((walk.found.hours, walk.found.lines), (4, 8));
        assert_eq!(walk.found.packets, Some((700, 3)));
        // Eleven quiet hours are no gap, twelve are.
        assert_eq!(walk.found.gaps, [(102 + GAP_HOURS, 102 + 2 * GAP_HOURS)]);
    }
}
