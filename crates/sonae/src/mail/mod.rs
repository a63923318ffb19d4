//! Mails: rendered from the programme's texts in the transaction of the change that causes them, and kept as the exact bytes that
//! are sent.
//!
//! A mail is made once. Its id, and with it its Message-ID, follows from what it is about, so a transaction that runs again makes the
//! same mail and a second copy can be told by its Message-ID.

mod case;
mod checks;
mod copy;
pub mod folder;
pub mod incoming;
pub mod maildir;
mod message;
pub mod paper;
mod placeholders;
pub mod plus_address;
pub mod proof;
pub mod reading;
mod report;
pub mod returned;
mod sender;
pub mod silence;
mod smtp;
pub mod staff;
mod texts;
pub mod transport;

#[cfg(test)]
mod tests;

pub use case::id_of_event;
pub use proof::doubtful;
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use jiff::Timestamp;
use serde::Deserialize;
use sonae_core::calendar::japanese::moment;
use sonae_core::capacity::PlaceState;
use sonae_core::clock::Clock;
use sonae_core::flow::{self, Case};
use sonae_core::program::{Program, Role};
use sonae_store::intake::{Arrival, Effects, Submission};
use sonae_store::outbox::Mail;

use crate::app::{Programs, Running};
use crate::config::ServeArgs;
use crate::error::CommandError;
use crate::links::LinkSecret;
use message::Letter;
use placeholders::Placeholders;
use plus_address::PlusAddress;
use sender::Sender;
use texts::Texts;

/// The auto-reply to an application.
const RECEIVED: &str = "received";
/// The private link to an unfinished form.
const DRAFT_LINK: &str = "draft_link";

/// Writes the mails of this office.
pub struct Mailer {
    programs: Arc<Programs>,
    /// By the revision of the programme.
    texts: RwLock<BTreeMap<String, Arc<Texts>>>,
    sender: Sender,
    /// Where replies of companies come in, if they do.
    inbound: Option<PlusAddress>,
    links: LinkSecret,
    base_url: String,
}

/// What the mail with a draft's private link says.
pub struct DraftLink<'a> {
    pub recipient: &'a str,
    pub token: &'a str,
    pub expires_at: Timestamp,
    /// Empty when not typed yet.
    pub applicant_name: &'a str,
    /// Empty when not typed yet.
    pub contact_name: &'a str,
}

/// Whom a mail about an application goes to, out of its answers.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Addressee {
    name: Option<String>,
    contact_name: Option<String>,
    contact_email: Option<String>,
}

impl Mailer {
    /// Reads every mail of every programme once, so that sending cannot meet a text for the first time.
    ///
    /// # Errors
    /// The sender's address cannot be used, or a programme's mail cannot be read.
    pub fn new(
        config: &ServeArgs,
        programs: Arc<Programs>,
        links: LinkSecret,
    ) -> Result<Mailer, CommandError> {
        let sender = Sender::of_config(config)?;
        let mut texts = BTreeMap::new();
        for running in programs.iter() {
            let program = &running.program;
            let compiled = Texts::compile(program).map_err(|error| {
                CommandError::new(
                    format!("事業「{}」のメールの文面が読めません。", program.id()),
                    format!("`sonae program check` で確かめてください。 [{error}]"),
                )
            })?;
            texts.insert(program.revision.clone(), Arc::new(compiled));
        }
        Ok(Mailer {
            programs,
            texts: RwLock::new(texts),
            sender,
            inbound: PlusAddress::of_config(config)?,
            links,
            base_url: config.base_url(),
        })
    }

    /// What an arrival causes: its auto-reply and the clocks that start with the receipt.
    pub fn received(&self, submission: &Submission, arrival: &Arrival) -> Effects {
        let program = &submission.program;
        let case = begun(self.programs.get(program.id()), submission, arrival);
        let addressee = addressee(&submission.answers);
        let mut placeholders = self
            .about_application(program, &addressee)
            .text("receipt_number", &arrival.receipt_number)
            .text("received_at", &moment(arrival.received_at))
            .text(
                "status_url",
                &self.status_url(&arrival.receipt_number, &arrival.application_id, 0),
            )
            .text("log_index", &arrival.log_index.to_string())
            .text("log_hash", &sonae_core::audit::hex(&arrival.log_hash))
            .courses(program, &arrival.places);
        if let Some(clock) = contact_clock(&case) {
            placeholders = placeholders.date("contact_due_date", clock.due_date());
        }
        let letter = Letter {
            mail: RECEIVED,
            about: &arrival.application_id,
            recipient: addressee.contact_email.as_deref().unwrap_or_default(),
            at: arrival.received_at,
            reply_to: self.reply_to(&arrival.receipt_number),
        };
        Effects {
            mail: self
                .write(program, &letter, placeholders)
                .into_iter()
                .collect(),
            case,
        }
    }

