//! What must not be possible, across the whole program. `docs/security-tests.md` lists these and what stands beside its subject.

mod cases;
mod cookies;
mod crawl;
mod log;
mod telling;
mod uploads;
