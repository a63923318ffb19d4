//! Webhooks: signing what other systems are told, and telling them without being led astray.

pub mod client;
pub mod sign;
pub mod target;
