//! The office of a programme at work: its calendar, and the clocks that an event starts.

use jiff::Timestamp;

use super::{Milestone, Program, flow};
use crate::calendar::{Calendar, Closings, OfficeHours, OutOfReach};
use crate::clock::{Clock, ClockSpec};

impl Program {
    /// The business days of this programme's office. Costs some milliseconds, so it is made once.
    pub fn calendar(&self) -> Calendar {
        // A checked programme has readable closings; without the check the year-end closing of offices stands in.
        let closings = Closings::of_programme(&self.definition.program.office.closing);
        Calendar::published_default(closings.unwrap_or_else(|_| Closings::year_end()))
    }

    /// The clocks that start with `milestone` for an application to these courses: one runs only where a step that waits on it is gone
    /// through.
    pub fn clocks_started_by(&self, milestone: Milestone, courses: &[String]) -> Vec<&flow::Clock> {
        let flow = &self.definition.flow;
        let waits = |clock: &&flow::Clock| {
            flow.step.iter().any(|step| {
                step.clock.as_deref() == Some(clock.id.as_str()) && step.applies_to(courses)
            })
        };
        flow.clock
            .iter()
            .filter(|clock| clock.starts_at == milestone)
            .filter(waits)
            .collect()
    }

    /// Starts one clock at an event, by the office's hours.
    ///
    /// # Errors
    /// [`OutOfReach`] when the calendar cannot count that far.
    pub fn start_clock(
        &self,
        calendar: &Calendar,
        clock: &flow::Clock,
        at: Timestamp,
    ) -> Result<Clock, OutOfReach> {
        let hours = OfficeHours::of_programme(&self.definition.program.office);
        Clock::start(ClockSpec::of_programme(clock), calendar, &hours, at)
    }
}
