//! `cargo xtask fuzz [--minutes N] [--seed S]`: changed programme files and bodies for as long as one likes.
//!
//! `cargo fuzz` would be led by coverage but needs a nightly compiler, so this goes on with the mutation test of `crates/sonae`, whose
//! failures name the seed that repeats them.

use std::process::Command;

/// # Errors
/// An argument that cannot be read, or an input that made the program panic.
pub(crate) fn run(arguments: &[String]) -> Result<(), String> {
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
