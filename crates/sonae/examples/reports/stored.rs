//! The detections that the measured reports are made of.

use sonae_core::report::figures::Kind;
use sonae_telemetry::batch::Prepared;
use sonae_telemetry::detections::Detections;
use sonae_telemetry::formats::Format;
use sonae_telemetry::generate::Plan;

/// 2026-06-01; the month has thirty days.
pub(crate) const FIRST_DAY: i64 = 20_605;
const DAYS: u32 = 30;
/// Batches that are stored at once.
const GROUP: usize = 64;

/// The first half of the companies has a UTM, the other EDR.
pub(crate) fn kind(company: u32, companies: u32) -> Kind {
    match company < companies {
        true => Kind::Utm,
        false => Kind::Edr,
    }
}

/// Stores a month of every company; gives how many lines.
pub(crate) fn store(detections: &Detections, companies: u32, lines: u32) -> Result<usize, String> {
    let plan = Plan {
        seed: 41,
        companies: 2 * companies,
        first_day: FIRST_DAY,
        days: DAYS,
        lines,
    };
    let (mut group, mut count) = (Vec::new(), 0);
    for day in FIRST_DAY..FIRST_DAY + i64::from(DAYS) {
        for company in 0..2 * companies {
            let format = match kind(company, companies) {
                Kind::Edr => Format::Defender,
                Kind::Utm if company % 2 == 0 => Format::Suricata,
                Kind::Utm => Format::FortiGate,
            };
            let (batch, _) = plan.batch(company, day, format);
            count += batch.lines.len();
            group.push(batch.prepared());
            if group.len() == GROUP {
                commit(detections, &mut group)?;
            }
        }
    }
    commit(detections, &mut group)?;
    Ok(count)
}

fn commit(detections: &Detections, group: &mut Vec<Prepared>) -> Result<(), String> {
    for stored in detections.store(group) {
        stored.map_err(|error| error.to_string())?;
    }
    group.clear();
    Ok(())
}
