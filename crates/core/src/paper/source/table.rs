//! Pipe tables.

use super::super::document::Align;
use super::attributes::{self, Attributes};
use super::inline::{inline, plain};
use super::{Cell, Fault, TableLook, TableRow};

/// Most columns of a table.
const MOST_COLUMNS: usize = 20;

/// A table as written: head, alignment, rows.
pub(super) struct Written {
    pub(super) look: TableLook,
    pub(super) rows: Vec<TableRow>,
}

/// Reads the lines of a table; each with its number.
pub(super) fn table(
    lines: &[(usize, &str)],
    attributes: &mut Attributes,
    faults: &mut Vec<Fault>,
) -> Written {
    let mut look = TableLook {
        row_heads: attributes.word("heads"),
        lines: attributes.number("lines", 1, faults),
        ..TableLook::default()
    };
    let first = lines.first().map_or(0, |(line, _)| *line);
    look.caption = attributes
        .value("caption")
        .map(|caption| inline(&caption, first, faults));
    let mut body = lines;
    if let [(line, head), (_, rule), rest @ ..] = lines
        && let Some(aligns) = rule_of(rule)
    {
        look.head = cells(head)
            .iter()
            .map(|cell| plain(cell, *line, faults))
            .collect();
        look.aligns = aligns;
        body = rest;
    }
    let rows: Vec<TableRow> = body
        .iter()
        .map(|(line, text)| row(text, *line, faults))
        .collect();
    let columns = look
        .head
        .len()
        .max(rows.first().map_or(0, |row| row.cells.len()))
        .max(1);
    if columns > MOST_COLUMNS {
        faults.push(Fault::new(
            first,
            format!("表の列が{columns}あります。"),
            format!("列は{MOST_COLUMNS}までです。"),
        ));
    }
    for row in rows.iter().filter(|row| row.cells.len() != columns) {
        faults.push(Fault::new(
            row.line,
            format!(
                "表の列は{columns}ですが、この行には{}あります。",
                row.cells.len()
            ),
            "| の数を合わせてください。",
        ));
    }
    if look.head.is_empty() {
        look.head = vec![String::new(); columns];
    }
    if look.aligns.len() != columns {
        if !look.aligns.is_empty() {
            faults.push(Fault::new(
                first + 1,
                "見出しの下の線の列の数が違います。",
                "| の数を合わせてください。",
            ));
        }
        look.aligns = vec![Align::Left; columns];
    }
    look.shares = shares(attributes, columns, first, faults);
    Written { look, rows }
}

fn shares(
    attributes: &mut Attributes,
    columns: usize,
    line: usize,
    faults: &mut Vec<Fault>,
) -> Vec<u16> {
    let Some(widths) = attributes.value("widths") else {
        return vec![1; columns];
    };
    let shares: Vec<u16> = widths
        .split(',')
        .filter_map(|width| width.trim().parse().ok())
        .filter(|share| (1..=1000).contains(share))
        .collect();
    if shares.len() == columns {
        return shares;
    }
    faults.push(Fault::new(
        line,
        format!("widths「{widths}」が{columns}列の表に合いません。"),
        "列の数だけ 1 以上の数を , で並べてください。",
    ));
    vec![1; columns]
}

fn row(text: &str, line: usize, faults: &mut Vec<Fault>) -> TableRow {
    let (text, mut attributes) = attributes::split(text, line, faults);
    let condition = attributes.condition.take();
    attributes.end(faults);
    let cells = cells(text)
        .iter()
        .map(|cell| self::cell(cell, line, faults))
        .collect();
    TableRow {
        cells,
        condition,
        line,
    }
}

/// The lines of a cell, parted by `\n`.
pub(super) fn cell(text: &str, line: usize, faults: &mut Vec<Fault>) -> Cell {
    text.split("\\n")
        .map(|part| inline(part.trim(), line, faults))
        .collect()
}

/// The alignments of a line such as `|---|:-:|--:|`.
fn rule_of(text: &str) -> Option<Vec<Align>> {
    let cells = cells(text);
    let align = |cell: &String| {
        let dashes = cell.trim_matches(':');
        let is_rule = dashes.len() >= 2 && dashes.chars().all(|c| c == '-')
            || (dashes == "-" && cell.len() > 1);
        is_rule.then(|| match (cell.starts_with(':'), cell.ends_with(':')) {
            (true, true) => Align::Center,
            (false, true) => Align::Right,
            _ => Align::Left,
        })
    };
    cells.iter().map(align).collect()
}

/// The cells of a row, cut at each `|` that is neither escaped nor inside of `{{ }}` or `[[ ]]`.
pub(super) fn cells(text: &str) -> Vec<String> {
    let text = text.trim();
    let text = text.strip_prefix('|').unwrap_or(text);
    let text = match text.strip_suffix('|') {
        Some(rest) if !rest.ends_with('\\') => rest,
        _ => text,
    };
    cut(text)
}

/// The parts between bars.
pub(super) fn cut(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut inside: Option<&str> = None;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        let rest = &text[at..];
        match inside {
            _ if escaped => {}
            None if rest.starts_with("{{") => inside = Some("}}"),
            None if rest.starts_with("[[") => inside = Some("]]"),
            Some(close) if rest.starts_with(close) => inside = None,
            None if c == '|' => {
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        escaped = c == '\\' && !escaped;
        if let Some(part) = parts.last_mut() {
            part.push(c);
        }
    }
    parts.iter().map(|part| part.trim().to_owned()).collect()
}
