//! PDFs of the library's papers: every one can be laid out, with every character it holds.

use std::collections::BTreeMap;

use sonae_papers::pdf::write;

use super::library::{every, keep};

#[test]
fn every_paper_is_a_pdf() {
    let mut missing = BTreeMap::new();
    for (name, document) in every() {
        let pdf = write(&document).unwrap_or_else(|error| panic!("{name}: {error}"));
        keep(&format!("{name}.pdf"), &pdf.bytes);
        if !pdf.unprintable.is_empty() {
            missing.insert(name, pdf.unprintable);
        }
    }
    assert!(missing.is_empty(), "{missing:?}");
}
