//! How long the devices of a company's month were heard, against the periods for which the office registered them.

use jiff::Timestamp;
use sonae_core::report::figures::{Device, Watched};
use sonae_core::report::periods::Periods;
use sonae_telemetry::questions::coverage::{Coverage, GAP_HOURS};
use sonae_telemetry::questions::month as asked;

/// The devices as they were heard. One that is registered under the name it uses is measured by all periods of that registration and of those that
/// followed it, every other one by the periods of all devices. Where a device was exchanged, nobody knows which of them a name of its own means:
/// then only the time from its first to its last line is measured.
pub(super) fn devices(found: &asked::Figures, watched: &[Watched]) -> Vec<Device> {
    let span = |one: &Watched| (one.from, one.until);
    let all = Periods::of(watched.iter().map(span));
    let device = |one: &Coverage| {
        let same = |known: &&Watched| known.serial.eq_ignore_ascii_case(&one.device);
        let own = Periods::of(watched.iter().filter(same).map(span));
        let periods = match own.is_empty() {
            false => own,
            true if is_exchanged(watched) => {
                let end = instant(one.last_us.saturating_add(1));
                all.within(instant(one.first_us), end)
            }
            true => all.clone(),
        };
        let of_hours = match watched.is_empty() {
            true => one.of_hours,
            false => periods.hours(),
        };
        let gaps = one.gaps.iter().flat_map(|(from, to)| {
            let (from, to) = (hour(*from), hour(*to));
            match watched.is_empty() {
                true => Periods::of([(from, to)]),
                false => periods.within(from, to),
            }
            .iter()
            .filter(|(from, to)| to.duration_since(*from).as_hours() >= GAP_HOURS)
            .collect::<Vec<_>>()
        });
        Device {
            name: one.device.clone(),
            hours: one.hours.min(of_hours),
            of_hours,
            lines: one.lines,
            detections: found
                .devices
                .get(&one.device)
                .map_or(0, |split| split.events),
            gaps: gaps.collect(),
            packets: one.packets,
        }
    };
    found.coverage.iter().map(device).collect()
}

/// Whether one device was taken back within the month and another one of its kind lent after it.
fn is_exchanged(watched: &[Watched]) -> bool {
    let follows = |old: &Watched, new: &Watched| {
        old.ended
            && new.began
            && old.kind == new.kind
            && old.from < new.from
            && !old.serial.eq_ignore_ascii_case(&new.serial)
    };
    (watched.iter()).any(|old| watched.iter().any(|new| follows(old, new)))
}

fn instant(us: i64) -> Timestamp {
    Timestamp::from_microsecond(us).unwrap_or(Timestamp::MAX)
}

fn hour(hours: i64) -> Timestamp {
    Timestamp::from_second(hours.saturating_mul(3600)).unwrap_or(Timestamp::MAX)
}
