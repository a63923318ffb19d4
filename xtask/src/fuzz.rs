//! `cargo xtask fuzz [--minutes N] [--seed S]`: changed programme files and bodies for as long as one likes.
//! `cargo xtask fuzz telemetry [--lines N] [--seed S] [--format NAME]`: changed lines of every format of devices' logs.
//!
//! `cargo fuzz` would be led by coverage but needs a nightly compiler, so this goes on with the mutation test of `crates/sonae`, whose
//! failures name the seed that repeats them.

use std::process::Command;

/// # Errors
/// An argument that cannot be read, or an input that made the program panic.
pub(crate) fn run(arguments: &[String]) -> Result<(), String> {
    if let Some(("telemetry", rest)) = arguments.split_first().map(|(name, rest)| (&**name, rest)) {
        return telemetry(rest);
    }
    let mut minutes: u64 = 5;
    let mut seed = None;
    for pair in arguments.chunks(2) {
        match pair {
            [name, value] if name == "--minutes" => {
                minutes = value
                    .parse()
                    .map_err(|_| format!("--minutes {value}: a whole number"))?;
            }
            [name, value] if name == "--seed" => seed = Some(value),
            _ => return Err("fuzz takes --minutes N and --seed S".to_owned()),
        }
    }
    let mut command = Command::new(env!("CARGO"));
    command
        .args([
            "test",
            "--package",
            "sonae",
            "--test",
            "mutation",
            "--",
            "--nocapture",
        ])
        .env("SONAE_FUZZ_SECONDS", (minutes * 60).to_string());
    if let Some(seed) = seed {
        command.env("SONAE_TEST_SEED", seed);
    }
    let status = command
        .status()
        .map_err(|error| format!("cargo cannot be started: {error}"))?;
    if status.success() {
        Ok(())
    } else {
        Err("an input made the program panic; the seed above repeats it".to_owned())
    }
}

/// Builds in release: the figures of memory and speed mean something only so.
fn telemetry(arguments: &[String]) -> Result<(), String> {
    let status = Command::new(env!("CARGO"))
        .args([
            "run",
            "--release",
            "-p",
            "sonae-telemetry",
            "--example",
            "fuzz",
            "--",
        ])
        .args(arguments)
        .status()
        .map_err(|error| format!("cargo cannot be started: {error}"))?;
    match status.success() {
        true => Ok(()),
        false => Err(
            "a line made the program panic or memory grew; the seed above repeats it".to_owned(),
        ),
    }
}
