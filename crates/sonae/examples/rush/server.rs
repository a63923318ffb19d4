//! The server under measurement, a process of its own.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::{CLOCK, client};

pub(crate) struct Server {
    child: Child,
    pub(crate) address: String,
}

impl Server {
    pub(crate) async fn start(program: &Path, folder: &Path, url: &str) -> Result<Server, String> {
        let listener =
            std::net::TcpListener::bind("127.0.0.1:0").map_err(|error| error.to_string())?;
        let address = listener
            .local_addr()
            .map_err(|error| error.to_string())?
            .to_string();
        drop(listener);
        let child = Command::new(program)
            .args([
                "serve",
                "--listen",
                &address,
                "--clock",
                CLOCK,
                "--no-rate-limit",
                "--database",
                url,
                "--data",
            ])
            .arg(folder)
            .env("SONAE_NO_RATE_LIMIT", "true")
            .stdout(Stdio::null())
            .spawn()
            .map_err(|error| format!("{}: {error}", program.display()))?;
        let server = Server { child, address };
        for _ in 0..600 {
            if let Ok(mut connection) = client::Connection::open(&server.address).await
                && let Ok((200, _)) = connection.send(&client::get("/healthz")).await
            {
                return Ok(server);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Err("the server did not start".to_owned())
    }

    pub(crate) fn resident_mib(&self) -> f64 {
        self.memory("VmRSS:")
    }

    pub(crate) fn peak_mib(&self) -> f64 {
        self.memory("VmHWM:")
    }

    fn memory(&self, field: &str) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))
            .unwrap_or_default();
        let kib: f64 = status
            .lines()
            .find_map(|line| {
                line.strip_prefix(field)?
                    .split_whitespace()
                    .next()?
                    .parse()
                    .ok()
            })
            .unwrap_or(f64::NAN);
        kib / 1024.0
    }

    /// Processor time used so far, user and system together, in seconds.
    pub(crate) fn cpu_seconds(&self) -> f64 {
        /// Clock ticks a second, fixed at 100 on Linux for what `/proc` tells.
        const TICKS: f64 = 100.0;
        let stat =
            std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap_or_default();
        let ticks = stat.rsplit_once(')').map_or(f64::NAN, |(_, rest)| {
            rest.split_whitespace()
                .skip(11)
                .take(2)
                .filter_map(|field| field.parse::<f64>().ok())
                .sum()
        });
        ticks / TICKS
    }

    pub(crate) fn stop(mut self) -> Result<(), String> {
        self.child
            .kill()
            .and_then(|()| self.child.wait())
            .map(|_| ())
            .map_err(|error| error.to_string())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// `sonae verify` after the rush: what was measured is also right.
pub(crate) fn verify(program: &Path, folder: &Path, url: &str) -> Result<(), String> {
    let output = Command::new(program)
        .args(["verify", "--database", url, "--data"])
        .arg(folder)
        .output()
        .map_err(|error| error.to_string())?;
    print!("{}", String::from_utf8_lossy(&output.stdout));
    if output.status.success() {
        Ok(())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}
