//! A device's folder: what lies in it, and where a file goes when it was read or could not be.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Folders, and files of one of them, that are looked at.
const MOST_NAMES: usize = 10_000;

/// Moves a file to `failed` and writes why beside it. What cannot be moved is tried again the next round.
pub(super) fn put_aside(own: &Path, path: &Path, why: &str) {
    tracing::warn!(file = %path.display(), "a file of the spool folder was put aside");
    let moved = move_to(&own.join("failed"), path);
    let written = moved.and_then(|moved| {
        let mut name = moved.into_os_string();
        name.push(".なぜ.txt");
        fs::write(name, format!("{why}\n"))
    });
    if let Err(error) = written {
        tracing::warn!(%error, "a file of the spool folder could not be put aside");
    }
}

/// Moves a file into a folder, under another name when it has one like it.
pub(super) fn move_to(folder: &Path, path: &Path) -> io::Result<PathBuf> {
    fs::create_dir_all(folder)?;
    let name = path.file_name().unwrap_or_default().to_owned();
    let numbered = (1..MOST_NAMES).map(|number| {
        let mut other = name.clone();
        other.push(format!(".{number}"));
        other
    });
    let free = std::iter::once(name.clone())
        .chain(numbered)
        .map(|name| folder.join(name))
        .find(|to| !to.exists());
    let to = free.ok_or(io::ErrorKind::AlreadyExists)?;
    fs::rename(path, &to)?;
    Ok(to)
}

/// What lies in a folder, by name.
pub(super) fn names(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder)?.take(MOST_NAMES);
    let mut names: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    names.sort();
    Ok(names)
}
