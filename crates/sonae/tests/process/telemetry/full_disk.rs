//! The disk fills up while devices send: they are told to come back, nothing acknowledged is lost, and with space again everything is taken.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use super::load::{Load, Sending, command};
use crate::full_disk::Mount;
use crate::office::{Folder, OPEN_R7, Office, pause};

#[test]
fn a_full_disk_loses_no_line() {
    let folder = Folder::new();
    let disk = folder.0.join("disk");
    std::fs::create_dir_all(&disk).expect("writable");
    match Mount::new(&disk, "32m") {
        Some(mount) => on_a_small_disk(&disk, mount),
        None => with_small_files(&disk),
    }
}

fn on_a_small_disk(disk: &Path, _mount: Mount) {
    println!("full disk: a tmpfs");
    let mut office = Office::in_folder(&disk.join("data"));
    office.start(OPEN_R7);
    let load = Load::new(&office, 2, "4000");
    let filler = disk.join("filler");
    fill(&filler);
    fills_up(&office, &load, || {
        std::fs::remove_file(&filler).expect("removable");
    });
    office.kill();
    load.holds(&office);
}

/// Takes what is left of the disk but for some hundred kilobytes.
fn fill(filler: &Path) {
    let mut kib = 0;
    while std::fs::write(filler, vec![1; (kib + 64) << 10]).is_ok() {
        kib += 64;
    }
    let left = kib.saturating_sub(384);
    std::fs::write(filler, vec![1; left << 10]).expect("less than was there");
}

fn with_small_files(disk: &Path) {
    println!("full disk: a limit of the size of files");
    let mut office = Office::in_folder(&disk.join("data"));
    office.start(OPEN_R7);
    let load = Load::new(&office, 2, "4000");
    // The detections are made before, so that the limit is met by batches.
    command(&office, &["verify"], &[]);
    office.stop();
    let mut limited = Command::new("sh");
    let limit = "trap '' XFSZ; ulimit -S -f 1024; exec \"$@\"";
    limited.args(["-c", limit, "sh", env!("CARGO_BIN_EXE_sonae"), "serve"]);
    limited.args(office.place());
    limited.args(["--listen", "127.0.0.1:0", "--clock", OPEN_R7]);
    limited.arg("--no-rate-limit");
    office.spawn(limited);
    let pid = office.pid().to_string();
    fills_up(&office, &load, || {
        let raised = Command::new("prlimit")
            .args(["--pid", &pid, "--fsize=unlimited:"])
            .status();
        assert!(raised.is_ok_and(|status| status.success()));
    });
    office.kill();
    load.holds(&office);
}

/// Sends by one client until it was put off several times, frees space, and sends the rest.
fn fills_up(office: &Office, load: &Load, free: impl FnOnce()) {
    let sending = Sending::new(&load.parcels);
    let address = office.address();
    std::thread::scope(|scope| {
        let client = scope.spawn(|| sending.client(address, 0));
        for _ in 0..2_400 {
            pause(Duration::from_millis(50));
            if client.is_finished() || sending.put_off() >= 5 {
                break;
            }
        }
        free();
    });
    let put_off = sending.put_off();
    assert!(put_off >= 5, "the disk never filled up: {put_off}");
    assert!(sending.is_done(), "not everything was taken in the end");
    sending.again(&[address]);
    println!(
        "full disk: {put_off} times put off, {} batches",
        load.parcels.len()
    );
}
