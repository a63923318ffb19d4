//! When the office is open, and on which day a receipt outside those hours counts.

use jiff::Timestamp;
use jiff::civil::{Date, Time};

use super::{Calendar, OutOfReach, tokyo};
use crate::program::program::{AfterHours, Office};

/// Opening hours on business days, in Tokyo time.
///
/// The office is open from `opens` until just before `closes`: with 9:00-17:00 a receipt at 17:00:00 is after closing.
/// `opens` is meant to be earlier than `closes`; the check of the programme says so, nothing breaks here otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OfficeHours {
    pub opens: Time,
    pub closes: Time,
    pub after_hours: AfterHours,
}

impl OfficeHours {
    /// The hours as a programme writes them.
    pub fn of_programme(office: &Office) -> OfficeHours {
        OfficeHours {
            opens: office.opens,
            closes: office.closes,
            after_hours: office.after_hours,
        }
    }

    /// Whether somebody is at the office at this instant.
    pub fn is_open(&self, calendar: &Calendar, at: Timestamp) -> bool {
        let local = at.to_zoned(tokyo()).datetime();
        calendar.is_business_day(local.date()) && (self.opens..self.closes).contains(&local.time())
    }

    /// The instant itself while the office is open, and otherwise when it opens next: what a deadline sends by itself need not arrive at
    /// midnight or on a Sunday. Beyond the years of the calendar it is the instant itself.
    pub fn next_open(&self, calendar: &Calendar, at: Timestamp) -> Timestamp {
        let local = at.to_zoned(tokyo()).datetime();
        let today = local.date();
        let day = match calendar.is_business_day(today) {
            true if local.time() < self.opens => Ok(today),
            true if local.time() < self.closes => return at,
            _ => calendar.add_business_days(today, 1),
        };
        let opening = day.map(|day| day.to_datetime(self.opens).to_zoned(tokyo()));
        match opening {
            Ok(Ok(opening)) => opening.timestamp(),
            _ => at,
        }
    }

    /// The day on which a receipt counts: with [`AfterHours::SameDay`] the day on which it arrived, also when the office
    /// was closed; with [`AfterHours::NextBusinessDay`] the next business day if it arrived after closing or on a closed
    /// day (before opening still counts as that day). This is day 0 of a deadline: the day of the event is not counted.
    ///
    /// # Errors
    /// [`OutOfReach`] when the next business day is needed and lies outside the years of the calendar.
    pub fn counted_date(
        &self,
        calendar: &Calendar,
        received: Timestamp,
    ) -> Result<Date, OutOfReach> {
        let local = received.to_zoned(tokyo()).datetime();
        let day = local.date();
        let on_time = calendar.is_business_day(day) && local.time() < self.closes;
        match self.after_hours {
            AfterHours::NextBusinessDay if !on_time => calendar.add_business_days(day, 1),
            AfterHours::NextBusinessDay | AfterHours::SameDay => Ok(day),
        }
    }
}
