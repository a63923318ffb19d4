//! What differs between two versions of a paper, block by block.
//!
//! Blocks are matched by their ids. A number that only moved (第5条 became 第6条, because an article came before it) is no change, neither of the
//! block nor of those that refer to it.

mod alignment;
mod returned;
mod units;
mod words;

use super::document::{Block, Body, Document, Line, Row, Span};
use super::plain::{block_text, line_text, number_text, row_text};

pub use alignment::common;
pub use returned::{Comparison, Paragraph, ReturnedChange, ReturnedKind, returned};
pub(super) use units::plain as as_compared;
pub use words::{Part, parts};

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The block's id.
    pub block: String,
    /// The row of a table, when it is about one.
    pub row: Option<String>,
    pub kind: ChangeKind,
    /// Where it stands, for people: `第5条（目的）`, `2.1　連絡`, `表1　役割`.
    pub place: String,
    /// The lines before; empty for what is new.
    pub before: Vec<String>,
    /// The lines now; empty for what is gone.
    pub after: Vec<String>,
    /// What changed within the lines; empty for what is new, gone or moved.
    pub parts: Vec<Part>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    Added,
    Removed,
    Changed,
    /// The same text at another place among the others.
    Moved,
}

/// Every difference, in the order of the new document; what is gone stands where it was.
pub fn difference(old: &Document, new: &Document) -> Vec<Change> {
    let ids = |document: &Document| {
        document
            .blocks
            .iter()
            .map(|block| block.id.clone())
            .collect::<Vec<_>>()
    };
    let (before, after) = (ids(old), ids(new));
    let kept = common(&before, &after);
    let mut changes = Vec::new();
    let (mut i, mut j) = (0, 0);
    for (a, b) in kept.into_iter().chain([(before.len(), after.len())]) {
        for block in &old.blocks[i..a] {
            if !after.contains(&block.id) {
                changes.push(alone(old, block, ChangeKind::Removed));
            }
        }
        for block in &new.blocks[j..b] {
            match old.blocks.iter().find(|other| other.id == block.id) {
                None => changes.push(alone(new, block, ChangeKind::Added)),
                Some(other) => {
                    changes.push(alone(new, block, ChangeKind::Moved));
                    compare(other, block, new, &mut changes);
                }
            }
        }
        if let (Some(one), Some(other)) = (old.blocks.get(a), new.blocks.get(b)) {
            compare(one, other, new, &mut changes);
        }
        (i, j) = (a + 1, b + 1);
    }
    // A page that begins elsewhere says nothing.
    changes.retain(|change| !(change.before.is_empty() && change.after.is_empty()));
    changes
}

fn alone(document: &Document, block: &Block, kind: ChangeKind) -> Change {
    let text = block_text(block);
    let (before, after) = match kind {
        ChangeKind::Removed => (text, Vec::new()),
        _ => (Vec::new(), text),
    };
    Change {
        block: block.id.clone(),
        row: None,
        kind,
        place: place(document, block),
        before,
        after,
        parts: Vec::new(),
    }
}

fn compare(old: &Block, new: &Block, document: &Document, changes: &mut Vec<Change>) {
    if let (Body::Table(one), Body::Table(other)) = (&old.body, &new.body) {
        let heads = |block: &Block| {
            let mut block = block.clone();
            if let Body::Table(table) = &mut block.body {
                table.rows.clear();
            }
            block
        };
        whole(&heads(old), &heads(new), document, changes);
        rows(&one.rows, &other.rows, new, document, changes);
    } else {
        whole(old, new, document, changes);
    }
}

fn whole(old: &Block, new: &Block, document: &Document, changes: &mut Vec<Change>) {
    if steady(old) == steady(new) {
        return;
    }
    let (before, after) = (block_text(old), block_text(new));
    changes.push(Change {
        block: new.id.clone(),
        row: None,
        kind: ChangeKind::Changed,
        place: place(document, new),
        parts: parts(&before.join("\n"), &after.join("\n")),
        before,
        after,
    });
}

