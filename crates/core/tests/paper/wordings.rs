//! No text of the house makes a certificate of SECURITY ACTION.

use std::fs;
use std::path::{Path, PathBuf};

use sonae_core::paper::wording::wrong;

/// Folders whose texts people read.
const READ: [&str; 4] = [
    "papers",
    "programs",
    "crates/sonae/templates",
    "docs/manual",
];

fn texts(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        match entry.file_type().unwrap().is_dir() {
            true => texts(&entry.path(), found),
            false => found.push(entry.path()),
        }
    }
}

#[test]
fn a_declaration_is_nowhere_called_a_certificate() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut files = Vec::new();
    READ.iter()
        .for_each(|folder| texts(&root.join(folder), &mut files));
    assert!(files.len() > 50);
    let mut findings = Vec::new();
    for file in files
        .iter()
        .filter(|file| !file.ends_with("papers/README.md"))
    {
        let Ok(text) = fs::read_to_string(file) else {
            continue;
        };
        findings.extend(
            wrong(&text)
                .into_iter()
                .map(|wrong| format!("{}:{} {}", file.display(), wrong.line, wrong.sentence)),
        );
    }
    assert_eq!(findings, Vec::<String>::new());
}
