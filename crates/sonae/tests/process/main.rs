//! The program as it is shipped, started as a process: what it promises when it is killed, when the disk is full, when mail cannot
//! leave, when a window closes, and when a command is given nonsense.
//!
//! The cases that concern stored data run on SQLite and on PostgreSQL; `cargo xtask test` starts the latter.

mod backup;
mod books;
mod commands;
mod crash;
mod full_disk;
mod http;
mod inbox;
mod letters;
mod mail_server;
mod nodes;
mod office;
mod paper;
mod proof;
mod same_key;
mod sending;
mod staff;
mod stop;
mod telemetry;
mod window;
