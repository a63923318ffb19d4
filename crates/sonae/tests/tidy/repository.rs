//! The files of the repository, as the rules read them.

use std::fs;
use std::path::{Path, PathBuf};

/// The largest folder that is read; a loop of links would otherwise never end.
const MOST_FILES: usize = 20_000;

/// A path of the repository, such as `crates/core`.
pub(crate) fn at(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(path)
}

/// The text of a file.
pub(crate) fn read(path: &str) -> String {
    fs::read_to_string(at(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// All files below a folder, as paths of the repository in a fixed order; hidden folders and `target` are left out.
pub(crate) fn files(folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        let entries = fs::read_dir(at(&folder)).unwrap_or_else(|error| panic!("{folder}: {error}"));
        for entry in entries {
            let entry = entry.expect("a folder that was opened can be read");
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = if folder == "." {
                name.clone()
            } else {
                format!("{folder}/{name}")
            };
            let is_folder = entry.file_type().expect("entries have a type").is_dir();
            if is_folder && !name.starts_with('.') && name != "target" && name != "node_modules" {
                open.push(path);
            } else if !is_folder {
                found.push(path);
            }
        }
        assert!(found.len() < MOST_FILES, "{folder}: too many files");
    }
    found.sort();
    found
}

/// The files below a folder whose name ends so.
pub(crate) fn files_ending(folder: &str, ending: &str) -> Vec<String> {
    let mut files = files(folder);
    files.retain(|path| path.ends_with(ending));
    files
}
