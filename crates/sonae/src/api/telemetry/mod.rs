//! What devices send over HTTPS.

pub mod batches;
