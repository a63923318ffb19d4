//! One value of a closed list.

use serde_json::Value;

use super::errors::Errors;
use super::scalar;
use crate::application::choices::{self, Choice};

/// The choice of a value such as `corporation`. Labels are not taken: they may change, values may not.
pub(super) fn read<T: Copy>(
    field: &str,
    value: Option<&Value>,
    list: &'static [Choice<T>],
    errors: &mut Errors<'_>,
) -> Option<T> {
    let text = scalar::text(field, value, errors)?;
    if let Some(found) = choices::by_value(list, text.trim()) {
        return Some(found.choice);
    }
    let labels: Vec<&str> = list.iter().map(|entry| entry.label).collect();
    let message = format!(
        "{}は次の中から選んでください:{}。",
        errors.noun(field),
        labels.join("、")
    );
    errors.add(field, "unknown_value", message);
    None
}
