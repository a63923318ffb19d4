//! The subcommands, one file each.

pub mod backup;
pub mod copy_database;
pub mod demo;
pub mod earlier_support;
pub mod paper;
pub mod program;
pub mod telemetry;
pub mod token;
pub mod user;
pub mod verify;
