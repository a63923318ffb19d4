//! A document as plain text: what is compared, searched and read aloud.

use super::document::{Block, Body, Document, Item, Line, Mark, Numbering, Span, StepKind};

/// What a blank looks like.
const BLANK: char = '＿';

/// A line without emphasis; a blank is a row of low lines.
pub fn line_text(line: &Line) -> String {
    let mut text = String::new();
    for span in line {
        match span {
            Span::Text(part) | Span::Strong(part) | Span::Reference { text: part, .. } => {
                text.push_str(part)
            }
            Span::Blank { width, .. } => text.extend((0..*width).map(|_| BLANK)),
        }
    }
    text
}

/// A heading's number as it is printed, the same in every format: `第2章` or `2.1`; nothing without a number.
pub fn heading_number(numbering: Numbering, number: &[u32]) -> String {
    match (number, numbering) {
        ([chapter, ..], Numbering::Articles) => format!("第{chapter}章"),
        (number, _) => number
            .iter()
            .map(u32::to_string)
            .collect::<Vec<_>>()
            .join("."),
    }
}

/// The printed number of a block, without its text: `2.1`, `第2章`, `第5条`, `表1`; empty without one.
pub fn number_text(block: &Block, numbering: Numbering) -> String {
    match &block.body {
        Body::Heading { number, .. } => heading_number(numbering, number),
        Body::Article { number, .. } => format!("第{number}条"),
        Body::Clause { number, .. } if *number > 1 => number.to_string(),
        Body::Table(table) => table
            .number
            .map_or_else(String::new, |number| format!("表{number}")),
        Body::Flow(flow) => format!("図{}", flow.number),
        _ => String::new(),
    }
}

/// The text of a block without its own number, one line for each line of it.
pub fn block_text(block: &Block) -> Vec<String> {
    let mut lines = Vec::new();
    match &block.body {
        Body::Heading { text, .. } | Body::Clause { text, .. } | Body::Paragraph { text } => {
            lines.push(line_text(text))
        }
        Body::Article { caption, .. } => lines.push(format!("（{}）", line_text(caption))),
        Body::List { mark, items } => list(*mark, items, 0, &mut lines),
        Body::Table(table) => {
            lines.extend(table.caption.clone());
            if table.columns.iter().any(|column| !column.title.is_empty()) {
                lines.push(
                    table
                        .columns
                        .iter()
                        .map(|column| column.title.as_str())
                        .collect::<Vec<_>>()
                        .join("｜"),
                );
            }
            lines.extend(table.rows.iter().map(|row| row_text(&row.cells)));
        }
        Body::Flow(flow) => {
            lines.push(flow.caption.clone());
            for step in &flow.steps {
                let lane = |at: u16| flow.lanes.get(usize::from(at)).map_or("", String::as_str);
                let who = match step.lanes {
                    (from, to) if from == to => lane(from).to_owned(),
                    (from, to) => format!("{}から{}", lane(from), lane(to)),
                };
                let end = if step.kind == StepKind::End {
                    "（終わり）"
                } else {
                    ""
                };
                let arrows: String = step
                    .next
                    .iter()
                    .chain(&step.otherwise)
                    .map(|arrow| format!("／{arrow}"))
                    .collect();
                lines.push(format!("{who}：{}{arrows}{end}", line_text(&step.text)));
            }
        }
        Body::Signature { lines: signed } => lines.extend(signed.iter().map(line_text)),
        Body::Notice { title, text } => {
            lines.push(line_text(title));
            lines.extend(text.iter().map(line_text));
        }
        Body::Chart(chart) => lines.extend([chart.caption.clone(), chart.alt.clone()]),
        Body::PageBreak => {}
    }
    lines
}

/// A row of a table on one line.
pub fn row_text(cells: &[Vec<Line>]) -> String {
    let cell = |cell: &Vec<Line>| cell.iter().map(line_text).collect::<Vec<_>>().join(" ");
    cells.iter().map(cell).collect::<Vec<_>>().join("｜")
}

fn list(mark: Mark, items: &[Item], depth: usize, lines: &mut Vec<String>) {
    for item in items {
        let mark = match mark {
            Mark::Bullet => "・".to_owned(),
            Mark::Number => format!("（{}）", item.number),
            Mark::Check => "□ ".to_owned(),
        };
        lines.push(format!(
            "{}{mark}{}",
            "　".repeat(depth),
            line_text(&item.text)
        ));
        if let Some((mark, items)) = &item.under {
            list(*mark, items, depth + 1, lines);
        }
    }
}

/// The whole document with its numbers.
pub fn text(document: &Document) -> String {
    let mut text = format!(
        "{}\n{}　{}　{}\n",
        document.title,
        document.company,
        document.version,
        crate::calendar::japanese::date_long(document.date)
    );
    for block in &document.blocks {
        let number = number_text(block, document.numbering);
        let apart = matches!(
            block.body,
            Body::Heading { .. } | Body::Article { .. } | Body::Table(_) | Body::Flow(_)
        );
        if apart {
            text.push('\n');
        }
        for (index, line) in block_text(block).iter().enumerate() {
            let gap = if number.is_empty() || matches!(block.body, Body::Article { .. }) {
                ""
            } else {
                "　"
            };
            if index == 0 {
                text.push_str(&number);
                text.push_str(gap);
            }
            text.push_str(line);
            text.push('\n');
        }
    }
    text.push_str(&format!("\n{}\n", document.edition));
    text
}
