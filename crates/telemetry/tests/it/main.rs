//! Formats of devices, read from files.

mod generated;
mod golden;
mod vendor_logs;
