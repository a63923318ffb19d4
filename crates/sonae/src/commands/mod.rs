//! The subcommands, one file each.

pub mod backup;
pub mod copy_database;
pub mod program;
pub mod verify;
