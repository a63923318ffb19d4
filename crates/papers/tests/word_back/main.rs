//! Word files that come back: read by the program, compared with the draft they were made from.

mod edits;
mod hostile;
#[path = "../every/library.rs"]
mod library;
mod office;
mod paper;
mod taken;
mod untouched;
