//! The rules of the domain: pure functions over plain data.
//!
//! Architecture invariant: no IO, no clock, no randomness, no async. Time and chance are arguments.

pub mod access;
pub mod application;
pub mod audit;
pub mod calendar;
pub mod capacity;
pub mod clock;
pub mod detection_check;
pub mod earlier_support;
pub mod eligibility;
pub mod figures;
pub mod flow;
pub mod paper;
pub mod postcode;
pub mod program;
pub mod receipt_number;
pub mod report;
pub mod silence;
pub mod text;
