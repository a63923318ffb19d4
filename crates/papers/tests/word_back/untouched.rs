//! What was not changed has no changes, whoever saved the file.

use sonae_core::paper::difference::{ReturnedChange, returned};
use sonae_core::paper::document::Document;
use sonae_papers::docx::{read, word};

use super::library::every;

/// What the program says when this file comes back.
pub(crate) fn changes(draft: &Document, file: &[u8]) -> Vec<ReturnedChange> {
    let back = read(file).expect("readable");
    let found = returned(draft, &back.paragraphs(draft));
    if found.changes.is_empty() {
        assert_eq!(found.recognised, found.all);
    }
    found.changes
}

#[test]
fn a_file_as_it_was_written_has_no_changes() {
    for (name, document) in every() {
        let file = word(&document).expect("written");
        assert_eq!(changes(&document, &file), [], "{name}");
        let back = read(&file).expect("readable");
        assert_eq!((back.comments, back.notes), (vec![], vec![]), "{name}");
    }
}
