//! The office at work: the one way in which pages, interface, jobs and demo change a case.

pub mod act;
pub mod batch;
pub mod checks;
pub mod clock_title;
pub mod devices;
pub mod earlier_lists;
pub mod figures;
pub mod foreseen;
pub mod mails;
pub mod moving;
pub mod papers;
pub mod people;
pub mod publishing;
pub mod readings;
pub mod reports;
pub mod revisions;
pub mod served;
pub mod undo;

pub use act::{Outcome, Request};
