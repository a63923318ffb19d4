//! kill -9 while devices' lines come in, by syslog over TCP and from the spool folder: what is stored is stored once, the figures equal a recount,
//! files lose nothing, and a connection loses at most what came in the last seconds.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::office::{Chance, Engine, OPEN_R7, Office, R7, application, pause, sonae};

const KILLS: usize = 4;
/// Files in the spool folder, and lines of each.
const FILES: usize = 60;
const LINES: usize = 50;
/// How often a line is sent.
const PACE: Duration = Duration::from_millis(5);
/// What was sent so long before a kill is stored: the second that lines wait for others, and what storing takes on a busy machine.
const SETTLED: Duration = Duration::from_secs(6);
/// How long the last run may take for what is left.
pub(super) const PATIENCE: Duration = Duration::from_secs(120);

#[test]
fn sqlite() {
    check(Engine::Sqlite);
}

#[test]
fn postgres() {
    check(Engine::Postgres);
}

/// An office with a device that has a port and a folder.
pub(super) struct Lent {
    pub(super) office: Office,
    pub(super) address: String,
    spool: String,
    pub(super) number: String,
    id: String,
}

impl Lent {
    pub(super) fn new(engine: Engine) -> Lent {
        let office = Office::new(engine);
        let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
        let spool = office.folder.0.join("spool").display().to_string();
        fs::create_dir_all(&spool).expect("writable");
        let mut lent = Lent {
            address: free.expect("a free port").to_string(),
            spool,
            office,
            number: String::new(),
            id: String::new(),
        };
        lent.start();
        let answer = lent.office.submit(R7, "key", &application(R7, 1));
        let receipt: serde_json::Value =
            serde_json::from_str(&answer.expect("an answer").body).expect("JSON");
        let number = receipt["receipt_number"].as_str().expect("a number");
        lent.number = number.to_owned();
        lent.office.kill();
        let device = ["--source", "utm", "--product", "UTM", "--serial", "SN-1"];
        let period = ["--from", "2025-06-01", "--to", "2025-06-30", "--syslog"];
        let flags = [&["--company", number], &device[..], &period].concat();
        let printed = command(&lent.office, &["source", "add"], &flags);
        let port = lent.address.rsplit(':').next();
        assert_eq!(printed.lines().nth(1), port, "the token, then the port");
        let listed = command(&lent.office, &["source", "list"], &["--company", number]);
        lent.id = listed.split('\t').next().expect("an id").to_owned();
        lent
    }

    pub(super) fn start(&mut self) {
        let flags = ["--syslog", &self.address, "--telemetry-spool", &self.spool];
        self.office.start_with(OPEN_R7, &flags);
    }

    fn folder(&self) -> PathBuf {
        Path::new(&self.spool).join(&self.id)
    }

    /// Waits until every file that was laid down is read.
    fn wait_for_files(&self) {
        let since = Instant::now();
        let left = || {
            let entries = fs::read_dir(self.folder()).expect("readable").flatten();
            entries.filter(|entry| entry.path().is_file()).count()
        };
        while left() > 0 {
            assert!(since.elapsed() < PATIENCE, "{} files are left", left());
            pause(Duration::from_millis(50));
        }
    }
}

fn check(engine: Engine) {
    let mut chance = Chance::new(&format!("devices on {engine:?}"));
    let mut lent = Lent::new(engine);
    let laid_down = lay_down(&lent.folder());
    let (mut sent, mut settled) = (BTreeSet::new(), BTreeSet::new());
    for _ in 0..KILLS {
        lent.start();
        let sending = Duration::from_millis(500 + chance.below(9_000));
        let lines = send(&lent.address, sent.len(), sending);
        lent.office.kill();
        let old = lines.iter().filter(|(_, age)| *age > SETTLED);
        settled.extend(old.map(|(line, _)| line.clone()));
        sent.extend(lines.into_iter().map(|(line, _)| line));
    }
    lent.start();
    lent.wait_for_files();
    assert!(lent.office.stop().success());
    command(&lent.office, &["verify"], &[]);
    let stored = stored(&lent.office, &lent.number);
    let once: BTreeSet<String> = stored.iter().cloned().collect();
    assert_eq!(once.len(), stored.len(), "a line is stored twice");
    let missing = |all: &BTreeSet<String>| all.difference(&once).count();
    assert_eq!((missing(&laid_down), missing(&settled)), (0, 0));
    let lost = missing(&sent);
    let expected = laid_down.len() + sent.len() - lost;
    assert_eq!(once.len(), expected, "something else is stored");
    let sent = sent.len();
    println!("{engine:?}: {KILLS} kills, {sent} lines sent of which {lost} are lost");
}

/// Runs a command of `sonae telemetry` on the office's data and gives what it prints.
pub(super) fn command(office: &Office, words: &[&str], rest: &[&str]) -> String {
    let place = office.place();
    let place: Vec<&str> = place.iter().map(String::as_str).collect();
    sonae(&[&["telemetry"], words, &place[..], rest].concat())
        .well()
        .out
}

/// A line that is unlike any other, as a firewall writes it.
pub(super) fn line(kind: &str, number: usize) -> String {
    format!(
        "<185>date=2025-06-02 time=09:59:00 devname=\"FG60\" devid=\"{kind}-{number:06}\" logid=\"0419016384\" type=\"utm\" subtype=\"ips\" action=\"dropped\" attack=\"Sample.Attack\""
    )
}

/// Lays files down in the device's folder; gives their lines.
fn lay_down(folder: &Path) -> BTreeSet<String> {
    fs::create_dir_all(folder).expect("writable");
    let mut all = BTreeSet::new();
    for file in 0..FILES {
        let lines: Vec<String> = (0..LINES)
            .map(|number| line("spool", file * LINES + number))
            .collect();
        fs::write(
            folder.join(format!("{file:03}.log")),
            lines.join("\n") + "\n",
        )
        .expect("writable");
        all.extend(lines);
    }
    all
}

/// Sends lines for a while; gives each with how long ago it was sent at the end.
fn send(address: &str, first: usize, time: Duration) -> Vec<(String, Duration)> {
    let mut stream = TcpStream::connect(address).expect("the port is open");
    let since = Instant::now();
    let mut lines = Vec::new();
    while since.elapsed() < time {
        let text = line("tcp", first + lines.len());
        let message = format!("{} {text}", text.len());
        stream.write_all(message.as_bytes()).expect("it is read");
        lines.push((text, Instant::now()));
        pause(PACE);
    }
    lines
        .into_iter()
        .map(|(line, at)| (line, at.elapsed()))
        .collect()
}

/// The raw lines that are stored.
pub(super) fn stored(office: &Office, number: &str) -> Vec<String> {
    let exported = command(office, &["export"], &["--company", number]);
    let raw = exported.lines().map(|line| {
        let event: serde_json::Value = serde_json::from_str(line).expect("JSON");
        event["raw_data"].as_str().expect("the raw line").to_owned()
    });
    raw.collect()
}
