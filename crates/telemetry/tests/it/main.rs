//! Formats of devices, read from files.

mod golden;
mod vendor_logs;