fn rows(old: &[Row], new: &[Row], block: &Block, document: &Document, changes: &mut Vec<Change>) {
    let mut add = |row: &Row, kind, before: Option<&Row>, after: Option<&Row>| {
        let text = |row: &Row| row_text(&row.cells);
        let (before, after) = (before.map(text), after.map(text));
        let parts = match (&before, &after) {
            (Some(before), Some(after)) => parts(before, after),
            _ => Vec::new(),
        };
        changes.push(Change {
            block: block.id.clone(),
            row: Some(row.id.clone()),
            kind,
            place: place(document, block),
            before: before.into_iter().collect(),
            after: after.into_iter().collect(),
            parts,
        });
    };
    for row in old
        .iter()
        .filter(|row| !new.iter().any(|other| other.id == row.id))
    {
        add(row, ChangeKind::Removed, Some(row), None);
    }
    for row in new {
        match old.iter().find(|other| other.id == row.id) {
            None => add(row, ChangeKind::Added, None, Some(row)),
            Some(before) if steady_row(before) != steady_row(row) => {
                add(row, ChangeKind::Changed, Some(before), Some(row))
            }
            Some(_) => {}
        }
    }
}

/// The block's text with references by id, so that a number that moved does not show.
fn steady(block: &Block) -> Vec<String> {
    let mut block = block.clone();
    let mut fix = |line: &mut Line| line.iter_mut().for_each(by_id);
    match &mut block.body {
        Body::Heading { text, .. } | Body::Clause { text, .. } | Body::Paragraph { text } => {
            fix(text)
        }
        Body::Article { caption, .. } => fix(caption),
        Body::List { items, .. } => items.iter_mut().for_each(|item| of_item(item, &mut fix)),
        Body::Table(table) => table
            .rows
            .iter_mut()
            .flat_map(|row| row.cells.iter_mut().flatten())
            .for_each(fix),
        Body::Flow(flow) => flow.steps.iter_mut().for_each(|step| fix(&mut step.text)),
        Body::Signature { lines } => lines.iter_mut().for_each(fix),
        Body::Notice { title, text } => {
            fix(title);
            text.iter_mut().for_each(fix);
        }
        Body::Chart(_) | Body::PageBreak => {}
    }
    block_text(&block)
}

fn of_item(item: &mut super::document::Item, fix: &mut impl FnMut(&mut Line)) {
    fix(&mut item.text);
    if let Some((_, items)) = &mut item.under {
        items.iter_mut().for_each(|item| of_item(item, fix));
    }
}

fn steady_row(row: &Row) -> Vec<String> {
    let line = |line: &Line| {
        let mut line = line.clone();
        line.iter_mut().for_each(by_id);
        line_text(&line)
    };
    row.cells
        .iter()
        .map(|cell| cell.iter().map(line).collect::<Vec<_>>().join("\n"))
        .collect()
}

fn by_id(span: &mut Span) {
    if let Span::Reference { to, text } = span {
        *text = format!("\u{1}{to}\u{1}");
    }
}

/// Where a block stands, for people.
pub(super) fn place(document: &Document, block: &Block) -> String {
    let at = document
        .blocks
        .iter()
        .position(|other| other.id == block.id)
        .unwrap_or(0);
    let begins = |block: &&Block| {
        matches!(
            block.body,
            Body::Heading { .. } | Body::Article { .. } | Body::Table(_) | Body::Flow(_)
        )
    };
    let named = std::iter::once(block).chain(document.blocks[..at].iter().rev());
    let Some(named) = named.into_iter().find(begins) else {
        return document.title.clone();
    };
    let number = number_text(named, document.numbering);
    let text = block_text(named).into_iter().next().unwrap_or_default();
    match (&named.body, number.is_empty()) {
        (Body::Article { .. }, _) => format!("{number}{text}"),
        (_, true) => text,
        _ => format!("{number}　{text}"),
    }
}
