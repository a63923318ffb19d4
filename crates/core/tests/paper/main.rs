//! The library of papers, and what becomes of it for companies of every size.

mod checks;
mod differences;
mod faults;
mod hostile;
mod own_texts;
mod seeds;
mod sheets;
mod snapshots;
mod wordings;

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use jiff::civil::date;
use sonae_core::paper::Meta;
use sonae_core::paper::library::{Library, load};
use sonae_core::program::SourceFile;

/// The files below `papers/`.
fn files() -> Vec<SourceFile> {
    let papers = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../papers");
    let mut files = Vec::new();
    for folder in fs::read_dir(papers).unwrap().map(Result::unwrap) {
        if !folder.file_type().unwrap().is_dir() {
            continue;
        }
        for file in fs::read_dir(folder.path()).unwrap().map(Result::unwrap) {
            let name = file.file_name().into_string().unwrap();
            let folder = folder.file_name().into_string().unwrap();
            let text = fs::read_to_string(file.path()).unwrap();
            files.push(SourceFile {
                path: format!("papers/{folder}/{name}"),
                name,
                text,
            });
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

static LIBRARY: LazyLock<Library> = LazyLock::new(|| match load(&files()) {
    Ok(library) => library,
    Err(messages) => {
        let messages: Vec<String> = messages.iter().map(ToString::to_string).collect();
        panic!(
            "the library of papers is not sound:\n{}",
            messages.join("\n")
        )
    }
});

fn meta() -> Meta {
    Meta {
        company: "案件の会社名".to_owned(),
        version: "第1版（案）".to_owned(),
        date: date(2026, 11, 20),
    }
}

#[test]
fn the_library_is_sound() {
    assert!(LIBRARY.kinds().len() >= 2);
    let names: Vec<&str> = LIBRARY
        .samples()
        .iter()
        .map(|sample| sample.name.as_str())
        .collect();
    assert_eq!(names, ["5", "20", "100"]);
}

/// A sample is kept as JSON and read again without loss.
#[test]
fn answers_come_back_as_they_were_kept() {
    for sample in LIBRARY.samples() {
        let reading = sonae_core::paper::answers::read(&LIBRARY, &sample.answers.to_json());
        assert_eq!(reading.problems, []);
        assert_eq!(reading.answers, sample.answers);
    }
}
