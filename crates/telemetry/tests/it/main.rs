//! Formats of devices, read from files.

mod generated;
mod golden;
mod ocsf;
mod vendor_logs;
mod whatever;
