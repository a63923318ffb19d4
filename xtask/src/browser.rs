//! The tests in `tests/browser`: real Chromium, axe-core and the Nu HTML checker, against the program as it was just built.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::postgres::Server;
use crate::tools::{self, need};

/// The oldest Node that the tests' packages run on.
const NODE: u32 = 18;

/// Builds the program if need be, brings what the tests need, and runs them.
///
/// # Errors
/// Something is missing that cannot be installed, or a test failed.
pub(crate) fn run() -> Result<(), String> {
    let root = root();
    let tests = root.join("tests/browser");
    let node = need(&["node"], &["nodejs"])?;
    let npm = need(&["npm"], &["npm"])?;
    let chromium = need(
        &["chromium", "chromium-browser", "google-chrome"],
        &["chromium"],
    )?;
    need(&["java"], &["default-jre-headless"])?;
    check_node(&node)?;
    japanese_font();
    let program = build(&root)?;
    let artifacts = std::env::var_os("SONAE_ARTIFACTS")
        .map_or_else(|| root.join("target/ci-artifacts"), PathBuf::from);
    // What an earlier run kept would be taken for this one's.
    drop(std::fs::remove_dir_all(artifacts.join("browser")));
    // Nothing but the packages themselves: no script of theirs runs, nothing is asked of anybody but the registry.
    succeed(
        Command::new(npm)
            .args(["ci", "--ignore-scripts", "--prefer-offline"])
            .args(["--no-audit", "--no-fund", "--loglevel=error"])
            .stdout(Stdio::null())
            .current_dir(&tests),
        "npm ci in tests/browser",
    )?;
    let postgres = Server::start()?;
    let began = Instant::now();
    let outcome = succeed(
        Command::new(node)
            .args(["--test", "--test-concurrency=2", "--test-reporter=spec"])
            .env("SONAE_PROGRAM", program)
            .env("SONAE_CHROMIUM", chromium)
            .env("SONAE_ARTIFACTS", &artifacts)
            .env("SONAE_TEST_POSTGRES", &postgres.url)
            .current_dir(&tests),
        "the browser tests",
    );
    eprintln!(
        "xtask: browser tests {} after {} s; pictures and pages are in {}",
        if outcome.is_ok() { "passed" } else { "failed" },
        began.elapsed().as_secs(),
        artifacts.join("browser").display()
    );
    outcome
}

/// The repository's root.
fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

fn check_node(node: &Path) -> Result<(), String> {
    let output = Command::new(node).arg("--version").output();
    let version = output.map_err(|error| format!("{}: {error}", node.display()))?;
    let version = String::from_utf8_lossy(&version.stdout).trim().to_owned();
    let major = version.trim_start_matches('v').split('.').next();
    if major.and_then(|major| major.parse().ok()) >= Some(NODE) {
        Ok(())
    } else {
        Err(format!(
            "the browser tests need Node {NODE} or newer and found {version}; install a newer one and run again"
        ))
    }
}

/// Without a Japanese font the tests pass, but their pictures show boxes.
fn japanese_font() {
    let listed = Command::new("fc-list").args([":lang=ja", "file"]).output();
    if listed.is_ok_and(|fonts| fonts.stdout.is_empty())
        && let Err(message) = tools::install(&["fonts-noto-cjk"])
    {
        eprintln!("xtask: the pictures will lack Japanese letters: {message}");
    }
}

/// The debug program beside this one, which cargo builds into the same folder.
fn build(root: &Path) -> Result<PathBuf, String> {
    succeed(
        Command::new(env!("CARGO"))
            .args(["build", "--quiet", "--workspace", "--bin", "sonae"])
            // What brings cases into the states that the tests look at.
            .args(["--example", "stage"])
            .current_dir(root),
        "cargo build",
    )?;
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    let program = own.with_file_name("sonae");
    if program.is_file() {
        Ok(program)
    } else {
        Err(format!("{} was not built", program.display()))
    }
}

fn succeed(command: &mut Command, what: &str) -> Result<(), String> {
    match command.stdin(Stdio::null()).status() {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err(format!("{what} failed")),
        Err(error) => Err(format!("{what} cannot be started: {error}")),
    }
}
