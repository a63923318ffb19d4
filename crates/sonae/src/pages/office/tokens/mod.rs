//! `/office/tokens`: the tokens of other systems. For administrators.

mod list;
mod make;

use super::door::Door;

/// Where the list stands.
const PATH: &str = "/office/tokens";

pub(super) fn routes(door: Door) -> Door {
    make::routes(list::routes(door))
}
