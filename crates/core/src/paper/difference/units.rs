//! A draft as a word processor has it: one line for each paragraph and each row of a table.

use crate::paper::document::{Block, Body, Document, Item};
use crate::paper::plain::{line_text, number_text, row_text};

/// A line of the draft.
pub(super) struct Unit {
    pub(super) block: String,
    pub(super) row: Option<String>,
    /// As compared: without the number, with single spaces.
    pub(super) plain: String,
    pub(super) shown: String,
    /// Numbers that may stand before the text in a file.
    pub(super) number: String,
}

/// The lines of a block as a file has them: one for each paragraph and each row of a table.
pub(super) fn of_block(block: &Block, draft: &Document) -> Vec<Unit> {
    let unit = |row: Option<&str>, text: String, number: String| Unit {
        block: block.id.clone(),
        row: row.map(str::to_owned),
        plain: plain(&text),
        shown: text,
        number,
    };
    let number = number_text(block, draft.numbering);
    match &block.body {
        Body::Heading { text, .. } | Body::Clause { text, .. } => {
            vec![unit(None, line_text(text), number)]
        }
        Body::Article { caption, .. } => {
            vec![unit(None, format!("（{}）", line_text(caption)), number)]
        }
        Body::Paragraph { text } => vec![unit(None, line_text(text), String::new())],
        Body::List { items, .. } => {
            let mut texts = Vec::new();
            of_items(items, &mut texts);
            texts
                .into_iter()
                .map(|(text, number)| unit(None, text, number))
                .collect()
        }
        Body::Table(table) => {
            let mut found: Vec<Unit> = table
                .caption
                .iter()
                .map(|caption| unit(None, caption.clone(), number.clone()))
                .collect();
            if table.columns.iter().any(|column| !column.title.is_empty()) {
                let titles: Vec<&str> = table
                    .columns
                    .iter()
                    .map(|column| column.title.as_str())
                    .collect();
                found.push(unit(None, titles.join("｜"), String::new()));
            }
            // Rows to write on hold nothing that could be compared.
            let filled = table
                .rows
                .iter()
                .filter(|row| row.cells.iter().flatten().any(|line| !line.is_empty()));
            found
                .extend(filled.map(|row| unit(Some(&row.id), row_text(&row.cells), String::new())));
            found
        }
        Body::Flow(flow) => {
            let mut found = vec![unit(None, flow.caption.clone(), number)];
            found.extend(
                flow.steps
                    .iter()
                    .map(|step| unit(None, line_text(&step.text), String::new())),
            );
            found
        }
        Body::Signature { lines } => lines
            .iter()
            .map(|line| unit(None, line_text(line), String::new()))
            .collect(),
        Body::Notice { title, text } => std::iter::once(title)
            .chain(text)
            .map(|line| unit(None, line_text(line), String::new()))
            .collect(),
        Body::PageBreak => Vec::new(),
    }
}

fn of_items(items: &[Item], texts: &mut Vec<(String, String)>) {
    for item in items {
        let number = match item.number {
            0 => String::new(),
            number => format!("（{number}）"),
        };
        texts.push((line_text(&item.text), number));
        if let Some((_, items)) = &item.under {
            of_items(items, texts);
        }
    }
}

/// A text as it is compared: invisible characters gone, every space one ordinary space.
pub(super) fn plain(text: &str) -> String {
    let seen = crate::text::invisible::strip(text);
    let words: Vec<&str> = seen.split_whitespace().collect();
    // Lines to write on are drawn in many ways.
    words.join(" ").replace(['_', '＿'], "＿")
}