    /// The mail with the link to an unfinished form; none when the programme has no such mail or the address cannot be used.
    pub fn draft_link(
        &self,
        program: &Program,
        draft: &DraftLink<'_>,
        at: Timestamp,
    ) -> Option<Mail> {
        let url = format!("{}{}", self.base_url, crate::links::draft_path(draft.token));
        let placeholders = Placeholders::of_program(program)
            .text("applicant_name", draft.applicant_name)
            .text("contact_name", draft.contact_name)
            .text("due_date", &moment(draft.expires_at))
            .text("draft_url", &url);
        let letter = Letter {
            mail: DRAFT_LINK,
            about: draft.token,
            recipient: draft.recipient,
            at,
            reply_to: None,
        };
        self.write(program, &letter, placeholders)
    }

    /// The receipt numbers in addresses of ours among the recipients of an incoming mail.
    pub fn receipt_numbers(&self, recipients: &str) -> Vec<String> {
        let inbound = self.inbound.as_ref();
        inbound.map_or_else(Vec::new, |ours| {
            ours.receipt_numbers(&self.links, recipients)
        })
    }

    /// Where a company's reply about an application goes; none when the programme's office itself reads the replies.
    fn reply_to(&self, receipt_number: &str) -> Option<String> {
        let inbound = self.inbound.as_ref()?;
        Some(inbound.of_application(&self.links, receipt_number))
    }

    /// Another sending of a kept mail, word for word; none when the address cannot be used.
    pub fn again(&self, first: &Mail, recipient: &str, at: Timestamp) -> Option<Mail> {
        copy::copy(first, recipient, at).ok()
    }

    /// The private link; `version` counts its renewals.
    fn status_url(&self, receipt_number: &str, application_id: &str, version: u32) -> String {
        let links = &self.links;
        let path = links.status_path(receipt_number, application_id, version);
        format!("{}{path}", self.base_url)
    }

    fn about_application(&self, program: &Program, addressee: &Addressee) -> Placeholders {
        Placeholders::of_program(program)
            .text(
                "applicant_name",
                addressee.name.as_deref().unwrap_or_default(),
            )
            .text(
                "contact_name",
                addressee.contact_name.as_deref().unwrap_or_default(),
            )
    }

    /// The texts of a revision, compiled when it is first met: another one may be served while the program runs.
    fn texts_of(&self, program: &Program) -> Option<Arc<Texts>> {
        let kept = self.texts.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(texts) = kept.get(&program.revision) {
            return Some(texts.clone());
        }
        drop(kept);
        let compiled = Texts::compile(program).inspect_err(|error| {
            tracing::error!(program = program.id(), %error, "the mails of a revision could not be read");
        });
        let texts = Arc::new(compiled.ok()?);
        let mut kept = self.texts.write().unwrap_or_else(PoisonError::into_inner);
        kept.insert(program.revision.clone(), texts.clone());
        Some(texts)
    }

    /// Renders a mail and writes its bytes. What goes wrong here must not stop a receipt, so it is logged and there is no mail.
    fn write(
        &self,
        program: &Program,
        letter: &Letter<'_>,
        placeholders: Placeholders,
    ) -> Option<Mail> {
        let text = self.texts_of(program)?.render(letter.mail, placeholders)?;
        let text = text
            .inspect_err(|error| {
                tracing::error!(program = program.id(), mail = letter.mail, %error, "a mail could not be rendered");
            })
            .ok()?;
        let office = &program.definition.program.contact;
        message::write(&self.sender, office, letter, &text)
            .inspect_err(|error| {
                tracing::error!(program = program.id(), mail = letter.mail, %error, "a mail could not be written");
            })
            .ok()
    }
}

/// The case of an arrival as it begins, with the clocks that start with the receipt.
fn begun(running: Option<&Arc<Running>>, submission: &Submission, arrival: &Arrival) -> Case {
    let program = &submission.program;
    let places = arrival.places.iter().filter_map(|place| {
        let state = PlaceState::parse(&place.state)?;
        Some((place.course.clone(), state))
    });
    let places = places.collect();
    let begun = match running {
        Some(running) => flow::received(program, &running.calendar, &places, arrival.received_at),
        None => flow::received(program, &program.calendar(), &places, arrival.received_at),
    };
    begun.case
}

/// The clock by which the office has to call: the first of the programme's own that is the secretariat's.
fn contact_clock(case: &Case) -> Option<&Clock> {
    let of_programme = |(id, clock): &(&String, &Clock)| {
        !id.contains('.') && clock.spec.owner == Role::Secretariat
    };
    case.clocks
        .iter()
        .find(of_programme)
        .map(|(_, clock)| clock)
}

/// Answers were normalised before they were stored; what cannot be read gives empty texts and no recipient.
fn addressee(answers: &str) -> Addressee {
    serde_json::from_str(answers).unwrap_or_default()
}
