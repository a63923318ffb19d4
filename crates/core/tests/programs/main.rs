//! The programmes of this repository, and the example of the manual: each is loaded, checked and compared with its guidelines.

mod coverage;
mod example;
mod flow;
mod judging;
mod mails;
mod text;

use std::fs;
use std::path::{Path, PathBuf};

use sonae_core::program::Program;
use sonae_core::program::load::{SourceFile, load};

/// The programmes whose guidelines are covered sentence by sentence.
const TOKYO: [&str; 2] = ["tokyo-r6-basic-measures", "tokyo-r7-incident-response"];

/// A path from the top of the repository.
fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(path)
}

fn read(path: &str) -> String {
    fs::read_to_string(repository(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn files(folder: &str) -> Vec<SourceFile> {
    let mut names: Vec<String> = fs::read_dir(repository(folder))
        .unwrap_or_else(|error| panic!("{folder}: {error}"))
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
        .into_iter()
        .map(|name| SourceFile {
            path: format!("{folder}/{name}"),
            text: read(&format!("{folder}/{name}")),
            name,
        })
        .collect()
}

/// The checked programme of a folder, or its messages as the failure of the test.
fn program(folder: &str) -> Program {
    load(&files(folder)).unwrap_or_else(|messages| {
        let lines: Vec<String> = messages.iter().map(ToString::to_string).collect();
        panic!("{}", lines.join("\n"))
    })
}

#[test]
fn both_programmes_are_sound() {
    for id in TOKYO {
        assert_eq!(program(&format!("programs/{id}")).id(), id);
    }
}
