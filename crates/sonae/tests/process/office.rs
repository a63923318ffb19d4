//! An office for one test: a data folder, a database of either engine, and the program as a process that ends with the test.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::http::{self, Answer};

pub(crate) const R6: &str = "tokyo-r6-basic-measures";
pub(crate) const R7: &str = "tokyo-r7-incident-response";
/// An instant inside the window of [`R7`].
pub(crate) const OPEN_R7: &str = "2025-06-02T10:00:00+09:00";

/// How long a start or a stop may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

static NUMBER: AtomicU32 = AtomicU32::new(0);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
}

/// A folder that goes when its value goes.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new() -> Folder {
        let folder = std::env::temp_dir().join(unique_name());
        fs::create_dir_all(&folder).expect("the temporary folder is writable");
        Folder(folder)
    }

    pub(crate) fn file(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

fn unique_name() -> String {
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    format!("sonae_process_{}_{number}", std::process::id())
}

/// The URL of an empty schema of the test server.
pub(crate) fn empty_schema() -> String {
    let base = std::env::var("SONAE_TEST_POSTGRES").unwrap_or_else(|_| {
        panic!("SONAE_TEST_POSTGRES is not set; run the tests with `cargo xtask test`, which starts PostgreSQL")
    });
    sonae_store::contract::empty_schema(&base, &unique_name()).expect("the test server answers")
}

pub(crate) struct Office {
    pub(crate) folder: Folder,
    data: PathBuf,
    database: Option<String>,
    running: Option<(Child, SocketAddr)>,
}

impl Office {
    /// Nothing runs yet.
    pub(crate) fn new(engine: Engine) -> Office {
        let folder = Folder::new();
        Office {
            data: folder.0.join("data"),
            folder,
            database: (engine == Engine::Postgres).then(empty_schema),
            running: None,
        }
    }

    /// Another node on the database of `first`, with a data folder of its own; nothing runs yet.
    pub(crate) fn beside(first: &Office) -> Office {
        let folder = Folder::new();
        Office {
            data: folder.0.join("data"),
            folder,
            database: first.database.clone(),
            running: None,
        }
    }

    /// The same on a data folder of the test's choice.
    pub(crate) fn in_folder(data: &Path) -> Office {
        let mut office = Office::new(Engine::Sqlite);
        office.data = data.to_owned();
        office
    }

    pub(crate) fn start(&mut self, clock: &str) {
        self.start_with(clock, &[]);
    }

    /// Starts the program and waits until it listens.
    pub(crate) fn start_with(&mut self, clock: &str, flags: &[&str]) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sonae"));
        command.arg("serve").args(self.place()).args(flags);
        command.args(["--listen", "127.0.0.1:0", "--clock", clock]);
        // A quick machine sends more here in a minute than one address may; the limits have tests of their own.
        command.arg("--no-rate-limit");
        self.spawn(command);
    }

    /// Runs `command`, which becomes a serving program, and waits until it listens.
    pub(crate) fn spawn(&mut self, mut command: Command) {
        assert!(self.running.is_none(), "the program runs already");
        let log = self.folder.0.join("log");
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(File::create(&log).expect("a log file"))
            .spawn()
            .expect("the program starts");
        let stdout = child.stdout.take().expect("piped just above");
        let (tell, told) = mpsc::channel();
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                // Once the test knows the address it listens no longer.
                drop(tell.send(line));
            }
        });
        let address = told.recv_timeout(PATIENCE).ok().and_then(|line| {
            let url = line.strip_prefix("Sonae: http://")?;
            url.split(' ').next()?.parse().ok()
        });
        let Some(address) = address else {
            drop(child.kill());
            drop(child.wait());
            panic!(
                "the program did not start: {}",
                fs::read_to_string(log).unwrap_or_default()
            );
        };
        self.running = Some((child, address));
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.running.as_ref().expect("the program runs").1
    }

    /// The process id of the running program.
    pub(crate) fn pid(&self) -> u32 {
        self.running.as_ref().expect("the program runs").0.id()
    }

    /// SIGKILL: no chance to do anything more.
    pub(crate) fn kill(&mut self) {
        if let Some((mut child, _)) = self.running.take() {
            drop(child.kill());
            drop(child.wait());
        }
    }

    /// SIGTERM, and the end that follows.
    pub(crate) fn stop(&mut self) -> ExitStatus {
        let (mut child, _) = self.running.take().expect("the program runs");
        let pid = child.id().to_string();
        let told = Command::new("kill").args(["-TERM", &pid]).status();
        assert!(told.is_ok_and(|status| status.success()));
        let asked = Instant::now();
        loop {
            if let Some(status) = child.try_wait().expect("a child can be waited for") {
                return status;
            }
            if asked.elapsed() > PATIENCE {
                drop(child.kill());
                panic!("the program does not stop");
            }
            pause(Duration::from_millis(10));
        }
    }

    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.folder.0.join("log")).unwrap_or_default()
    }

    /// Submits an application to a programme.
    pub(crate) fn submit(&self, program: &str, key: &str, body: &str) -> std::io::Result<Answer> {
        submit(self.address(), program, key, body)
    }

    /// The flags that say where the data lies.
    pub(crate) fn place(&self) -> Vec<String> {
        let mut flags = vec!["--data".to_owned(), self.data.display().to_string()];
        if let Some(url) = &self.database {
            flags.extend(["--database".to_owned(), url.clone()]);
        }
        flags
    }

    /// The database's URL as `copy-database` takes it.
    pub(crate) fn url(&self) -> String {
        self.database
            .clone()
            .unwrap_or_else(|| format!("sqlite:{}", self.data.join("sonae.db").display()))
    }

    pub(crate) fn data(&self) -> &Path {
        &self.data
    }

    /// Runs `sonae COMMAND` on this office's data, then `rest`.
    pub(crate) fn command(&self, command: &str, rest: &[&str]) -> Ended {
        let place = self.place();
        let place = place.iter().map(String::as_str);
        let arguments: Vec<&str> = std::iter::once(command)
            .chain(place)
            .chain(rest.iter().copied())
            .collect();
        sonae(&arguments)
    }
}

