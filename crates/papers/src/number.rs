//! A heading's number as it is printed, the same in every format.

use sonae_core::paper::document::Numbering;

/// `第2章` or `2.1`; nothing without a number.
pub(crate) fn heading(kind: Numbering, number: &[u32]) -> String {
    match (kind, number) {
        (_, []) => String::new(),
        (Numbering::Articles, [chapter, ..]) => format!("第{chapter}章"),
        _ => number
            .iter()
            .map(u32::to_string)
            .collect::<Vec<_>>()
            .join("."),
    }
}
