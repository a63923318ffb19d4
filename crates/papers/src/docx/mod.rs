//! Word: a small writer of our own over the document model.
//!
//! A company goes on working in the file, so it has real styles, numbers that Word counts itself and that agree with the model, fields for
//! references and contents, and a bookmark around every block, by which an uploaded file is matched with its draft. Shapes are those of
//! ECMA-376 (Office Open XML), transitional.

mod block;
mod contents;
mod flow;
mod furniture;
mod line;
mod list;
mod numbering;
mod package;
mod place;
mod read;
mod sheet;
mod styles;
mod table;

pub use read::{Comment, LARGEST_FILE, ReadError, Returned, read};
use sonae_core::paper::document::Document;
use thiserror::Error;

#[derive(Debug, Error)]
pub enum WordError {
    /// The archive could not be written; with memory as its place this is a defect.
    #[error("the Word file could not be packed: {0}")]
    Packed(#[from] zip::result::ZipError),
    #[error("the Word file could not be packed: {0}")]
    Written(#[from] std::io::Error),
}

/// The paper as a Word file (`.docx`). The same document gives the same bytes.
pub fn word(document: &Document) -> Result<Vec<u8>, WordError> {
    let place = place::Place::of(document);
    let mut numbers = numbering::Numbers::of(document.numbering);
    let body = sheet::body(document, &place, &mut numbers);
    package::pack(&[
        ("[Content_Types].xml", furniture::content_types()),
        ("_rels/.rels", furniture::package_relations()),
        ("docProps/core.xml", furniture::core_properties(document)),
        ("docProps/app.xml", furniture::app_properties()),
        (
            "word/_rels/document.xml.rels",
            furniture::document_relations(),
        ),
        ("word/document.xml", body),
        ("word/styles.xml", styles::styles(document.numbering)),
        ("word/numbering.xml", numbers.part()),
        ("word/settings.xml", furniture::settings()),
        ("word/fontTable.xml", furniture::fonts()),
        ("word/header1.xml", furniture::header(document)),
        ("word/footer1.xml", furniture::footer()),
    ])
}
