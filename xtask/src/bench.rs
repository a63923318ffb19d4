//! `cargo xtask bench rush`: the opening rush on SQLite and on PostgreSQL, with what is stored growing.

use std::path::PathBuf;
use std::process::Command;

use crate::postgres::Server;

const HELP: &str = "\
cargo xtask bench rush [--engine sqlite|postgres] [--stored N[,N…]] [ARGUMENT …]

  Builds the release program and measures 500 clients that apply at once (see crates/sonae/examples/rush).
  --stored  applications stored beforehand, one run for each number (default 0; for growth: 1000,100000,1000000)
  Other arguments go to the load program, such as --clients 200 --rounds 10 --pages 0.
";

pub(crate) fn run(arguments: &[String]) -> Result<(), String> {
    let mut rest = arguments.iter().cloned();
    if rest.next().as_deref() != Some("rush") {
        print!("{HELP}");
        return Ok(());
    }
    let (mut engine, mut stored, mut further) = (None, "0".to_owned(), Vec::new());
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--engine" => engine = rest.next(),
            "--stored" => stored = rest.next().unwrap_or(stored),
            _ => further.push(argument),
        }
    }
    let programs = build()?;
    for stored in stored.split(',') {
        if engine.as_deref() != Some("postgres") {
            rush(&programs, "sqlite", stored, &further)?;
        }
        if engine.as_deref() != Some("sqlite") {
            // A server of its own for every run, so that each starts empty.
            let server = Server::start()?;
            rush(&programs, &server.url, stored, &further)?;
        }
    }
    Ok(())
}

fn rush(
    programs: &[PathBuf; 2],
    database: &str,
    stored: &str,
    further: &[String],
) -> Result<(), String> {
    let [server, crowd] = programs;
    let status = Command::new(crowd)
        .arg("--server")
        .arg(server)
        .args(["--database", database, "--stored", stored])
        .args(further)
        .status()
        .map_err(|error| format!("{}: {error}", crowd.display()))?;
    if status.success() {
        Ok(())
    } else {
        Err("the rush failed".to_owned())
    }
}

/// Builds the program and the crowd in release; gives both paths.
fn build() -> Result<[PathBuf; 2], String> {
    let status = Command::new(env!("CARGO"))
        .args([
            "build",
            "--release",
            "-p",
            "sonae",
            "--bin",
            "sonae",
            "--example",
            "rush",
        ])
        .status()
        .map_err(|error| format!("cargo cannot be started: {error}"))?;
    if !status.success() {
        return Err("the release build failed".to_owned());
    }
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from);
    Ok([
        target.join("release/sonae"),
        target.join("release/examples/rush"),
    ])
}