impl Drop for Office {
    fn drop(&mut self) {
        self.kill();
    }
}

pub(crate) fn submit(
    address: SocketAddr,
    program: &str,
    key: &str,
    body: &str,
) -> std::io::Result<Answer> {
    let path = format!("/api/v1/programs/{program}/applications");
    http::post(address, &path, key, body)
}

/// A command that has ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ended {
    /// The command must have succeeded.
    pub(crate) fn well(self) -> Ended {
        assert_eq!(self.code, Some(0), "{}{}", self.out, self.err);
        self
    }
}

/// Runs the program to its end.
pub(crate) fn sonae(arguments: &[&str]) -> Ended {
    let output = Command::new(env!("CARGO_BIN_EXE_sonae"))
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .expect("the program starts");
    Ended {
        code: output.status.code(),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// A complete application to a programme; the number makes it somebody else's.
pub(crate) fn application(program: &str, number: usize) -> String {
    let table: Value =
        serde_json::from_str(include_str!("../../../core/tests/data/bad-input.json"))
            .expect("JSON");
    let mut body = table["bases"][program].clone();
    body["name"] = format!("株式会社サンプル{number}").into();
    body["contact_email"] = format!("a{number}@sample.example.jp").into();
    body.to_string()
}

/// Lets the program run on by itself for a while.
pub(crate) fn pause(time: Duration) {
    #[expect(
        clippy::disallowed_methods,
        reason = "the test is the passage of time itself: a kill, a signal or an edge at some moment of a burst"
    )]
    std::thread::sleep(time);
}

/// Chance that can be repeated: SplitMix64 from a printed seed, which `SONAE_TEST_SEED` sets.
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(case: &str) -> Chance {
        let given = std::env::var("SONAE_TEST_SEED").ok();
        let seed = given
            .and_then(|seed| seed.parse().ok())
            .unwrap_or_else(|| u64::from_be_bytes(sonae::chance::bytes()));
        println!("{case}: SONAE_TEST_SEED={seed}");
        Chance(seed)
    }

    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % bound
    }
}
