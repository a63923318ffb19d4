//! Staff: signing in, and what each role may do.

mod access;
pub(crate) mod signed_in;
