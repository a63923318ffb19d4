//! Word files of the library's papers: well-formed, and no number is written out that Word could count.

use std::io::{Cursor, Read};

use quick_xml::events::Event;
use sonae_papers::docx::word;

use super::library::{every, keep};

/// A heading of level 1 to 3 whose number is written out starts with it; the style's own number is switched off.
fn check(name: &str, file: &[u8]) {
    let mut archive = zip::ZipArchive::new(Cursor::new(file)).expect("the file is an archive");
    let mut text = String::new();
    archive
        .by_name("word/document.xml")
        .expect("there is a document")
        .read_to_string(&mut text)
        .expect("UTF-8");
    let mut reader = quick_xml::Reader::from_str(&text);
    while reader
        .read_event()
        .unwrap_or_else(|error| panic!("{name}: {error}"))
        != Event::Eof
    {}
    for paragraph in text.split("<w:p>").skip(1) {
        let uncounted = paragraph.contains("<w:numId w:val=\"0\"/>");
        let words: String = paragraph
            .split("<w:t xml:space=\"preserve\">")
            .skip(1)
            .filter_map(|rest| rest.split('<').next())
            .collect();
        let numbered = words.starts_with('第') && words.contains("条（");
        assert!(
            !(uncounted && numbered),
            "{name}: Word would count another number than {words}"
        );
        assert!(
            !words.contains("{{") && !words.contains(":::"),
            "{name}: markup is left in {words}"
        );
    }
}

#[test]
fn every_paper_is_a_word_file() {
    let papers = every();
    assert!(papers.len() >= 40, "{}", papers.len());
    for (name, document) in papers {
        let file = word(&document).expect("written");
        check(&name, &file);
        keep(&format!("{name}.docx"), &file);
    }
}
