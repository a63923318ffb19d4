//! Mails that events of a case send.

use jiff::Timestamp;
use sonae_core::audit::PlaceData;
use sonae_core::calendar::japanese::moment;
use sonae_core::flow::Effect;
use sonae_core::program::Program;
use sonae_store::case::Stored;
use sonae_store::outbox::Mail;

use super::Mailer;
use super::message::{self, Letter};
use super::placeholders::Placeholders;
use super::texts::Text;

/// The id of the mail of this name that an event of a case queued at `at`; `version` is the case's after the event.
pub fn id_of_event(mail: &str, application_id: &str, version: i64, at: Timestamp) -> String {
    message::id_of(&Letter {
        mail,
        about: &about(application_id, version),
        recipient: "",
        at,
        reply_to: None,
    })
}

/// Each event has its own version, so each of its mails has its own id.
fn about(application_id: &str, version: i64) -> String {
    format!("{application_id}:{version}")
}

impl Mailer {
    /// The mail of one effect; none when it sends nothing, the programme has no such mail, or the address cannot be used.
    ///
    /// Texts are those of the revision that is served now: a corrected wording reaches the cases that are under way.
    pub fn of_effect(
        &self,
        stored: &Stored,
        places: &[PlaceData],
        effect: &Effect,
        at: Timestamp,
    ) -> Option<Mail> {
        let program = &self.programs.get(&stored.program_id)?.program;
        let about = about(&stored.application_id, stored.case.version);
        let recipient = stored.answers.contact_email.as_deref().unwrap_or_default();
        let letter = |mail| Letter {
            mail,
            about: &about,
            recipient,
            at,
            reply_to: self.reply_to(&stored.receipt_number),
        };
        match effect {
            Effect::Place { .. } => None,
            Effect::Mail { mail, reason, due } => {
                let mut values = self
                    .of_case(program, stored, places)
                    .paragraphs("reason", reason);
                if let Some(due) = due {
                    values = values.date("due_date", *due);
                }
                self.write(program, &letter(mail), values)
            }
            Effect::Message { subject, text } => {
                let text = self.in_own_words(program, stored, subject, text);
                let office = &program.definition.program.contact;
                message::write(&self.sender, office, &letter("message"), &text)
                    .inspect_err(|error| tracing::error!(%error, "a message could not be written"))
                    .ok()
            }
        }
    }

    /// A mail of the programme by where the case stands now, when it was not sent in its time; none as with [`Mailer::of_effect`].
    pub fn of_standing(
        &self,
        stored: &Stored,
        places: &[PlaceData],
        mail: &str,
        at: Timestamp,
    ) -> Option<Mail> {
        let program = &self.programs.get(&stored.program_id)?.program;
        let late = format!(
            "{}:late:{}",
            about(&stored.application_id, stored.case.version),
            at.as_millisecond()
        );
        let letter = Letter {
            mail,
            about: &late,
            recipient: stored.answers.contact_email.as_deref().unwrap_or_default(),
            at,
            reply_to: self.reply_to(&stored.receipt_number),
        };
        let correction = stored.case.correction.as_ref();
        let reason = correction.map_or("", |correction| correction.message.as_str());
        let mut values = self
            .of_case(program, stored, places)
            .paragraphs("reason", reason);
        if let Some((_, clock)) = stored.case.due() {
            values = values.date("due_date", clock.due_date());
        }
        self.write(program, &letter, values)
    }

    /// The private link to a case as it is valid now.
    pub(super) fn status_of(&self, stored: &Stored) -> String {
        let version = stored.case.link_version;
        self.status_url(&stored.receipt_number, &stored.application_id, version)
    }

    pub(super) fn of_case(
        &self,
        program: &Program,
        stored: &Stored,
        places: &[PlaceData],
    ) -> Placeholders {
        let status = self.status_of(stored);
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        Placeholders::of_program(program)
            .text("applicant_name", &text(&stored.answers.name))
            .text("contact_name", &text(&stored.answers.contact_name))
            .text("receipt_number", &stored.receipt_number)
            .text("received_at", &moment(stored.received_at))
            .text("questionnaire_url", &format!("{status}/questionnaire"))
            .text("status_url", &status)
            .courses(program, places)
    }

    /// A message that somebody in the office wrote, between address and signature like every other mail.
    fn in_own_words(&self, program: &Program, stored: &Stored, subject: &str, text: &str) -> Text {
        let definition = &program.definition.program;
        let contact = &definition.contact;
        let status = self.status_of(stored);
        let answer = |text: &Option<String>| text.clone().unwrap_or_default();
        Text {
            subject: format!(
                "【{}】{}(受付番号 {})",
                definition.short_title,
                subject.replace(char::is_control, " ").trim(),
                stored.receipt_number
            ),
            body: format!(
                "{}\n{} 様\n\n{}\n\nお申込みの状況\n{status}\n\n――――――――――――――――\n{}\n電話 {}\n受付 {}\nメール {}\n",
                answer(&stored.answers.name),
                answer(&stored.answers.contact_name),
                text.trim_end(),
                contact.name,
                contact.phone.as_deref().unwrap_or_default(),
                contact.hours_text,
                contact.email,
            ),
            auto_reply: false,
        }
    }
}
