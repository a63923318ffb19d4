//! The pledges agreed to.

use serde_json::Value;

use super::errors::{Errors, printable};
use super::scalar;
use crate::program::Program;

const MAX_ENTRIES: usize = 100;

/// Pledge ids, sorted, each once. An empty list is an answer: none is agreed to.
pub(super) fn read(
    program: &Program,
    value: Option<&Value>,
    errors: &mut Errors<'_>,
) -> Option<Vec<String>> {
    let entries = scalar::list("pledges", value, MAX_ENTRIES, errors)?;
    let pledges = &program.definition.eligibility.pledge;
    let mut given: Vec<String> = Vec::new();
    for (index, entry) in entries.iter().enumerate() {
        let field = format!("pledges[{index}]");
        match entry.as_str().map(str::trim) {
            None => errors.add(
                field,
                "wrong_type",
                "誓約事項は、a、bのような記号を文字で送ってください。",
            ),
            Some(id) if pledges.iter().any(|pledge| pledge.id == id) => given.push(id.to_owned()),
            Some(id) => {
                let id = printable(id);
                let message = format!(
                    "「{id}」という誓約事項はこの事業にありません。事業のページの誓約事項を確かめてください。"
                );
                errors.add(field, "unknown_pledge", message);
            }
        }
    }
    given.sort();
    given.dedup();
    Some(given)
}
