//! `cargo xtask test`: brings what tests need and runs them all.

use std::process::Command;

use crate::postgres::Server;

/// Runs every test of the workspace, on SQLite, PostgreSQL and a cluster of ClickHouse, then those in a browser. Further arguments go to `cargo test`, and
/// since they choose among its tests, the browser stays closed then.
///
/// # Errors
/// Something is missing that cannot be installed, or a test failed.
pub(crate) fn run(arguments: &[String]) -> Result<(), String> {
    let haproxy = crate::tools::need(&["haproxy"], &["haproxy"])?;
    // The readers by which papers are tried.
    crate::tools::need(&["pdftotext"], &["poppler-utils"])?;
    crate::tools::need(&["qpdf"], &["qpdf"])?;
    let clickhouse = crate::clickhouse::need()?;
    let postgres = Server::start()?;
    let status = Command::new(env!("CARGO"))
        // Every failure is told, not only those of the first crate that has some.
        .args(["test", "--workspace", "--no-fail-fast"])
        .args(arguments)
        .env("SONAE_TEST_POSTGRES", &postgres.url)
        .env("SONAE_TEST_HAPROXY", &haproxy)
        .env("SONAE_TEST_CLICKHOUSE", &clickhouse)
        .status()
        .map_err(|error| format!("cargo cannot be started: {error}"))?;
    if !status.success() {
        return Err("tests failed".to_owned());
    }
    drop(postgres);
    if arguments.is_empty() {
        crate::browser::run()
    } else {
        Ok(())
    }
}
