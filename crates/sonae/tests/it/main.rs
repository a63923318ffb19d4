//! The program as a whole, in process: one test binary, one module per subject.

mod api;
mod css;
mod office;
mod public;
