//! Detections: what devices of companies report, in their vendors' words, normalised, stored and counted.
//!
//! Architecture invariants: a line is read in one place ([`formats`]) and stored in one place; it is never dropped: what nobody knows is kept as it
//! came, shown and counted. This crate never sees the office's tables; what passes between them is plain structs of core.

pub mod detection;
pub mod formats;
pub mod generate;
mod json;
pub mod lines;
pub mod ocsf;
mod pairs;
pub mod time;
mod words;
