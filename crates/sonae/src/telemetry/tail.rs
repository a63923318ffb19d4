//! A file that grows, followed through rotation: renamed and begun anew, or emptied where it stands.
//!
//! How far it was read stands with the lines, in one transaction; so nothing is doubled or left out when the program ends in between. What a device
//! writes between our last look and the moment at which its file is emptied in place is lost to any reader, which renaming avoids.

use std::fs::{self, File, Metadata};
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use sonae_telemetry::lines::LONGEST;

use super::files::{Failure, Files};

/// Bytes that are read at once: a batch.
const PIECE: usize = 4 << 20;
/// Bytes at the beginning of a file by which it is known.
const HEAD: usize = 64 * 1024;
/// Files beside it that may be its earlier parts.
const MOST_PARTS: usize = 10;

/// One file that is followed.
#[derive(Debug)]
pub struct Tail {
    path: PathBuf,
    open: Option<Open>,
    /// Whether what was renamed while nobody looked has been read to its end.
    caught_up: bool,
}

#[derive(Debug)]
struct Open {
    file: File,
    /// By what the store knows it.
    name: String,
    /// How far it was read.
    read_to: u64,
    /// Its first bytes, which change when it is emptied and begun anew.
    head: Vec<u8>,
}

impl Tail {
    /// Follows a file, which need not exist yet.
    pub fn of(path: PathBuf) -> Tail {
        Tail {
            path,
            open: None,
            caught_up: false,
        }
    }

    /// Stores what was written since the last look, and gives how many lines it was.
    ///
    /// # Errors
    /// See [`Failure`]; the next look goes on where the store ended.
    pub fn look(&mut self, files: &mut Files<'_>) -> Result<i64, Failure> {
        let looked = self.look_on(files);
        if looked.is_err() {
            // Nobody knows how far the store came; it is asked again, and so is what was renamed until then.
            self.open = None;
            self.caught_up = false;
        }
        looked
    }

    fn look_on(&mut self, files: &mut Files<'_>) -> Result<i64, Failure> {
        let mut lines = 0;
        // Until the file stands there with something in it, its writer may still write to the one that was renamed.
        let begun = fs::metadata(&self.path).is_ok_and(|about| about.len() > 0);
        if !self.caught_up {
            lines += self.catch_up(files, begun)?;
            self.caught_up = begun;
        }
        if let Some(mut open) = self.open.take() {
            let replaced = begun && !is_same(&open.file, &self.path)?;
            // Of a file that was emptied, what it held is gone; it is opened as another one below.
            if !open.is_begun_anew()? {
                lines += open.read(files, replaced)?;
                self.open = (!replaced).then_some(open);
            }
            if replaced {
                // It may have been renamed more than once since the last look.
                lines += self.catch_up(files, true)?;
            }
        }
        if self.open.is_none() && begun {
            self.open = Open::of(File::open(&self.path)?, files)?;
            if let Some(open) = &mut self.open {
                lines += open.read(files, false)?;
            }
        }
        Ok(lines)
    }

    /// Reads what was renamed while the program did not run: the earlier part that was read last, and those after it. When none was ever read, the
    /// file is followed for the first time and nobody asked for its past.
    fn catch_up(&self, files: &mut Files<'_>, ended: bool) -> Result<i64, Failure> {
        let (mut lines, mut known) = (0, false);
        for part in self.parts()? {
            if let Some(mut open) = Open::of(File::open(&part)?, files)? {
                known |= open.read_to > 0;
                if known {
                    lines += open.read(files, ended)?;
                }
            }
        }
        Ok(lines)
    }

    /// The newest files with names such as `eve.json.1` and `eve.json-20240603`, the oldest of them first; compressed ones are not followed.
    fn parts(&self) -> io::Result<Vec<PathBuf>> {
        let (Some(folder), Some(name)) = (
            self.path.parent(),
            self.path.file_name().and_then(|name| name.to_str()),
        ) else {
            return Ok(Vec::new());
        };
        let folder = if folder.as_os_str().is_empty() {
            Path::new(".")
        } else {
            folder
        };
        let mut parts = Vec::new();
        for entry in fs::read_dir(folder)?.flatten() {
            let rest = entry
                .file_name()
                .to_str()
                .and_then(|other| other.strip_prefix(name))
                .map(str::to_owned);
            let is_part = rest.is_some_and(|rest| {
                !rest.is_empty()
                    && rest
                        .chars()
                        .all(|one| one.is_ascii_digit() || ".-_".contains(one))
            });
            if let (true, Ok(about)) = (is_part, entry.metadata())
                && about.is_file()
            {
                parts.push((about.modified().ok(), entry.path()));
            }
        }
        parts.sort();
        let older = parts.len().saturating_sub(MOST_PARTS);
        Ok(parts
            .into_iter()
            .skip(older)
            .map(|(_, path)| path)
            .collect())
    }
}

impl Open {
    /// A file and how far it was read; none before it has a whole line.
    fn of(mut file: File, files: &Files<'_>) -> Result<Option<Open>, Failure> {
        let mut head = Vec::new();
        (&mut file).take(HEAD as u64).read_to_end(&mut head)?;
        let Some(end) = head.iter().rposition(|byte| *byte == b'\n') else {
            return Ok(None);
        };
        head.truncate(end + 1);
        let known = files.name_of(Cursor::new(&head))?;
        Ok(known.map(|(name, read_to)| Open {
            file,
            name,
            read_to,
            head,
        }))
    }

    /// Whether it is shorter than it was, or begins otherwise.
    fn is_begun_anew(&mut self) -> io::Result<bool> {
        if self.file.metadata()?.len() < self.read_to {
            return Ok(true);
        }
        self.file.seek(SeekFrom::Start(0))?;
        let mut now = vec![0; self.head.len()];
        let read = self.file.read_exact(&mut now);
        Ok(read.is_err() || now != self.head)
    }

    /// Stores whole lines that were not read yet; with `last`, what stands behind the last line feed as well.
    fn read(&mut self, files: &mut Files<'_>, last: bool) -> Result<i64, Failure> {
        let mut lines = 0;
        let mut piece = Vec::new();
        loop {
            self.file.seek(SeekFrom::Start(self.read_to))?;
            piece.clear();
            (&mut self.file)
                .take(PIECE as u64)
                .read_to_end(&mut piece)?;
            let end = match piece.iter().rposition(|byte| *byte == b'\n') {
                Some(end) => end + 1,
                // A line without an end: it may still come, unless nobody writes any more or it is longer than any that is read.
                None if last || piece.len() > LONGEST => piece.len(),
                None => 0,
            };
            let ended = piece.len() < PIECE;
            if end > 0 {
                let came = files.append(&self.name, self.read_to, &piece[..end])?;
                lines += came.counts.lines;
                self.read_to = came.reached;
            }
            if end == 0 || ended && !(last && end < piece.len()) {
                return Ok(lines);
            }
        }
    }
}

/// Whether a path still names an open file.
fn is_same(file: &File, path: &Path) -> io::Result<bool> {
    Ok(identity(&file.metadata()?) == identity(&fs::metadata(path)?))
}

#[cfg(unix)]
fn identity(about: &Metadata) -> (u64, u64) {
    use std::os::unix::fs::MetadataExt;
    (about.dev(), about.ino())
}

/// Elsewhere a renamed file is seen by its first bytes.
#[cfg(not(unix))]
fn identity(_: &Metadata) -> (u64, u64) {
    (0, 0)
}
