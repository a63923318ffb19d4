//! `word/styles.xml`: the look of every kind of paragraph, by which people go on working.
//!
//! The look is in `styles.xml` beside this file, as Word reads it; only which styles count is decided by the paper.

use sonae_core::paper::document::Numbering;

use super::numbering::{ARTICLES, OUTLINE};

const STYLES: &str = include_str!("styles.xml");

/// The styles with the numbers that this paper's headings, articles and clauses carry.
pub(super) fn styles(numbering: Numbering) -> String {
    let counted: &[(&str, u32, u8)] = match numbering {
        Numbering::Articles => &[
            ("Heading1", OUTLINE, 0),
            ("Article", ARTICLES, 0),
            ("ClauseNumbered", ARTICLES, 1),
        ],
        Numbering::Decimal => &[
            ("Heading1", OUTLINE, 0),
            ("Heading2", OUTLINE, 1),
            ("Heading3", OUTLINE, 2),
        ],
        Numbering::None => &[],
    };
    let mut styles = STYLES.to_owned();
    for (style, number, level) in counted {
        let carried =
            format!("<w:numPr><w:ilvl w:val=\"{level}\"/><w:numId w:val=\"{number}\"/></w:numPr>");
        styles = styles.replace(&format!("<!--number {style}-->"), &carried);
    }
    styles
}
