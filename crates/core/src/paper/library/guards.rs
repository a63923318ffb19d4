//! Under which conditions a block stands, so that no reference outlives its target.

use super::super::expression::Expression;

/// Something that must hold for a block to be there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Guard {
    Holds(String),
    Fails(String),
    /// Inside the `:::each` on this line.
    Each(usize),
    /// In the branch of this `:::each` for no rows.
    NoRows(usize),
}

/// What is known when a condition holds, or fails.
pub(super) fn known(expression: &Expression, holds: bool) -> Vec<Guard> {
    match (expression, holds) {
        (Expression::And(parts), true) | (Expression::Or(parts), false) => {
            parts.iter().flat_map(|part| known(part, holds)).collect()
        }
        (Expression::Not(inside), _) => known(inside, !holds),
        (_, true) => vec![Guard::Holds(expression.to_string())],
        (_, false) => vec![Guard::Fails(expression.to_string())],
    }
}

/// Whether a block under `target` is there whenever one under `here` is.
pub(super) fn is_seen(target: &[Guard], here: &[Guard]) -> bool {
    target.iter().all(|guard| here.contains(guard))
}
