//! Files that are laid down and files that grow: each line once, whatever happens to the files.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Parser;
use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::SignedDuration;
use proptest::prelude::*;
use sonae::config::DataArgs;
use sonae::jobs::read_spool::{self, Done, Seen};
use sonae::telemetry::files::{Came, Files};
use sonae::telemetry::opened::Opened;
use sonae::telemetry::tail::Tail;
use sonae_store::telemetry_source::{self, Kind, Source};
use sonae_telemetry::Day;
use sonae_telemetry::batch;
use sonae_telemetry::device_clock::Arrival;
use tokio::sync::watch;

use crate::office::{OPEN_R6, Office, R6, complete};

const NOW_US: i64 = 1_780_000_000_000_000;

#[derive(Parser)]
struct Flags {
    #[command(flatten)]
    data: DataArgs,
}

/// A folder with detections of one source, and room for its files.
pub(super) struct Place {
    folder: tempfile::TempDir,
    opened: Arc<Opened>,
}

impl Place {
    pub(super) fn new() -> Place {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().display().to_string();
        let flags = Flags::parse_from(["sonae", "--data", &data]);
        let opened = Arc::new(Opened::beside(&flags.data));
        Place { folder, opened }
    }

    pub(super) fn files(&self) -> Files<'_> {
        let source = batch::Source {
            id: "source".to_owned(),
            company: "company".to_owned(),
            device: "SN-1".to_owned(),
        };
        let arrival = Arrival {
            received_us: NOW_US,
            live: true,
        };
        Files::new(self.opened.get().unwrap(), source, arrival)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Lines that are stored.
    pub(super) fn stored(&self) -> i64 {
        let day = Day::of(NOW_US);
        let sheet = self.opened.get().unwrap().sheet(day).unwrap();
        let total = sheet.get("company").cloned().unwrap_or_default();
        total.detections + total.activities + total.unknown
    }
}

fn append(path: &Path, text: &str) {
    let mut file = OpenOptions::new()
        .create(true)
        .append(true)
        .open(path)
        .unwrap();
    file.write_all(text.as_bytes()).unwrap();
}

#[test]
fn a_file_is_known_by_its_beginning_up_to_a_time() {
    let place = Place::new();
    let read = |text: &str| -> Came { place.files().read(text.as_bytes(), None).unwrap() };
    let rule = "-----------------------\n";
    for (text, known, lines) in [
        // Two logs that begin with the same rule.
        (format!("{rule}2026-05-28 10:00:00 a\n"), 0, 2),
        (format!("{rule}2026-05-28 11:00:00 b\n"), 0, 2),
        (
            format!("{rule}2026-05-28 10:00:00 a\n2026-05-28 10:00:01 c\n"),
            46,
            1,
        ),
        (format!("{rule}2026-05-28 11:00:00 b\n"), 46, 0),
        // One that had nothing else yet goes on as the same.
        ("head\n".to_owned(), 0, 1),
        ("head\n2026-05-28 12:00:00 d\n".to_owned(), 5, 1),
        ("head\n2026-05-28 12:00:00 d\n".to_owned(), 27, 0),
        (String::new(), 0, 0),
        ("\n\n".to_owned(), 0, 0),
    ] {
        let came = read(&text);
        assert_eq!((came.known, came.counts.lines), (known, lines), "{text:?}");
    }
}

