//! `cargo xtask bench rush`: the opening rush on SQLite and on PostgreSQL, with what is stored growing.
//! `cargo xtask bench push`: devices that send their lines over HTTP.
//! `cargo xtask bench office`: the office's pages at some numbers of cases.
//! `cargo xtask bench papers`: papers as PDF, in time and memory.
//! `cargo xtask bench reports`: a month's reports from stored detections to the PDF.
//! `cargo xtask bench telemetry`: lines of devices' logs read in a second.
//! `cargo xtask bench detections`: lines stored in a second, and every question about them.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::postgres::Server;

const HELP: &str = "\
cargo xtask bench rush [--engine sqlite|postgres] [--stored N[,N…]] [ARGUMENT …]

  Builds the release program and measures 500 clients that apply at once (see crates/sonae/examples/rush).
  --stored  applications stored beforehand, one run for each number (default 0; for growth: 1000,100000,1000000)
  Other arguments go to the load program, such as --clients 200 --rounds 10 --pages 0.

cargo xtask bench push [--engine sqlite|postgres] [ARGUMENT …]

  Builds the release program and measures devices that push lines (see crates/sonae/examples/push).
  Other arguments go to the load program, such as --connections 16 --batch 1000 --lines 3000000 --gzip; --files imports
  the lines from files instead.

cargo xtask bench office [--engine sqlite|postgres] [--cases N[,N…]] [--dev] [ARGUMENT …]

  Builds in release and measures the office (see crates/sonae/examples/office).
  --cases   cases stored beforehand, one run for each number (default 2000,100000)
  --dev     builds without release, for a look at the plans; its figures mean little
  Other arguments go to the measuring program, such as --requests 500 or --plans.

cargo xtask bench papers [--dev] [--rounds N] [--papers N] [--threads N] [--rivals]

  Builds in release and measures papers as PDF (see crates/papers/examples/papers).

cargo xtask bench reports [--dev] [--companies N] [--lines N] [--threads N] [--database URL]

  Builds in release and measures a month's reports (see crates/sonae/examples/reports).

cargo xtask bench detections [--lines N] [--companies N] [--days N] [--database URL] [--shards N] [--events FILE] [--ask] [--dev]

  Builds in release and measures how fast detections are stored and asked for (see crates/telemetry/examples/store_bench).
  --ask     asks the database that an earlier run filled
  --shards  on a cluster of that many ClickHouse servers, started here (a running one is named by --database clickhouse://…)
  --events  writes what is stored as a table too, for the same questions to other engines (rivals.py in that folder)

cargo xtask bench telemetry [--lines N] [--rounds N]

  Builds in release and measures how fast lines of devices are read (see crates/telemetry/examples/speed.rs).
";

pub(crate) fn run(arguments: &[String]) -> Result<(), String> {
    match arguments.first().map(String::as_str) {
        Some("rush") => opening(&arguments[1..]),
        Some("push") => push(&arguments[1..]),
        Some("office") => office(&arguments[1..]),
        Some("papers") => example("sonae-papers", "papers", &arguments[1..]),
        Some("reports") => example("sonae", "reports", &arguments[1..]),
        Some("telemetry") => example("sonae-telemetry", "speed", &arguments[1..]),
        Some("detections") => example("sonae-telemetry", "store_bench", &arguments[1..]),
        _ => {
            print!("{HELP}");
            Ok(())
        }
    }
}

fn opening(arguments: &[String]) -> Result<(), String> {
    let mut rest = arguments.iter().cloned();
    let (mut engine, mut stored, mut further) = (None, "0".to_owned(), Vec::new());
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--engine" => engine = rest.next(),
            "--stored" => stored = rest.next().unwrap_or(stored),
            _ => further.push(argument),
        }
    }
    let programs = build("rush")?;
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

fn push(arguments: &[String]) -> Result<(), String> {
    let mut rest = arguments.iter().cloned();
    let (mut engine, mut further) = (None, Vec::new());
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--engine" => engine = rest.next(),
            _ => further.push(argument),
        }
    }
    let programs = build("push")?;
    if engine.as_deref() != Some("postgres") {
        devices(&programs, "sqlite", &further)?;
    }
    if engine.as_deref() != Some("sqlite") {
        let server = Server::start()?;
        devices(&programs, &server.url, &further)?;
    }
    Ok(())
}

