//! Who did something, and when, as answers tell it.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use sonae_core::audit::at_text;

use crate::office::people::People;

/// Who did it, and when.
#[derive(Serialize, JsonSchema)]
pub struct Done {
    /// `staff:<id>`, or `system`.
    pub by: String,
    /// The name of the person, or of the system by its token.
    pub name: String,
    #[schemars(extend("format" = "date-time"))]
    pub at: String,
}

impl Done {
    pub fn new(by: &str, at: Timestamp, people: &People) -> Done {
        Done {
            by: by.to_owned(),
            name: people.name(by),
            at: at_text(at),
        }
    }

    pub fn of(done: Option<&(String, Timestamp)>, people: &People) -> Option<Done> {
        done.map(|(by, at)| Done::new(by, *at, people))
    }
}
