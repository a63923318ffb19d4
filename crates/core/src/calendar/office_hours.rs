//! When the office is open, and on which day a receipt outside those hours counts.

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Calendar, OutOfReach, tokyo};

/// On which day a receipt counts that arrives after closing or on a closed day. The guidelines leave it open, so it is a
/// setting of the programme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AfterHours {
    /// On the day on which it arrived, whatever the hour, also when the office was closed.
    #[default]
    SameDay,
    /// As if it had arrived on the next business day. Before opening on a business day counts as that day.
    NextBusinessDay,
}

/// Opening hours on business days, in Tokyo time.
///
/// The office is open from `opens` until just before `closes`: with 9:00-17:00 a receipt at 17:00:00 is after closing.
/// `opens` is meant to be earlier than `closes`; the check of the programme says so, nothing breaks here otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfficeHours {
    pub opens: Time,
    pub closes: Time,
    pub after_hours: AfterHours,
}

impl OfficeHours {
    /// Whether somebody is at the office at this instant.
    pub fn is_open(&self, calendar: &Calendar, at: Timestamp) -> bool {
        let local = at.to_zoned(tokyo()).datetime();
        calendar.is_business_day(local.date()) && (self.opens..self.closes).contains(&local.time())
    }

    /// The day on which a receipt counts. This is day 0 of a deadline: the day of the event is not counted.
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