fn devices(
    [server, devices]: &[PathBuf; 2],
    database: &str,
    further: &[String],
) -> Result<(), String> {
    let status = Command::new(devices)
        .arg("--server")
        .arg(server)
        .args(["--database", database])
        .args(further)
        .status()
        .map_err(|error| format!("{}: {error}", devices.display()))?;
    match status.success() {
        true => Ok(()),
        false => Err("pushing failed".to_owned()),
    }
}

fn office(arguments: &[String]) -> Result<(), String> {
    let mut rest = arguments.iter().cloned();
    let (mut engine, mut cases, mut release) = (None, "2000,100000".to_owned(), true);
    let mut further = Vec::new();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--engine" => engine = rest.next(),
            "--cases" => cases = rest.next().unwrap_or(cases),
            "--dev" => release = false,
            _ => further.push(argument),
        }
    }
    let program = built_office(release)?;
    for cases in cases.split(',') {
        if engine.as_deref() != Some("postgres") {
            measure_office(&program, cases, &further)?;
        }
        if engine.as_deref() != Some("sqlite") {
            let server = Server::start()?;
            let database = ["--analyze", "--database", &server.url].map(str::to_owned);
            measure_office(&program, cases, &[&further[..], &database].concat())?;
        }
    }
    Ok(())
}

fn measure_office(program: &Path, cases: &str, further: &[String]) -> Result<(), String> {
    let folder = std::env::temp_dir().join(format!("sonae-office-{}-{cases}", std::process::id()));
    let status = Command::new(program)
        .args(["--cases", cases, "--no-rate-limit", "--data"])
        .arg(&folder)
        .args(further)
        .status()
        .map_err(|error| format!("{}: {error}", program.display()));
    drop(std::fs::remove_dir_all(&folder));
    match status?.success() {
        true => Ok(()),
        false => Err("the office could not be measured".to_owned()),
    }
}

fn built_office(release: bool) -> Result<PathBuf, String> {
    let mut command = Command::new(env!("CARGO"));
    command.args(["build", "-p", "sonae", "--example", "office"]);
    if release {
        command.arg("--release");
    }
    let status = command
        .status()
        .map_err(|error| format!("cargo cannot be started: {error}"))?;
    if !status.success() {
        return Err("the build failed".to_owned());
    }
    let profile = if release { "release" } else { "debug" };
    Ok(target().join(profile).join("examples/office"))
}

/// Runs a measuring program, in release unless `--dev` is among the arguments.
fn example(package: &str, name: &str, arguments: &[String]) -> Result<(), String> {
    let (dev, further): (Vec<&String>, Vec<&String>) =
        arguments.iter().partition(|argument| *argument == "--dev");
    let mut command = Command::new(env!("CARGO"));
    command.args(["run", "-p", package, "--example", name]);
    if arguments.iter().any(|argument| argument == "--shards") {
        command.env("SONAE_TEST_CLICKHOUSE", crate::clickhouse::need()?);
    }
    if dev.is_empty() {
        command.arg("--release");
    }
    let status = command.arg("--").args(further).status();
    match status
        .map_err(|error| format!("cargo cannot be started: {error}"))?
        .success()
    {
        true => Ok(()),
        false => Err(format!("the {name} could not be measured")),
    }
}

pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from)
}

/// Builds the program and one that puts load on it in release; gives both paths.
fn build(load: &str) -> Result<[PathBuf; 2], String> {
    let status = Command::new(env!("CARGO"))
        .args([
            "build",
            "--release",
            "-p",
            "sonae",
            "--bin",
            "sonae",
            "--example",
            load,
        ])
        .status()
        .map_err(|error| format!("cargo cannot be started: {error}"))?;
    if !status.success() {
        return Err("the release build failed".to_owned());
    }
    let target = target();
    Ok([
        target.join("release/sonae"),
        target.join("release/examples").join(load),
    ])
}
