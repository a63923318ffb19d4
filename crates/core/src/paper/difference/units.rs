//! A draft as a word processor has it: one line for each paragraph and each row of a table.

use crate::paper::document::{Block, Body, Document, Flow, Item};
use crate::paper::plain::{line_text, number_text, row_text};

/// A line of the draft.
pub(super) struct Unit {
    /// Empty for what stands around the blocks: title, date, edition.
    pub(super) block: String,
    pub(super) row: Option<String>,
    /// Which line of the block's own text it is, from 0 (items of a list depth first, steps of a procedure, title and lines of a notice);
    /// none for rows, captions, heads and arrows.
    pub(super) line: Option<usize>,
    /// As compared: without the number, with single spaces.
    pub(super) plain: String,
    pub(super) shown: String,
    /// Numbers that may stand before the text in a file.
    pub(super) number: String,
}

/// The lines of a paper as a file has them, with what stands before and after the blocks.
pub(super) fn of_document(draft: &Document) -> Vec<Unit> {
    let around = |text: &str| Unit {
        block: String::new(),
        row: None,
        line: None,
        plain: plain(text),
        shown: text.to_owned(),
        number: String::new(),
    };
    let day = format!(
        "{}年{}月{}日",
        draft.date.year(),
        draft.date.month(),
        draft.date.day()
    );
    let mut units: Vec<Unit> = [&draft.title, &draft.company, &draft.version, &day]
        .into_iter()
        .map(|text| around(text))
        .collect();
    if draft.contents {
        units.push(around("目次"));
    }
    units.extend(draft.blocks.iter().flat_map(|block| of_block(block, draft)));
    units.push(around(&draft.edition));
    // A line of nothing but blanks is known, so that it is found again when somebody wrote on it.
    units.retain(|unit| {
        says_something(&unit.plain) || (unit.line.is_some() && unit.plain.contains('＿'))
    });
    units
}

/// Whether a line holds more than borders of cells and arrows between boxes.
pub(super) fn says_something(text: &str) -> bool {
    text.chars().any(|c| !matches!(c, '｜' | '↓' | '＿' | ' '))
}

/// The lines of a block as a file has them: one for each paragraph and each row of a table.
fn of_block(block: &Block, draft: &Document) -> Vec<Unit> {
    let unit = |line: Option<usize>, text: String, number: String| Unit {
        block: block.id.clone(),
        row: None,
        line,
        plain: plain(&text),
        shown: text,
        number,
    };
    let number = number_text(block, draft.numbering);
    match &block.body {
        Body::Heading { text, .. } | Body::Clause { text, .. } => {
            vec![unit(Some(0), line_text(text), number)]
        }
        Body::Article { caption, .. } => {
            vec![unit(Some(0), format!("（{}）", line_text(caption)), number)]
        }
        Body::Paragraph { text } => vec![unit(Some(0), line_text(text), String::new())],
        Body::List { items, .. } => {
            let mut texts = Vec::new();
            of_items(items, &mut texts);
            (0..)
                .zip(texts)
                .map(|(at, (text, number))| unit(Some(at), text, number))
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
            found.extend(table.rows.iter().map(|row| Unit {
                row: Some(row.id.clone()),
                ..unit(None, row_text(&row.cells), String::new())
            }));
            found
        }
        Body::Flow(flow) => of_flow(flow)
            .into_iter()
            .enumerate()
            .map(|(at, (line, text))| {
                let number = if at == 0 {
                    number.clone()
                } else {
                    String::new()
                };
                unit(line, text, number)
            })
            .collect(),
        Body::Signature { lines } => (0..)
            .zip(lines)
            .map(|(at, line)| unit(Some(at), line_text(line), String::new()))
            .collect(),
        Body::Notice { title, text } => (0..)
            .zip(std::iter::once(title).chain(text))
            .map(|(at, line)| unit(Some(at), line_text(line), String::new()))
            .collect(),
        Body::Chart(_) | Body::PageBreak => Vec::new(),
    }
}

/// A procedure as the table of boxes and arrows it is in a file: a row for the lanes, one for each box, one for each arrow.
fn of_flow(flow: &Flow) -> Vec<(Option<usize>, String)> {
    let lanes = flow.lanes.len().max(1);
    let row = |(first, last): (u16, u16), text: &str| {
        let first = usize::from(first).min(lanes - 1);
        let last = usize::from(last).clamp(first, lanes - 1);
        format!(
            "{}{text}{}",
            "｜".repeat(first),
            "｜".repeat(lanes - 1 - last)
        )
    };
    let mut found = vec![(None, flow.caption.clone()), (None, flow.lanes.join("｜"))];
    for (at, step) in flow.steps.iter().enumerate() {
        let text = line_text(&step.text);
        let text = match &step.otherwise {
            Some(otherwise) => format!("{text} {otherwise}"),
            None => text,
        };
        found.push((Some(at), row(step.lanes, &text)));
        if let (Some(next), true) = (&step.next, at + 1 < flow.steps.len()) {
            found.push((None, row(step.lanes, &format!("↓ {next}"))));
        }
    }
    found
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
pub(in crate::paper) fn plain(text: &str) -> String {
    let seen = crate::text::invisible::strip(text);
    let words: Vec<&str> = seen.split_whitespace().collect();
    // Lines to write on are drawn in many ways and lengths.
    let mut text = String::new();
    for c in words.join(" ").chars() {
        let c = if c == '_' { '＿' } else { c };
        match c {
            '＿' if text.ends_with('＿') => {}
            // Nobody types the borders of cells, nor spaces beside them.
            ' ' if text.ends_with('｜') => {}
            '｜' => {
                text.truncate(text.trim_end().len());
                text.push(c);
            }
            c => text.push(c),
        }
    }
    text
}
