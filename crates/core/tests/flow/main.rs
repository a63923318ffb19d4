//! The flow of cases: random events over both programmes keep the invariants, every state is reached and left.

#[path = "../application/sample.rs"]
#[expect(dead_code, reason = "the list of all programmes is for other tests")]
mod sample;

mod anything;

mod office;
mod tries;
