//! Detections of companies' devices: how lines come in, and how they are told.
//!
//! Architecture invariant: the detections know a company by the id of its application, never by name or address.

pub mod figures;
pub mod files;
pub mod kept;
pub mod ledger;
pub mod needed;
pub mod opened;
pub mod reading;
pub mod receiving;
pub mod sent;
pub mod syslog;
pub mod tail;
pub mod unzipped;
pub mod ways_in;
pub mod words;
pub mod writer;
