//! The visitor's way in a browser without scripts: check, form, confirmation, receipt, status, withdrawal.

mod check;
mod corners;
pub(crate) mod visitor;
mod way;
