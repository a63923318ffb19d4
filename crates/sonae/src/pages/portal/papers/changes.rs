//! What changed between two versions, and the places of a paper, as the company reads them.

use sonae_core::paper::difference::{Change, ChangeKind, Part};
use sonae_core::paper::document::{Block, Body, Document};
use sonae_core::paper::plain::{block_text, number_text};

/// One change.
pub(super) struct Shown {
    pub(super) place: String,
    pub(super) word: &'static str,
    pub(super) anchor: String,
    pub(super) parts: Vec<(&'static str, String)>,
}

pub(super) fn shown(change: &Change) -> Shown {
    let word = match change.kind {
        ChangeKind::Added => "増えました",
        ChangeKind::Removed => "なくなりました",
        ChangeKind::Changed => "変わりました",
        ChangeKind::Moved => "場所が変わりました",
    };
    let whole = |class, lines: &[String]| (!lines.is_empty()).then(|| (class, lines.join("\n")));
    let parts = match change.parts.is_empty() {
        true => whole("del", &change.before)
            .into_iter()
            .chain(whole("ins", &change.after))
            .collect(),
        false => change
            .parts
            .iter()
            .map(|part| match part {
                Part::Same(text) => ("", text.clone()),
                Part::Removed(text) => ("del", text.clone()),
                Part::Added(text) => ("ins", text.clone()),
            })
            .collect(),
    };
    Shown {
        place: change.place.clone(),
        word,
        anchor: match change.kind {
            ChangeKind::Removed => String::new(),
            _ => format!("p-{}", change.block),
        },
        parts,
    }
}

/// Ids and names of the places that a comment may be about: headings, articles, tables and figures.
pub(super) fn places(document: &Document) -> Vec<(String, String)> {
    let begins = |block: &&Block| {
        matches!(
            block.body,
            Body::Heading { .. } | Body::Article { .. } | Body::Flow(_)
        ) || matches!(&block.body, Body::Table(table) if table.caption.is_some())
    };
    let blocks = document.blocks.iter().filter(begins);
    blocks
        .map(|block| {
            let number = number_text(block, document.numbering);
            let text = block_text(block).into_iter().next().unwrap_or_default();
            let name = match &block.body {
                Body::Article { .. } => format!("{number}{text}"),
                _ if number.is_empty() => text,
                _ => format!("{number}　{text}"),
            };
            (block.id.clone(), name)
        })
        .collect()
}
