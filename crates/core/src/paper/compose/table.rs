//! Tables: written ones, and those that answered rows feed.

use super::blocks::Composer;
use super::line::Printer;
use crate::paper::document::{Align, Column, Line, Row, Span, Table};
use crate::paper::expression::Walk;
use crate::paper::plain::line_text;
use crate::paper::source::{Cell, Filling, TableLook, TableRow};

impl<'a> Composer<'a, '_> {
    pub(super) fn table(&self, look: &TableLook, rows: &[TableRow]) -> Table {
        let mut table = self.looking(look);
        for (index, row) in rows.iter().enumerate() {
            if row
                .condition
                .as_ref()
                .is_none_or(|condition| self.scope.holds(condition))
            {
                let cells = row
                    .cells
                    .iter()
                    .map(|cell| cell_lines(&self.printer(), cell))
                    .collect();
                table.rows.push(Row {
                    id: format!("r{}", index + 1),
                    cells,
                    lines: look.lines,
                });
            }
        }
        if table.rows.is_empty() && !rows.is_empty() {
            table
                .rows
                .push(said("該当なし", table.columns.len(), look.lines));
        }
        table
    }

    /// A table without rows yet.
    pub(super) fn looking(&self, look: &TableLook) -> Table {
        let columns = look.head.iter().enumerate().map(|(at, title)| Column {
            title: title.clone(),
            share: look.shares.get(at).copied().unwrap_or(1),
            align: look.aligns.get(at).copied().unwrap_or(Align::Left),
        });
        Table {
            caption: look
                .caption
                .as_ref()
                .map(|caption| line_text(&self.line(caption))),
            number: None,
            columns: columns.collect(),
            rows: Vec::new(),
            source: None,
            row_heads: look.row_heads,
        }
    }

    pub(super) fn rows(
        &mut self,
        look: &TableLook,
        walk: &'a Walk,
        template: &[Cell],
        filling: &Filling,
    ) -> Table {
        let mut table = self.looking(look);
        let columns = table.columns.len();
        let Some(rows) = self.scope.walk(walk) else {
            return table;
        };
        table.source = Some(rows.table.id.clone());
        let variable = walk.variable.clone().unwrap_or_default();
        for row in &rows.rows {
            self.scope
                .variables
                .push((variable.clone(), rows.table, row));
            let printer = Printer {
                in_table: true,
                ..self.printer()
            };
            let cells = template
                .iter()
                .map(|cell| cell_lines(&printer, cell))
                .collect();
            table.rows.push(Row {
                id: row.id.clone(),
                cells,
                lines: look.lines,
            });
            self.scope.variables.pop();
        }
        let empty = match (rows.rows.is_empty(), rows.answered) {
            (false, _) => filling.extra,
            (true, true) => {
                table.rows.push(said(&filling.none, columns, look.lines));
                filling.extra
            }
            // A table without any row would look like a mistake.
            (true, false) => filling.blank.max(1),
        };
        table.rows.extend(empty_rows(empty, columns, look.lines));
        table
    }
}

/// The lines of a cell; an answer of several lines becomes several.
pub(super) fn cell_lines(printer: &Printer<'_, '_>, cell: &Cell) -> Vec<Line> {
    cell.iter().flat_map(|line| printer.lines(line)).collect()
}

/// Rows to write on; their ids begin with a sign that no answered row's id has.
pub(super) fn empty_rows(count: u16, columns: usize, lines: u16) -> impl Iterator<Item = Row> {
    (1..=count).map(move |number| Row {
        id: format!("+{number}"),
        cells: vec![vec![Line::new()]; columns],
        lines,
    })
}

fn said(words: &str, columns: usize, lines: u16) -> Row {
    let mut cells = vec![vec![Line::new()]; columns.max(1)];
    cells[0] = vec![vec![Span::Text(words.to_owned())]];
    Row {
        id: "+0".to_owned(),
        cells,
        lines,
    }
}
