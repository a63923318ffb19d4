//! Answers: how they are read, and how they are judged.

mod bad_input;
mod eligibility;
mod sample;
