//! The disk fills up in the middle of a burst: visitors are asked to come again, nothing acknowledged is lost, and when there is space
//! again the same key gives a receipt.
//!
//! A file system of a few megabytes in memory is the disk; mounting it needs root. Without root the process is limited in how large its
//! files may grow (RLIMIT_FSIZE), which SQLite meets as a failed write just the same. Only SQLite: a PostgreSQL server keeps its own
//! disk, and what it says of it (53100) is mapped to the same answer.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::books::{Receipt, balanced, receipt};
use crate::http::Answer;
use crate::office::{Folder, OPEN_R7, Office, R7, application, pause};

/// More applications than fit.
const MOST: usize = 4000;
/// How often a client comes again once there is space.
const TRIES: usize = 40;

#[test]
fn a_full_disk_loses_nothing() {
    let folder = Folder::new();
    let disk = folder.0.join("disk");
    std::fs::create_dir_all(&disk).expect("writable");
    match Mount::new(&disk, "8m") {
        Some(mount) => on_a_small_disk(&disk, mount),
        None => with_small_files(&disk),
    }
}

fn on_a_small_disk(disk: &Path, _mount: Mount) {
    println!("full disk: a tmpfs");
    let mut office = Office::in_folder(&disk.join("data"));
    office.start(OPEN_R7);
    let filler = disk.join("filler");
    std::fs::write(&filler, vec![1; 5 << 20]).expect("it fits");
    fills_up(&mut office, |_| {
        std::fs::remove_file(&filler).expect("removable")
    });
    office.kill();
}

fn with_small_files(disk: &Path) {
    println!("full disk: a limit of the size of files");
    let mut office = Office::in_folder(&disk.join("data"));
    // A first start makes the schema, so that the limit is met by applications.
    office.start(OPEN_R7);
    office.stop();
    let mut command = Command::new("sh");
    let limited = "trap '' XFSZ; ulimit -S -f 2048; exec \"$@\"";
    command.args(["-c", limited, "sh", env!("CARGO_BIN_EXE_sonae"), "serve"]);
    command.args(office.place());
    command.args(["--listen", "127.0.0.1:0", "--clock", OPEN_R7]);
    command.arg("--no-rate-limit");
    office.spawn(command);
    fills_up(&mut office, |office| {
        let pid = office.pid().to_string();
        let raised = Command::new("prlimit")
            .args(["--pid", &pid, "--fsize=unlimited:"])
            .status();
        assert!(raised.is_ok_and(|status| status.success()));
    });
    office.kill();
}

/// Submits until the disk is full, frees space, and submits again what was put off.
fn fills_up(office: &mut Office, free: impl Fn(&Office)) {
    let mut received: Vec<Receipt> = Vec::new();
    let mut put_off = Vec::new();
    for number in 0..MOST {
        let answer = apply(office, number);
        if answer.status == 201 {
            received.push(receipt(&answer));
            continue;
        }
        asks_to_come_again(&answer);
        put_off.push(number);
        if put_off.len() == 5 {
            break;
        }
    }
    assert_eq!(put_off.len(), 5, "the disk never filled up");
    assert!(!received.is_empty(), "the disk was full from the start");
    free(office);
    for number in put_off {
        received.push(receipt(&patiently(office, number)));
    }
    let lines = balanced(office, &received);
    assert_eq!(lines.len(), received.len());
    println!(
        "full disk: {} applications, 5 put off and received later",
        lines.len()
    );
}

/// Submits as a client does that comes again when it is asked to.
fn patiently(office: &Office, number: usize) -> Answer {
    for _ in 0..TRIES {
        let answer = apply(office, number);
        if [200, 201].contains(&answer.status) {
            return answer;
        }
        asks_to_come_again(&answer);
        pause(Duration::from_millis(500));
    }
    panic!("the disk is free and number {number} is still put off");
}

fn apply(office: &Office, number: usize) -> Answer {
    let answer = office.submit(R7, &format!("key-{number}"), &application(R7, number));
    answer.expect("also a full disk is answered")
}

fn asks_to_come_again(answer: &Answer) {
    assert_eq!(answer.status, 503, "{answer:?}");
    assert!(
        answer
            .header("retry-after")
            .parse::<u32>()
            .is_ok_and(|seconds| seconds > 0)
    );
    let problem = answer.json();
    assert_eq!(problem["type"], "urn:sonae:problem:busy");
    let detail = problem["detail"].as_str().expect("a sentence");
    assert!(detail.contains("もう一度送ってください"), "{detail}");
}

/// A small file system in memory, unmounted with its value.
pub(crate) struct Mount(std::path::PathBuf);

impl Mount {
    /// None when we may not mount.
    pub(crate) fn new(at: &Path, size: &str) -> Option<Mount> {
        let mut command = Command::new("mount");
        let size = format!("size={size}");
        command.args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(at);
        let mounted = command.output().is_ok_and(|output| output.status.success());
        mounted.then(|| Mount(at.to_owned()))
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        // Lazily: a program that is just ending may still hold a file.
        drop(Command::new("umount").arg("-l").arg(&self.0).status());
    }
}
