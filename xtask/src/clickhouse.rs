//! ClickHouse for the tests of a cluster: Debian's server, and ZooKeeper by which replicas agree. The tests start and kill servers themselves.

use std::path::{Path, PathBuf};
use std::process::Command;

/// What Debian's `zookeeperd` brings.
const KEEPER: &str = "/usr/share/java/zookeeper.jar";

/// Where the server's program stands; installed when we are root on Debian and it is missing.
///
/// # Errors
/// What is missing and how to get it. There is no test without: a cluster that nobody tried is none.
pub(crate) fn need() -> Result<PathBuf, String> {
    let server = crate::tools::need(&["clickhouse-server"], &["clickhouse-server"]).map_err(|error| {
        format!("the cluster of detections cannot be tested: {error} (Debian 12 has ClickHouse 18.16 as clickhouse-server)")
    })?;
    if !Path::new(KEEPER).exists() || crate::tools::find(&["java"]).is_none() {
        crate::tools::install(&["zookeeperd"])?;
    }
    match Path::new(KEEPER).exists() {
        true => Ok(server),
        false => Err(format!(
            "{KEEPER} is missing, even with zookeeperd installed"
        )),
    }
}

/// The tests of the cluster on the newest engine: its library behind a small server (`crates/telemetry/tests/cluster/current.py`). Not among the tests
/// of every day, since it is a download of 176 MB; it is kept beside what is compiled. Further arguments go to the tests.
///
/// # Errors
/// Python or the package cannot be had, or a test failed.
pub(crate) fn current(arguments: &[String]) -> Result<(), String> {
    let folder = std::path::absolute(crate::bench::target().join("clickhouse-current"))
        .map_err(|error| error.to_string())?;
    let python = library(&folder)?;
    let statements = folder.join("statements");
    drop(std::fs::remove_file(&statements));
    let status = Command::new(env!("CARGO"))
        .args(["test", "-p", "sonae-telemetry", "--test", "cluster", "--"])
        // The library is no server: it knows neither ZooKeeper nor TLS.
        .args([
            "--skip",
            "replica",
            "--skip",
            "protected",
            "--test-threads",
            "1",
        ])
        .args(arguments)
        .env("SONAE_TEST_CLICKHOUSE_CURRENT", &python)
        .env("SONAE_TEST_CLICKHOUSE_STATEMENTS", &statements)
        .status()
        .map_err(|error| format!("cargo cannot be started: {error}"))?;
    if !status.success() {
        return Err("the newest engine does not do what Debian's does".to_owned());
    }
    let told = std::fs::read_to_string(&statements).map_err(|error| error.to_string())?;
    let kinds: std::collections::BTreeSet<&str> = told.lines().collect();
    println!(
        "the newest engine ran {} statements of {} kinds",
        told.lines().count(),
        kinds.len()
    );
    Ok(())
}

/// The Python of an environment that has exactly the library we name.
fn library(folder: &Path) -> Result<PathBuf, String> {
    let wanted = Path::new("crates/telemetry/tests/cluster/current.txt");
    let wanted = std::fs::read_to_string(wanted).map_err(|error| {
        format!(
            "{}: {error}; run this in the project's folder",
            wanted.display()
        )
    })?;
    let (environment, installed) = (folder.join("python"), folder.join("current.txt"));
    let python = environment.join("bin/python");
    if std::fs::read_to_string(&installed).is_ok_and(|found| found == wanted) {
        return Ok(python);
    }
    drop(std::fs::remove_dir_all(folder));
    std::fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let list = folder.join("wanted.txt");
    std::fs::write(&list, &wanted).map_err(|error| error.to_string())?;
    let done = |command: &mut Command, what: &str| match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err(format!("{what} failed")),
        Err(error) => Err(format!("{what}: {error}")),
    };
    let system = crate::tools::need(&["python3"], &["python3", "python3-venv"])?;
    done(
        Command::new(system).args(["-m", "venv"]).arg(&environment),
        "python3 -m venv (Debian's package is python3-venv)",
    )?;
    done(
        Command::new(&python)
            .args([
                "-m",
                "pip",
                "install",
                "--quiet",
                "--no-deps",
                "--only-binary",
                ":all:",
            ])
            .args(["--require-hashes", "--requirement"])
            .arg(&list),
        "pip install",
    )?;
    std::fs::rename(&list, &installed).map_err(|error| error.to_string())?;
    Ok(python)
}