#[test]
fn a_growing_file_is_followed_through_rotation() {
    let place = Place::new();
    let log = place.path("eve.json");
    let mut tail = Tail::of(log.clone());
    let look = |tail: &mut Tail| tail.look(&mut place.files()).unwrap();
    assert_eq!(look(&mut tail), 0, "it does not exist yet");
    append(
        &log,
        "2026-05-28 10:00:00 a\n2026-05-28 10:00:01 b\n2026-05",
    );
    assert_eq!(look(&mut tail), 2, "the third line has no end");
    append(&log, "-28 10:00:02 c\n");
    assert_eq!((look(&mut tail), look(&mut tail)), (1, 0));
    // It is renamed; its writer goes on for a moment, also when an empty file stands there.
    fs::rename(&log, place.path("eve.json.1")).unwrap();
    append(&place.path("eve.json.1"), "2026-05-28 10:00:03 d\n");
    assert_eq!(look(&mut tail), 1);
    File::create(&log).unwrap();
    append(
        &place.path("eve.json.1"),
        "2026-05-28 10:00:04 e\n2026-05-28 10:00:05 broken off",
    );
    assert_eq!(look(&mut tail), 1);
    append(&log, "2026-05-28 10:00:06 f\n");
    assert_eq!(
        look(&mut tail),
        2,
        "the rest of the old one and the new one"
    );
    // Emptied in place, and begun anew with as many bytes.
    File::create(&log).unwrap();
    append(&log, "2026-05-28 10:00:07 g\n");
    assert_eq!(look(&mut tail), 1);
    // Renamed while nobody looked.
    append(&log, "2026-05-28 10:00:08 h\n");
    fs::rename(&log, place.path("eve.json-20260528")).unwrap();
    append(&log, "2026-05-28 10:00:09 i\n");
    append(&place.path("eve.json.note"), "2026-05-28 not ours\n");
    let mut tail = Tail::of(log.clone());
    assert_eq!((look(&mut tail), look(&mut tail)), (2, 0));
    // Renamed twice between two looks.
    for (day, line) in [("20260529", "10 j"), ("20260530", "11 k")] {
        append(&log, &format!("2026-05-28 10:00:{line}\n"));
        fs::rename(&log, place.path(&format!("eve.json-{day}"))).unwrap();
    }
    append(&log, "2026-05-28 10:00:12 l\n");
    assert_eq!((look(&mut tail), look(&mut tail)), (3, 0));
    assert_eq!(place.stored(), 13);
}

#[derive(Clone, Debug)]
enum Act {
    Line,
    HalfALine,
    Look,
    Rename,
    /// The writer begins the new file.
    Reopen,
    Restart,
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]
    #[test]
    fn whatever_happens_to_a_file_each_line_counts_once(acts in prop::collection::vec(
        prop_oneof![
            4 => Just(Act::Line), 2 => Just(Act::HalfALine), 3 => Just(Act::Look),
            1 => Just(Act::Rename), 1 => Just(Act::Reopen), 1 => Just(Act::Restart),
        ], 1..40,
    )) {
        let place = Place::new();
        let log = place.path("eve.json");
        let mut tail = Tail::of(log.clone());
        let (mut written, mut renamed, mut half) = (0, 0, false);
        let mut writer = log.clone();
        // A file of which nothing was ever read is nobody's earlier part.
        for act in [Act::Line, Act::Look].into_iter().chain(acts).chain([Act::Reopen, Act::Line, Act::Look, Act::Look]) {
            match act {
                Act::Line => {
                    append(&writer, &format!("{}2026-05-28 {written:06} x\n", if half { "" } else { "line " }));
                    (written, half) = (written + 1, false);
                }
                Act::HalfALine if !half => {
                    append(&writer, "half ");
                    half = true;
                }
                Act::HalfALine => {}
                Act::Look => {
                    tail.look(&mut place.files()).unwrap();
                }
                Act::Rename if writer == log && log.exists() => {
                    renamed += 1;
                    writer = place.path(&format!("eve.json.{renamed}"));
                    fs::rename(&log, &writer).unwrap();
                }
                Act::Rename => {}
                Act::Reopen => {
                    if half {
                        append(&writer, &format!("2026-05-28 {written:06} end\n"));
                        (written, half) = (written + 1, false);
                    }
                    // Whoever looks sees every part before there are more than are looked for.
                    tail.look(&mut place.files()).unwrap();
                    writer = log.clone();
                }
                Act::Restart => tail = Tail::of(log.clone()),
            }
        }
        prop_assert_eq!(place.stored(), written);
    }
}

/// An office with a spool folder and one device.
pub(super) struct Spool {
    pub(super) office: Office,
    folder: PathBuf,
    seen: Seen,
}

impl Spool {
    /// `hours` are the device's period around now.
    pub(super) async fn new(hours: (i64, i64)) -> Spool {
        let office = Office::open(OPEN_R6);
        let reply = office.apply(R6, "key-0001", complete(R6).to_string()).await;
        let number = reply.json()["receipt_number"].as_str().unwrap().to_owned();
        let now = office.app.clock.now();
        let write = office.app.write(move |tx| {
            let stored = sonae_store::case::by_receipt(tx, &number)?.expect("it was received");
            let source = Source {
                id: "device".to_owned(),
                application_id: stored.application_id,
                kind: Kind::Utm,
                product: "FortiGate 60F".to_owned(),
                serial: "SN-1".to_owned(),
                from: now + SignedDuration::from_hours(hours.0),
                until: now + SignedDuration::from_hours(hours.1),
                created_by: "command".to_owned(),
                created_at: now,
                ended_at: None,
            };
            telemetry_source::add(tx, &source, "hash")
        });
        write.await.unwrap();
        let folder = office.app.config.data.data.join("spool");
        fs::create_dir_all(folder.join("device")).unwrap();
        let seen = Seen::default();
        Spool {
            office,
            folder,
            seen,
        }
    }

