//! `mail.toml`: every mail this programme can send. Subject and body are minijinja with strict undefined.
//!
//! Placeholders of every mail: `applicant_name contact_name program_title program_short_title office_name office_phone
//! office_email office_hours`. Of mails about an application also: `receipt_number received_at courses (title, position,
//! state_text) status_url log_index log_hash`. Where the event has one: `contact_due_date due_date questionnaire_url reason`, and
//! `draft_url` in `draft_link`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Clause, Id, Role};

#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MailFile {
    pub mail: Vec<Mail>,
}

#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// Named by a step or a clock of the flow, or one of those that an event outside the flow sends: `received` (the auto-reply),
    /// `draft_link`, `withdrawn`, `correction_request`, `declined`, `place_offered`, `place_lapsed`.
    pub id: Id,
    pub clause: Clause,
    pub to: Role,
    /// When it goes out, one sentence for the reader of the definition.
    pub when: String,
    /// An answer to a machine's event, marked `Auto-Submitted: auto-replied` (RFC 3834).
    #[serde(default)]
    pub auto_reply: bool,
    pub subject: String,
    pub body: String,
}
