//! What devices send over HTTPS, and the devices that may.

pub mod batches;
pub mod devices;
