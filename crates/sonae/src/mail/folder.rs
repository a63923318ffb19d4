//! Mails as files `<n>.eml`, for development and rehearsal: n counts up from 1 without gaps.
//!
//! A file is written under a name made from the outbox row, synced, and then linked to the next free number, which fails rather than
//! overwrites. A row that was tried before is first looked for by its Message-ID, so the same row never gets two files, even when the
//! program died between writing the file and marking the row.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use sonae_store::outbox::Leased;

use super::transport::Failure;

/// Headers end within this many bytes.
const HEAD: u64 = 8 * 1024;
/// How often another program may take the number we wanted before we try later.
const TRIES: u64 = 1000;

/// A folder of mails.
pub struct Folder {
    dir: PathBuf,
    /// The highest number known to be taken; none before the folder was looked at.
    last: Mutex<Option<u64>>,
}

impl Folder {
    pub fn new(dir: PathBuf) -> Folder {
        Folder {
            dir,
            last: Mutex::new(None),
        }
    }

    pub(super) fn ready(&self) -> Result<(), Failure> {
        fs::create_dir_all(&self.dir).map_err(|error| closed(&error))
    }

    pub(super) fn put(&self, leased: &Leased) -> Result<(), Failure> {
        self.try_put(leased).map_err(|error| closed(&error))
    }

    /// Writes mails of a time that lies behind, in their order, under the next numbers. Nothing is synced: only a demonstration has
    /// such mails, and one that was broken off is begun anew.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn put_past(&self, mails: &[Leased]) -> io::Result<()> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        fs::create_dir_all(&self.dir)?;
        let mut number = match *last {
            Some(last) => last,
            None => numbers(&self.dir)?.last().copied().unwrap_or(0),
        };
        for leased in mails {
            number += 1;
            fs::write(path(&self.dir, number), &leased.mail.content)?;
            *last = Some(number);
        }
        Ok(())
    }

    fn try_put(&self, leased: &Leased) -> io::Result<()> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let mail = &leased.mail;
        if leased.attempts > 0 && holds(&self.dir, &mail.message_id)? {
            return Ok(());
        }
        let draft = self.dir.join(format!(".{}.tmp", mail.id));
        let mut file = File::create(&draft)?;
        file.write_all(&mail.content)?;
        file.sync_data()?;
        let first = match *last {
            Some(last) => last + 1,
            None => numbers(&self.dir)?.last().map_or(1, |last| last + 1),
        };
        for number in first..first + TRIES {
            match fs::hard_link(&draft, path(&self.dir, number)) {
                Ok(()) => {
                    *last = Some(number);
                    fs::remove_file(&draft)?;
                    // The name, too, is safe only after the folder was written.
                    return File::open(&self.dir)?.sync_all();
                }
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        Err(io::Error::other("no free number"))
    }
}

/// Reads one mail of a folder; none when there is no such number.
pub fn read(dir: &Path, number: u64) -> io::Result<Option<Vec<u8>>> {
    match fs::read(path(dir, number)) {
        Ok(content) => Ok(Some(content)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// The numbers of the mails in a folder, ascending; none when there is no folder yet.
pub fn numbers(dir: &Path) -> io::Result<Vec<u64>> {
    let entries = match fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut numbers = Vec::new();
    for entry in entries {
        let name = entry?.file_name();
        let number = name.to_str().and_then(|name| name.strip_suffix(".eml"));
        numbers.extend(number.and_then(|number| number.parse::<u64>().ok()));
    }
    numbers.sort_unstable();
    Ok(numbers)
}

fn path(dir: &Path, number: u64) -> PathBuf {
    dir.join(format!("{number}.eml"))
}

/// Whether a file with this Message-ID stands in the folder; the newest are looked at first.
fn holds(dir: &Path, message_id: &str) -> io::Result<bool> {
    let wanted = format!("\r\nMessage-ID: {message_id}\r\n");
    for number in numbers(dir)?.into_iter().rev() {
        let mut head = Vec::new();
        File::open(path(dir, number))?
            .take(HEAD)
            .read_to_end(&mut head)?;
        if String::from_utf8_lossy(&head).contains(&wanted) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn closed(error: &io::Error) -> Failure {
    Failure::Closed(format!("the folder of mails: {:?}", error.kind()))
}

#[cfg(test)]
mod tests {
    use sonae_store::outbox::Mail;

    use super::*;

    fn leased(id: &str, attempts: i64) -> Leased {
        let message_id = format!("<{id}@office.example.jp>");
        Leased {
            mail: Mail {
                id: id.into(),
                mail: "received".into(),
                recipient: "a@example.jp".into(),
                content: format!("To: a@example.jp\r\nMessage-ID: {message_id}\r\n\r\nx")
                    .into_bytes(),
                message_id,
            },
            attempts,
            due_at: jiff::Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn files_count_up_and_a_row_gets_one_file_only() {
        let home = tempfile::tempdir().expect("a folder");
        let dir = home.path().join("mail");
        let folder = Folder::new(dir.clone());
        assert!(numbers(&dir).expect("readable").is_empty());
        folder.ready().expect("it can be made");
        folder.put(&leased("a", 0)).expect("written");
        folder.put(&leased("b", 0)).expect("written");
        // The program dies here, before `b` is marked; another takes up the row.
        let again = Folder::new(dir.clone());
        again.put(&leased("b", 1)).expect("found");
        again
            .put(&leased("c", 1))
            .expect("it was tried before but never written");
        // Two programs on one folder: the older one does not know of number 3.
        folder.put(&leased("d", 0)).expect("written");
        assert_eq!(numbers(&dir).expect("readable"), [1, 2, 3, 4]);
        let third = read(&dir, 3).expect("readable").expect("there");
        assert!(String::from_utf8_lossy(&third).contains("<c@"));
        assert_eq!(read(&dir, 5).expect("readable"), None);
        let left = fs::read_dir(&dir).expect("readable").count();
        assert_eq!(left, 4, "no temporary file stays");
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_closed_and_loses_nothing() {
        let home = tempfile::tempdir().expect("a folder");
        let file = home.path().join("mail");
        fs::write(&file, "").expect("writable");
        assert!(matches!(Folder::new(file).ready(), Err(Failure::Closed(_))));
    }
}
