//! The program as a whole, in process: one test binary, one module per subject.

mod api;
mod approvals;
mod bad_input;
mod case;
mod cases;
mod checks;
mod css;
mod due;
mod earlier_support;
mod figures;
mod flow;
mod form;
mod inbox;
mod limit;
mod office;
mod openapi;
mod papers;
mod portal;
mod programs;
mod public;
mod reports;
mod screening;
mod security;
mod staff;
mod telemetry;
mod waiting;
