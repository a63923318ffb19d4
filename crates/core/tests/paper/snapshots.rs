//! Papers of the three sample companies as plain text, to be read by people.

use sonae_core::paper::{compose, plain};

use super::{LIBRARY, meta};

/// Kinds whose texts are kept as snapshots; the others are read in the writers' tests.
const READ_HERE: [&str; 2] = ["asset-ledger", "basic-policy"];

#[test]
fn papers_read_well() {
    for kind in READ_HERE {
        let kind = LIBRARY.kind(kind).unwrap();
        for sample in LIBRARY.samples() {
            let document = compose(&LIBRARY, kind, &sample.answers, &meta());
            insta::assert_snapshot!(
                format!("{}-{}", kind.id, sample.name),
                plain::text(&document)
            );
        }
    }
}

/// A first draft, before anything is known.
#[test]
fn an_empty_draft_has_lines_to_write_on() {
    let kind = LIBRARY.kind("basic-policy").unwrap();
    let document = compose(&LIBRARY, kind, &Default::default(), &meta());
    insta::assert_snapshot!("basic-policy-empty", plain::text(&document));
}

/// Every condition that put a block there is said.
#[test]
fn a_block_says_why_it_is_there() {
    let kind = LIBRARY.kind("basic-policy").unwrap();
    let sample = &LIBRARY.samples()[0];
    let document = compose(&LIBRARY, kind, &sample.answers, &meta());
    let reasons: Vec<String> = (document.blocks.iter())
        .filter(|block| !block.because.is_empty())
        .map(|block| {
            let because: Vec<&str> = block
                .because
                .iter()
                .map(|because| because.text.as_str())
                .collect();
            format!("{}: {}", block.id, because.join(" / "))
        })
        .collect();
    insta::assert_snapshot!("basic-policy-reasons", reasons.join("\n"));
}
