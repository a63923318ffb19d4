//! What references point to.

use std::collections::HashSet;

use sonae_core::paper::document::{Block, Body, Item, Line, Span};

/// The ids of blocks that something points to.
pub(super) fn of(blocks: &[Block]) -> HashSet<&str> {
    let mut lines: Vec<&Line> = Vec::new();
    for block in blocks {
        lines_of(&block.body, &mut lines);
    }
    let spans = lines.into_iter().flatten();
    spans
        .filter_map(|span| match span {
            Span::Reference { to, .. } => Some(to.as_str()),
            _ => None,
        })
        .collect()
}

fn lines_of<'a>(body: &'a Body, found: &mut Vec<&'a Line>) {
    match body {
        Body::Heading { text, .. } | Body::Clause { text, .. } | Body::Paragraph { text } => {
            found.push(text);
        }
        Body::Article { caption, .. } => found.push(caption),
        Body::List { items, .. } => lines_of_items(items, found),
        Body::Table(table) => {
            found.extend(table.rows.iter().flat_map(|row| row.cells.iter().flatten()));
        }
        Body::Flow(flow) => found.extend(flow.steps.iter().map(|step| &step.text)),
        Body::Signature { lines } => found.extend(lines),
        Body::Notice { title, text } => {
            found.push(title);
            found.extend(text);
        }
        Body::Chart(_) | Body::PageBreak => {}
    }
}

fn lines_of_items<'a>(items: &'a [Item], found: &mut Vec<&'a Line>) {
    for item in items {
        found.push(&item.text);
        if let Some((_, under)) = &item.under {
            lines_of_items(under, found);
        }
    }
}
