//! The office at work: the one way in which pages, interface, jobs and demo change a case.

pub mod act;
pub mod batch;
pub mod earlier_lists;
pub mod mails;
pub mod people;
pub mod revisions;

pub use act::{Outcome, Request};
