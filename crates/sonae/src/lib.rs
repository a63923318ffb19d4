//! The program: pages, interface, jobs, mail and command line around the rules of `sonae-core`.

pub mod api;
pub mod app;
pub mod assets;
pub mod chance;
pub mod clock;
pub mod commands;
pub mod config;
pub mod demo;
pub mod edge;
pub mod error;
pub mod intake;
pub mod jobs;
pub mod limit;
pub mod links;
pub mod logging;
pub mod mail;
pub mod metrics;
pub mod office;
pub mod pages;
pub mod programs;
pub mod router;
pub mod serve;
pub mod sheet;
pub mod staff;
pub mod submit;
pub mod usage;
