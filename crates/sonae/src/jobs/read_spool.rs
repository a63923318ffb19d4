//! Reads the files that somebody lays down in the folders of `--telemetry-spool`: `DIR/<device's id>/NAME`.
//!
//! A file is stored line by line, each once, and then moved to `done`; what cannot be read goes to `failed`, with a text beside it that says why. What
//! a crash can do at each point: what was stored is known by the file's position, of a document by each record, and is not stored again; a file that was stored and not moved is
//! read again, brings nothing, and is moved.
//!
//! Files are to be laid down by renaming. One that is still being written is left alone until it has stayed the same for a while, the longer when
//! its last line has no end; one that grew all the same while it was read is put back.
//!
//! Retry: the next round, when the store does not answer or another node reads the same file. Give up: what cannot be read is put aside.

mod folder;

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use jiff::{SignedDuration, Timestamp};
use sonae_store::telemetry_source::{self, Source};
use sonae_telemetry::batch;
use sonae_telemetry::device_clock::Arrival;

use self::folder::{move_to, names, put_aside};
use super::Stop;
use crate::app::App;
use crate::error::CommandError;
use crate::telemetry::files::{Came, Failure, Files};
use crate::telemetry::unzipped::unzipped;

const REST: Duration = Duration::from_secs(5);
const CLOSED: Duration = Duration::from_secs(30);
/// How long the job rests when there is no folder to read.
const NOTHING_TO_READ: Duration = Duration::from_secs(3600);
/// Files of one round.
const BATCH: usize = 50;
/// Rounds for which a file must stay as it is; the second when it breaks off within a line.
const QUIET: (u32, u32) = (1, 120);
/// What was written before the device's end may be laid down so long after it.
const AFTER_THE_END: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Names that programs give to files they still write.
const UNFINISHED: [&str; 4] = [".tmp", ".part", ".partial", ".filepart"];

/// Sizes and times of the files that wait, and for how many rounds they stayed so.
#[derive(Debug, Default)]
pub struct Seen(Mutex<HashMap<PathBuf, Look>>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Look {
    size: u64,
    changed: Option<SystemTime>,
    rounds: u32,
}

/// What a round did with files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Done {
    pub read: usize,
    pub failed: usize,
}

/// One round. Gives how long to rest.
pub async fn run(app: App, stop: Stop, seen: Arc<Seen>) -> Duration {
    let Some(folder) = app.config.ways_in.telemetry_spool.clone() else {
        return NOTHING_TO_READ;
    };
    match tokio::task::spawn_blocking(move || round(&app, &folder, &seen, &stop)).await {
        Ok(Ok(done)) if done.read + done.failed == BATCH => Duration::ZERO,
        Ok(Ok(_)) => REST,
        Ok(Err(error)) => {
            tracing::warn!(%error, "the spool folder could not be read");
            CLOSED
        }
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}

/// Reads the files that are ready, at most [`BATCH`].
///
/// # Errors
/// The folder or a database could not be read or written; what was stored until then stands.
pub fn round(app: &App, folder: &Path, seen: &Seen, stop: &Stop) -> Result<Done, CommandError> {
    let unreadable = |error: io::Error| {
        CommandError::new(
            format!("{} を読めません。[{error}]", folder.display()),
            "フォルダーの場所と権限を確かめてください。",
        )
    };
    let mut done = Done::default();
    let mut waiting = HashMap::new();
    for own in names(folder).map_err(unreadable)? {
        let id = own
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        // Folders of anybody else are none of ours.
        let Some(source) = app.db.read(|tx| telemetry_source::by_id(tx, id))? else {
            continue;
        };
        if !own.is_dir() {
            continue;
        }
        for path in names(&own).map_err(unreadable)? {
            if *stop.borrow() || done.read + done.failed == BATCH {
                return Ok(done);
            }
            let Some(look) = seen.look(&path) else {
                continue;
            };
            waiting.insert(path.clone(), look);
            if !is_ready(&path, look) {
                continue;
            }
            match one(app, &source, &own, &path, look)? {
                Some(true) => done.read += 1,
                Some(false) => done.failed += 1,
                None => {}
            }
        }
    }
    seen.keep(waiting);
    Ok(done)
}

impl Seen {
    /// How a file looks now; none when it is no file or its name says that it is still written.
    fn look(&self, path: &Path) -> Option<Look> {
        let name = path.file_name()?.to_str()?;
        let unfinished = name.starts_with('.') || UNFINISHED.iter().any(|end| name.ends_with(end));
        let about = fs::symlink_metadata(path)
            .ok()
            .filter(|about| about.is_file() && !unfinished)?;
        let now = Look {
            size: about.len(),
            changed: about.modified().ok(),
            rounds: 0,
        };
        let seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let before = seen
            .get(path)
            .filter(|before| (before.size, before.changed) == (now.size, now.changed));
        Some(before.map_or(now, |before| Look {
            rounds: before.rounds.saturating_add(1),
            ..now
        }))
    }

    fn keep(&self, waiting: HashMap<PathBuf, Look>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = waiting;
    }
}

/// Whether a file has stayed as it is for long enough.
fn is_ready(path: &Path, look: Look) -> bool {
    let rounds = if ends_a_line(path).unwrap_or(true) {
        QUIET.0
    } else {
        QUIET.1
    };
    look.rounds >= rounds
}

/// Whether a plain file ends where a line ends; of a compressed one nobody can say.
fn ends_a_line(path: &Path) -> io::Result<bool> {
    let mut file = File::open(path)?;
    let mut start = [0; 2];
    if file.read(&mut start)? == 2 && start == crate::telemetry::unzipped::GZIP {
        return Ok(true);
    }
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut start[..1])?;
    Ok(matches!(start[0], b'\n' | b']' | b'}'))
}

