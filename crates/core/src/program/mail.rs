//! `mail.toml`: every mail this programme can send. Subject and body are minijinja with strict undefined.

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
    /// `received` is the auto-reply; the others are named by the flow.
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
