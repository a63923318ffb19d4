//! Forms to fill in by hand: `label | lines | what is known`, or an empty table under a head.

use super::attributes::Attributes;
use super::inline::plain;
use super::table::{cell, cut, table};
use super::{Fault, FormBody, FormField, FormNode};

/// Tallest field, in lines of text.
const TALLEST: u16 = 40;

pub(super) fn form(
    lines: &[(usize, &str)],
    line: usize,
    attributes: &mut Attributes,
    faults: &mut Vec<Fault>,
) -> FormNode {
    let title = attributes.value("title");
    if title.is_none() || lines.is_empty() {
        faults.push(Fault::new(
            line,
            "様式に題名か記入欄がありません。",
            "title=\"…\" と、記入欄を1行以上書いてください。",
        ));
    }
    let title = plain(&title.unwrap_or_default(), line, faults);
    let breaks = attributes.word("break");
    let body = if lines.first().is_some_and(|(_, text)| text.starts_with('|')) {
        let blank = attributes.number("blank", 10, faults);
        let written = table(lines, attributes, faults);
        if !written.rows.is_empty() {
            faults.push(Fault::new(
                line,
                "様式の表には見出しと線の行だけを書きます。",
                "行の数は blank=… で決めます。",
            ));
        }
        FormBody::Grid {
            look: written.look,
            blank,
        }
    } else {
        FormBody::Fields(
            lines
                .iter()
                .map(|(line, text)| field(text, *line, faults))
                .collect(),
        )
    };
    FormNode {
        title,
        breaks,
        body,
    }
}

fn field(text: &str, line: usize, faults: &mut Vec<Fault>) -> FormField {
    let parts = cut(text);
    let label = plain(&parts[0], line, faults);
    let lines = match parts.get(1).map(|lines| lines.parse::<u16>()) {
        None => 1,
        Some(Ok(lines)) if (1..=TALLEST).contains(&lines) => lines,
        Some(_) => {
            faults.push(Fault::new(
                line,
                "記入欄の高さが読めません。",
                format!("「項目 | 高さ（1から{TALLEST}行）」のように書きます。"),
            ));
            1
        }
    };
    let filled = parts
        .get(2)
        .map(|filled| cell(filled, line, faults))
        .unwrap_or_default();
    FormField {
        label,
        lines,
        filled,
        line,
    }
}
