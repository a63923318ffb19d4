//! Answers: how they are read, and how they are judged.

mod bad_input;
mod earlier_list;
mod earlier_support;
mod eligibility;
mod sample;
