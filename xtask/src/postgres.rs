//! A PostgreSQL server of our own for tests and benchmarks: in a temporary folder, on a free port of loopback, stopped with its value.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The system user that runs the server when we are root, which PostgreSQL refuses to be.
const USER: &str = "postgres";

pub(crate) struct Server {
    folder: PathBuf,
    programs: PathBuf,
    /// `postgres://…` of an empty database.
    pub(crate) url: String,
}

impl Server {
    /// Starts a server with durable commits. Installs Debian's package when we are root and it is missing.
    ///
    /// # Errors
    /// What is missing and how to get it.
    pub(crate) fn start() -> Result<Server, String> {
        let programs = programs().or_else(|_| {
            crate::tools::install(&["postgresql"])?;
            programs()
        })?;
        let port = free_port()?;
        let folder =
            std::env::temp_dir().join(format!("sonae-postgres-{}-{port}", std::process::id()));
        fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        if is_root() {
            run(Command::new("chown").arg(USER).arg(&folder))?;
        }
        let server = Server {
            url: format!("postgres://sonae@127.0.0.1:{port}/postgres"),
            folder,
            programs,
        };
        let data = server.folder.join("data");
        run(server
            .command("initdb")
            .args([
                "-U",
                "sonae",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C",
                "-D",
            ])
            .arg(&data))?;
        let settings = format!(
            "-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=100"
        );
        run(server
            .command("pg_ctl")
            .args(["-w", "-t", "60", "-o", &settings, "-l"])
            .arg(server.folder.join("log"))
            .arg("-D")
            .arg(&data)
            .arg("start"))?;
        Ok(server)
    }

    fn command(&self, program: &str) -> Command {
        let path = self.programs.join(program);
        let mut command = if is_root() {
            let mut command = Command::new("setpriv");
            command
                .args(["--reuid", USER, "--regid", USER, "--clear-groups"])
                .arg(path);
            command
        } else {
            Command::new(path)
        };
        command.current_dir(std::env::temp_dir());
        command
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let data = self.folder.join("data");
        let stopped = run(self
            .command("pg_ctl")
            .args(["-w", "-m", "immediate", "-D"])
            .arg(&data)
            .arg("stop"));
        if let Err(message) = stopped {
            eprintln!("xtask: {message}");
        }
        drop(fs::remove_dir_all(&self.folder));
    }
}

fn programs() -> Result<PathBuf, String> {
    let mut folders: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .collect();
    folders.sort();
    folders.extend(
        std::env::var_os("PATH")
            .iter()
            .flat_map(std::env::split_paths),
    );
    let complete = |folder: &&PathBuf| {
        ["initdb", "pg_ctl", "postgres"]
            .iter()
            .all(|name| folder.join(name).exists())
    };
    folders.iter().rev().find(complete).cloned().ok_or_else(|| {
        "PostgreSQL is missing: install the server (Debian: apt-get install postgresql) and run again".to_owned()
    })
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|meta| std::os::unix::fs::MetadataExt::uid(&meta) == 0)
}

fn free_port() -> Result<u16, String> {
    let listener =
        TcpListener::bind("127.0.0.1:0").map_err(|error| format!("no free port: {error}"))?;
    listener
        .local_addr()
        .map(|address| address.port())
        .map_err(|error| error.to_string())
}

fn run(command: &mut Command) -> Result<(), String> {
    let log = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    let output = log
        .spawn()
        .and_then(std::process::Child::wait_with_output)
        .map_err(|error| format!("{command:?}: {error}"))?;
    if output.status.success() {
        Ok(())
    } else {
        Err(format!(
            "{command:?} failed: {}",
            String::from_utf8_lossy(&output.stderr)
        ))
    }
}

/// Whether we may install packages.
pub(crate) fn can_install() -> bool {
    is_root() && Path::new("/usr/bin/apt-get").exists()
}
