//! A paper whose file is opened, changed as a word processor would, and closed again.

use std::io::{Cursor, Read, Write};
use std::ops::Range;

use sonae_core::paper::compose;
use sonae_core::paper::document::Document;
use sonae_papers::docx::word;
use zip::write::SimpleFileOptions;

use super::library::{LIBRARY, meta};

/// A kind of paper for the company of 20 people.
pub(crate) fn draft(kind: &str) -> Document {
    let sample = LIBRARY.samples().iter().find(|sample| sample.name == "20");
    let kind = LIBRARY.kind(kind).expect("in the library");
    compose(&LIBRARY, kind, &sample.expect("a sample").answers, &meta())
}

/// The paper's file with its text changed.
pub(crate) fn edited(draft: &Document, change: impl FnOnce(&mut Text)) -> Vec<u8> {
    let mut parts = parts(&word(draft).expect("written"));
    let at = parts
        .iter()
        .position(|(name, _)| name == "word/document.xml")
        .expect("a text");
    let mut text = Text(String::from_utf8(parts[at].1.clone()).expect("UTF-8"));
    change(&mut text);
    parts[at].1 = text.0.into_bytes();
    packed(&parts)
}

pub(crate) fn parts(file: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(file)).expect("an archive");
    (0..archive.len())
        .map(|at| {
            let mut part = archive.by_index(at).expect("a part");
            let mut bytes = Vec::new();
            part.read_to_end(&mut bytes).expect("readable");
            (part.name().expect("a name").into_owned(), bytes)
        })
        .collect()
}

pub(crate) fn packed(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        archive
            .start_file(name, SimpleFileOptions::default())
            .expect("begun");
        archive.write_all(bytes).expect("written");
    }
    archive.finish().expect("closed").into_inner()
}

/// `word/document.xml`
pub(crate) struct Text(pub(crate) String);

impl Text {
    /// The element `tag` (`w:p`, `w:tr`) that holds some words, the innermost one.
    fn place(&self, tag: &str, words: &str) -> Range<usize> {
        let at = self
            .0
            .find(words)
            .unwrap_or_else(|| panic!("{words} is not there"));
        let start = self.0[..at].rfind(&format!("<{tag}>")).expect("begins");
        let close = format!("</{tag}>");
        let end = at + self.0[at..].find(&close).expect("ends") + close.len();
        start..end
    }

    pub(crate) fn cut(&mut self, tag: &str, words: &str) -> String {
        let place = self.place(tag, words);
        let text = self.0[place.clone()].to_owned();
        self.0.replace_range(place, "");
        text
    }

    pub(crate) fn put_behind(&mut self, tag: &str, words: &str, text: &str) {
        let place = self.place(tag, words);
        self.0.insert_str(place.end, text);
    }

    pub(crate) fn replace(&mut self, old: &str, new: &str) {
        assert_eq!(self.0.matches(old).count(), 1, "{old}");
        self.0 = self.0.replace(old, new);
    }
}

/// A paragraph as Word writes it.
pub(crate) fn paragraph(style: &str, text: &str) -> String {
    format!(
        "<w:p w:rsidR=\"00AB12CD\"><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"
    )
}
