//! The folder in which incoming mails are laid down by a mail server or a fetching program: a maildir with `new`, `cur` and `tmp`.
//!
//! Who delivers writes into `tmp` and renames into `new`, so a file in `new` is whole. We read it, store it, and rename it into `cur`;
//! nothing is ever deleted but copies of our own mails, which we have already. Dying between any two of these steps reads a file again, which stores nothing twice.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use jiff::Timestamp;

use crate::config::ServeArgs;
use crate::error::CommandError;

/// The longest mail that is stored whole; of a longer one this much is stored, and the file stays.
pub const LONGEST: u64 = 10 << 20;
/// The most names that one look into the folder takes.
const MOST_NAMES: usize = 10_000;
/// The flag 「seen」 behind a file's name.
const SEEN: &str = ":2,S";

/// The folder of `--inbox`.
#[derive(Clone, Debug)]
pub struct Maildir(PathBuf);

/// A file out of the folder.
#[derive(Debug)]
pub struct Delivered {
    /// At most [`LONGEST`] bytes.
    pub content: Vec<u8>,
    pub is_cut: bool,
    /// When it was laid down.
    pub at: Timestamp,
}

impl Maildir {
    /// The folder of `--inbox`, made where it is missing.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn of_config(config: &ServeArgs) -> Result<Option<Maildir>, CommandError> {
        let Some(dir) = &config.inbox else {
            return Ok(None);
        };
        for name in ["tmp", "new", "cur"] {
            fs::create_dir_all(dir.join(name)).map_err(|error| {
                CommandError::new(
                    format!("受信箱のフォルダー {} を作れません。", dir.display()),
                    format!("書き込みの権限を確かめるか、--inbox で別のフォルダーを指定してください。 [{error}]"),
                )
            })?;
        }
        Ok(Some(Maildir(dir.clone())))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The names of up to `limit` waiting files, the first delivered first.
    pub fn waiting(&self, limit: usize) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(self.0.join("new"))?.take(MOST_NAMES) {
            let entry = entry?;
            // A link could lead anywhere, and a folder is no mail.
            let is_file = entry.file_type()?.is_file();
            let name = entry.file_name().into_string();
            names.extend(name.ok().filter(|name| is_file && !name.starts_with('.')));
        }
        // A name begins with the second of its delivery.
        names.sort_unstable();
        names.truncate(limit);
        Ok(names)
    }

    /// Reads a waiting file; none when another node has taken it in the meantime.
    pub fn read(&self, name: &str) -> io::Result<Option<Delivered>> {
        let file = match File::open(self.0.join("new").join(name)) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let at = file.metadata()?.modified()?;
        let mut content = Vec::new();
        file.take(LONGEST + 1).read_to_end(&mut content)?;
        let is_cut = content.len() as u64 > LONGEST;
        content.truncate(LONGEST as usize);
        Ok(Some(Delivered {
            content,
            is_cut,
            at: instant(at),
        }))
    }

    /// Deletes a waiting file that says nothing that we do not have. Somebody else may have done so.
    pub fn remove(&self, name: &str) -> io::Result<()> {
        match fs::remove_file(self.0.join("new").join(name)) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            removed => removed,
        }
    }

    /// Moves a stored file out of the way. Somebody else may have done so.
    pub fn done(&self, name: &str) -> io::Result<()> {
        let bare = name.split(":2,").next().unwrap_or(name);
        let target = self.0.join("cur").join(format!("{bare}{SEEN}"));
        match fs::rename(self.0.join("new").join(name), target) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            moved => moved,
        }
    }
}

fn instant(at: SystemTime) -> Timestamp {
    let since = at.duration_since(UNIX_EPOCH).unwrap_or_default();
    let millis = i64::try_from(since.as_millis()).unwrap_or(i64::MAX);
    Timestamp::from_millisecond(millis).unwrap_or(Timestamp::MAX)
}