    pub(super) fn lay(&self, name: &str, bytes: &[u8]) {
        fs::write(self.folder.join("device").join(name), bytes).unwrap();
    }

    pub(super) fn rounds(&self, rounds: usize) -> Done {
        let (_keep, stop) = watch::channel(false);
        let mut sum = Done::default();
        for _ in 0..rounds {
            let done =
                read_spool::round(&self.office.app, &self.folder, &self.seen, &stop).unwrap();
            sum.read += done.read;
            sum.failed += done.failed;
        }
        sum
    }

    pub(super) fn names(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.folder.join("device").join(folder));
        let mut names: Vec<String> = (entries.into_iter().flatten().flatten())
            .filter(|entry| entry.path().is_file())
            .map(|entry| entry.file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    pub(super) fn stored(&self) -> i64 {
        let day = Day::of(self.office.app.clock.now().as_microsecond());
        let sheet = self
            .office
            .app
            .detections
            .get()
            .unwrap()
            .sheet(day)
            .unwrap();
        sheet
            .values()
            .map(|total| total.detections + total.activities + total.unknown)
            .sum()
    }
}

fn packed(text: &str) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(text.as_bytes()).unwrap();
    gzip.finish().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_are_laid_down_are_read_once_and_moved() {
    let spool = Spool::new((-1, 1)).await;
    let (a, b) = (
        "2024-06-03 09:00:00 a\n2024-06-03 09:00:01 a\n",
        "2024-06-03 09:10:00 b\n",
    );
    spool.lay("a.log", a.as_bytes());
    spool.lay("b.log.gz", &packed(b));
    spool.lay("c.log.part", a.as_bytes());
    fs::create_dir_all(spool.folder.join("nobody")).unwrap();
    fs::write(spool.folder.join("nobody/a.log"), a).unwrap();
    assert_eq!(spool.rounds(1), Done::default(), "it may still be written");
    assert_eq!(spool.rounds(1), Done { read: 2, failed: 0 });
    assert_eq!(
        (spool.names("done"), spool.names("")),
        (
            vec!["a.log".to_owned(), "b.log.gz".to_owned()],
            vec!["c.log.part".to_owned()]
        )
    );
    assert_eq!(spool.stored(), 3);
    // The same again, under other names and the same one, and grown by a line.
    spool.lay("a.log", a.as_bytes());
    spool.lay("b.log", format!("{b}2024-06-03 09:10:01 b\n").as_bytes());
    assert_eq!(spool.rounds(2), Done { read: 2, failed: 0 });
    assert_eq!(
        spool.names("done"),
        ["a.log", "a.log.1", "b.log", "b.log.gz"]
    );
    assert_eq!(spool.stored(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_is_put_aside_with_a_reason() {
    let spool = Spool::new((-1, 1)).await;
    let whole = packed(&"2024-06-03 09:00:00 a\n".repeat(10_000));
    let mut damaged = whole.clone();
    damaged[whole.len() - 6] ^= 0x55;
    spool.lay("cut.gz", &whole[..whole.len() / 2]);
    spool.lay("damaged.gz", &damaged);
    spool.lay("half.log", b"2024-06-03 09:00:00 the line has no e");
    assert_eq!(spool.rounds(2), Done { read: 0, failed: 1 });
    assert_eq!(spool.names("failed"), ["damaged.gz", "damaged.gz.なぜ.txt"]);
    assert_eq!(
        spool.names(""),
        ["cut.gz", "half.log"],
        "they may still be written"
    );
    assert_eq!(spool.rounds(120), Done { read: 1, failed: 1 });
    assert_eq!(spool.names("done"), ["half.log"]);
    let why = fs::read_to_string(spool.folder.join("device/failed/cut.gz.なぜ.txt")).unwrap();
    assert!(why.contains("最後まで読めませんでした"), "{why}");
    for hours in [(1, 2), (-300, -200)] {
        let spool = Spool::new(hours).await;
        spool.lay("a.log", b"2024-06-03 09:00:00 a\n");
        assert_eq!(spool.rounds(2), Done { read: 0, failed: 1 });
        assert_eq!((spool.names("failed").len(), spool.stored()), (2, 0));
    }
}
