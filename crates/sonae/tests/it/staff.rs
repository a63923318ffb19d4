//! Staff: signing in, and what each role may do.

mod access;
mod account;
mod integrations;
mod mails;
mod missing;
mod rehearsal;
mod sign_in;
pub(crate) mod signed_in;
mod tokens;
mod users;
mod visitor;