/// Reads one file and moves it; whether it could be read, none when it stays for the next round.
fn one(
    app: &App,
    source: &Source,
    own: &Path,
    path: &Path,
    look: Look,
) -> Result<Option<bool>, CommandError> {
    let now = app.clock.now();
    if let Some(why) = not_taken(source, now) {
        put_aside(own, path, why);
        return Ok(Some(false));
    }
    match read(app, source, path, now) {
        Ok(came) => {
            if came.counts.lines > 0 {
                app.ledger.heard(&source.id, now);
            }
            let moved =
                move_to(&own.join("done"), path).map_err(|error| unmovable(path, &error))?;
            // Somebody wrote on while it was read: the rest is read from there the next time.
            if fs::metadata(&moved).is_ok_and(|about| about.len() != look.size) && !path.exists() {
                drop(fs::rename(&moved, path));
                return Ok(None);
            }
            tracing::info!(
                source = source.id,
                lines = came.counts.lines,
                known = came.known_records,
                "a file of the spool folder was read"
            );
            Ok(Some(true))
        }
        Err(Failure::Input(error)) if is_cut_off(&error) && look.rounds < QUIET.1 => Ok(None),
        Err(Failure::Input(error)) => {
            put_aside(
                own,
                path,
                &format!(
                    "ファイルを最後まで読めませんでした。読めたところまでの行は取り込みました。[{error}]"
                ),
            );
            Ok(Some(false))
        }
        Err(Failure::Elsewhere) => Ok(None),
        Err(Failure::Store(error)) => Err(error.into()),
    }
}

fn read(app: &App, source: &Source, path: &Path, now: Timestamp) -> Result<Came, Failure> {
    let detections = app
        .detections
        .get()
        .map_err(sonae_telemetry::TelemetryError::Db)?;
    let named = batch::Source {
        id: source.id.clone(),
        company: source.application_id.clone(),
        device: source.serial.clone(),
    };
    let arrival = Arrival {
        received_us: now.as_microsecond(),
        live: false,
    };
    let mut files = Files::new(detections, named, arrival);
    files.read(unzipped(File::open(path)?)?, None)
}

fn not_taken(source: &Source, now: Timestamp) -> Option<&'static str> {
    if now < source.from {
        return Some("機器の期間が、まだ始まっていません。始まってから、もう一度置いてください。");
    }
    let over = now >= source.end() + AFTER_THE_END;
    over.then_some("機器の期間が終わってから7日が過ぎているため、取り込みませんでした。期間を直すときは、機器を登録し直してください。")
}

/// A compressed file that ends too soon may still be written.
fn is_cut_off(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::UnexpectedEof
}

fn unmovable(path: &Path, error: &io::Error) -> CommandError {
    CommandError::new(
        format!("{} を移せません。[{error}]", path.display()),
        "フォルダーの権限と空き容量を確かめてください。",
    )
}
