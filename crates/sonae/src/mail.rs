//! Mails: rendered from the programme's texts in the transaction of the change that causes them.

use std::sync::Arc;

use sonae_core::program::Milestone;
use sonae_store::intake::{Arrival, Effects, NewClock, Submission};

use crate::app::Programs;
use crate::config::ServeArgs;
use crate::error::CommandError;
use crate::links::LinkSecret;

/// Writes the mails of this office.
pub struct Mailer {
    programs: Arc<Programs>,
}

impl Mailer {
    /// # Errors
    /// The sender's address or the server's URL cannot be used.
    pub fn new(
        _config: &ServeArgs,
        programs: Arc<Programs>,
        _links: LinkSecret,
    ) -> Result<Mailer, CommandError> {
        Ok(Mailer { programs })
    }

    /// What an arrival causes: its auto-reply and the clocks that start with the receipt.
    pub fn received(&self, submission: &Submission, arrival: &Arrival) -> Effects {
        let program = &submission.program;
        let clocks = self
            .programs
            .get(program.id())
            .map_or_else(Vec::new, |running| {
                program
                    .clocks_started_by(Milestone::Received, &submission.courses)
                    .into_iter()
                    .filter_map(|clock| {
                        let started = program
                            .start_clock(&running.calendar, clock, arrival.received_at)
                            .ok()?;
                        Some(NewClock {
                            id: clock.id.clone(),
                            clock: started,
                        })
                    })
                    .collect()
            });
        Effects {
            mail: Vec::new(),
            clocks,
        }
    }
}
