//! The papers of the project, composed.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use jiff::civil::date;
use sonae_core::paper::answers::Answers;
use sonae_core::paper::document::Document;
use sonae_core::paper::library::{Library, load};
use sonae_core::paper::{Meta, compose};
use sonae_core::program::SourceFile;

pub(crate) static LIBRARY: LazyLock<Library> = LazyLock::new(|| {
    let papers = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../papers");
    let mut files = Vec::new();
    for folder in fs::read_dir(papers)
        .expect("readable")
        .map(|entry| entry.expect("readable"))
    {
        if !folder.path().is_dir() {
            continue;
        }
        let subject = folder.file_name().into_string().expect("UTF-8");
        for file in fs::read_dir(folder.path())
            .expect("readable")
            .map(|entry| entry.expect("readable"))
        {
            let name = file.file_name().into_string().expect("UTF-8");
            let text = fs::read_to_string(file.path()).expect("UTF-8");
            files.push(SourceFile {
                path: format!("papers/{subject}/{name}"),
                name,
                text,
            });
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    load(&files).expect("the library is sound, as the tests of the core say")
});

pub(crate) fn meta() -> Meta {
    Meta {
        company: "株式会社サンプル".to_owned(),
        version: "第1版（案）".to_owned(),
        date: date(2026, 11, 20),
    }
}

/// Every kind for the samples, and for a company that has answered nothing.
pub(crate) fn every() -> Vec<(String, Document)> {
    let nothing = Answers::default();
    let companies = LIBRARY
        .samples()
        .iter()
        .map(|sample| (sample.name.as_str(), &sample.answers));
    let companies: Vec<_> = companies.chain([("nothing", &nothing)]).collect();
    let mut papers = Vec::new();
    for kind in LIBRARY.kinds() {
        for (name, answers) in &companies {
            papers.push((
                format!("{}-{name}", kind.id),
                compose(&LIBRARY, kind, answers, &meta()),
            ));
        }
    }
    papers
}

/// Writes a file to be looked at, when a folder for it is given.
pub(crate) fn keep(name: &str, file: &[u8]) {
    if let Some(folder) = std::env::var_os("SONAE_ARTIFACTS") {
        fs::write(Path::new(&folder).join(name), file).expect("the folder can be written");
    }
}
