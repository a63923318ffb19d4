//! Forms: a heading 様式n and a table to fill in.

use super::blocks::Composer;
use super::table::{cell_lines, empty_rows};
use crate::paper::document::{Align, Body, Column, Line, Row, Span, Table};
use crate::paper::source::{FormBody, FormNode};

/// The level of a form's heading.
const LEVEL: u8 = 2;
/// Shares of the width of label and field.
const SHARES: [u16; 2] = [3, 7];

impl Composer<'_, '_> {
    pub(super) fn form(&mut self, id: &str, form: &FormNode) {
        let id = self.id(id);
        if form.breaks {
            self.push(format!("{id}.break"), Body::PageBreak);
        }
        let number = u32::try_from(self.forms.len()).expect("a paper has few forms") + 1;
        self.forms.insert(id.clone(), number);
        self.plain.insert(id.clone());
        let text = vec![Span::Text(format!("様式{number}　{}", form.title))];
        self.push(
            id.clone(),
            Body::Heading {
                level: LEVEL,
                number: Vec::new(),
                text,
            },
        );
        let table = match &form.body {
            FormBody::Grid { look, blank } => {
                let mut table = self.looking(look);
                table
                    .rows
                    .extend(empty_rows((*blank).max(1), table.columns.len(), look.lines));
                table
            }
            FormBody::Fields(fields) => {
                let column = |share| Column {
                    title: String::new(),
                    share,
                    align: Align::Left,
                };
                let rows = fields.iter().enumerate().map(|(index, field)| {
                    let mut filled = cell_lines(&self.printer(), &field.filled);
                    // A field is written on anyway; a line within it would only be in the way.
                    filled
                        .iter_mut()
                        .for_each(|line| line.retain(|span| !matches!(span, Span::Blank { .. })));
                    if filled.is_empty() {
                        filled.push(Line::new());
                    }
                    let label = vec![vec![Span::Text(field.label.clone())]];
                    Row {
                        id: format!("r{}", index + 1),
                        cells: vec![label, filled],
                        lines: field.lines,
                    }
                });
                Table {
                    caption: None,
                    number: None,
                    columns: SHARES.map(column).to_vec(),
                    rows: rows.collect(),
                    source: None,
                    row_heads: true,
                }
            }
        };
        self.push(format!("{id}.form"), Body::Table(table));
    }
}
