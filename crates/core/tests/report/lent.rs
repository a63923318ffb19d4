//! Months in which it matters what was lent, and how long.

use sonae_core::report::figures::Figures;

use super::sample::{at, edr, heard, zero};

/// The loan ended within the month.
pub(crate) fn given_back() -> Figures {
    let mut figures = zero();
    figures.watched[0].until = at("2026-06-11T00:00");
    figures.watched[0].ended = true;
    figures.devices[0].hours = 238;
    figures.devices[0].of_hours = 240;
    figures
}

/// A UTM that was heard for so many hours, and ten computers for so many each.
pub(crate) fn beside_computers(name: &str, hours: i64, of_computers: Option<i64>) -> Figures {
    let mut figures = zero();
    figures.devices = vec![heard(name, hours)];
    if let Some(hours) = of_computers {
        let computers = (1..=10).map(|at| heard(&format!("pc-{at:02}"), hours));
        figures.devices.extend(computers);
        figures.watched.push(edr().watched[0].clone());
    }
    figures
}
