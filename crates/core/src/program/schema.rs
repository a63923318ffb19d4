//! JSON Schema (draft 2020-12) of every programme file, made from the types, for editors.
//!
//! The copies in `programs/schema/` are written by `sonae program schema`; a test fails when they are not current.

use schemars::{Schema, schema_for};

use super::{eligibility, events, flow, form, mail, notices, program, support};

/// One file's schema.
pub struct FileSchema {
    /// For example `flow.schema.json`.
    pub name: &'static str,
    /// Indented JSON with a final line end.
    pub text: String,
}

/// The schemas of the eight files, in the order of [`super::load::FILES`].
pub fn schemas() -> Vec<FileSchema> {
    [
        ("program.schema.json", schema_for!(program::ProgramFile)),
        (
            "eligibility.schema.json",
            schema_for!(eligibility::EligibilityFile),
        ),
        ("form.schema.json", schema_for!(form::FormFile)),
        ("flow.schema.json", schema_for!(flow::FlowFile)),
        ("mail.schema.json", schema_for!(mail::MailFile)),
        ("support.schema.json", schema_for!(support::SupportFile)),
        ("events.schema.json", schema_for!(events::EventsFile)),
        ("notices.schema.json", schema_for!(notices::NoticesFile)),
    ]
    .into_iter()
    .map(|(name, schema)| FileSchema {
        name,
        text: text(&schema),
    })
    .collect()
}

fn text(schema: &Schema) -> String {
    let mut text =
        serde_json::to_string_pretty(schema).expect("a schema is JSON, which always has a text");
    text.push('\n');
    text
}
