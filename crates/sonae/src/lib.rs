//! The program: pages, interface, jobs, mail and command line around the rules of `sonae-core`.

pub mod commands;
pub mod programs;
