//! The mail that says to the company that a monthly report is there. It leads to the page below the private link and carries no figures but the
//! month's one sentence: what a mail carries lies in mailboxes for years.

use jiff::Timestamp;
use sonae_core::report::month::Month;
use sonae_store::case::Stored;
use sonae_store::outbox::Mail;

use super::Mailer;
use super::message::Letter;

/// The programme's mail.
const REPORT: &str = "monthly_report";

impl Mailer {
    /// The mail to the company; none when the programme has no such mail, or the address cannot be used.
    pub fn of_report(
        &self,
        stored: &Stored,
        month: Month,
        headline: &str,
        at: Timestamp,
    ) -> Option<Mail> {
        let program = &self.programs.get(&stored.program_id)?.program;
        let about = format!("{}:report:{month}", stored.application_id);
        let letter = Letter {
            mail: REPORT,
            about: &about,
            recipient: stored.answers.contact_email.as_deref().unwrap_or_default(),
            at,
            reply_to: self.reply_to(&stored.receipt_number),
        };
        let url = format!("{}/reports/{month}", self.status_of(stored));
        let values = self
            .of_case(program, stored, &[])
            .paragraphs("reason", headline)
            .text("report_month", &month.label())
            .text("report_url", &url);
        self.write(program, &letter, values)
    }
}
