//! How long the report of a month that is over waits for the daily checks of its last days.

use jiff::civil::Date;

use super::month::Month;
use crate::calendar::Calendar;

/// The business day of the following month on which a report is made whatever is still to be checked.
pub const WAITS_UNTIL: u32 = 3;

/// Whether a month's report still waits before it is made by itself: somebody has days of it to sign, and [`WAITS_UNTIL`] has not come.
///
/// Where nobody can count business days it does not wait.
pub fn waits(month: Month, today: Date, all_signed: bool, calendar: &Calendar) -> bool {
    let until = calendar.add_business_days(month.last_day(), WAITS_UNTIL);
    !all_signed && until.is_ok_and(|until| today < until)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Closings;

    #[test]
    fn a_report_waits_for_the_checks_of_its_last_days() {
        let calendar = Calendar::published_default(Closings::default());
        // Until when, at the latest: an ordinary month, one before a weekend, one before the holidays of May, the turn of the year.
        let table = [
            ("2026-06", "2026-07-02", "2026-07-03"),
            ("2026-07", "2026-08-04", "2026-08-05"),
            ("2026-04", "2026-05-07", "2026-05-08"),
            ("2026-12", "2027-01-05", "2027-01-06"),
        ];
        for (month, waiting, over) in table {
            let month = Month::parse(month).expect("a month");
            let waits = |today: &str, signed| {
                let today = today.parse().expect("a date");
                waits(month, today, signed, &calendar)
            };
            assert!(waits(waiting, false), "{month} {waiting}");
            assert!(!waits(over, false), "{month} {over}");
            assert!(!waits(waiting, true), "{month} is signed");
        }
    }
}
