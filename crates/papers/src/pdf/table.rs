//! A table as the template takes it.

use serde::Serialize;
use sonae_core::paper::document::{Align, Layout, Line, Row, Table};

use super::line::{Inline, Lines, width};

/// What goes between the margins of a page, in the size of tables.
#[derive(Clone, Copy, Debug)]
pub(super) struct Room {
    /// Tables with more columns stand on pages of their own, turned.
    columns_upright: usize,
    /// Full-width characters in the width of the page: upright and turned.
    characters_upright: usize,
    characters_wide: usize,
}

impl Room {
    pub(super) fn of(layout: Layout) -> Room {
        match layout {
            Layout::Pages => Room {
                columns_upright: 8,
                characters_upright: 50,
                characters_wide: 86,
            },
            // A card cannot be turned.
            Layout::Cards => Room {
                columns_upright: usize::MAX,
                characters_upright: 32,
                characters_wide: 32,
            },
        }
    }
}

/// Rows of at most so many lines stand on one page; a longer one may go on on the next, or it would be cut off.
const MOST_LINES_KEPT: usize = 18;

/// Tables of at most so many lines are not divided at all.
const MOST_LINES_WHOLE: usize = 14;

#[derive(Debug, Serialize)]
pub(super) struct TableView {
    caption: Option<String>,
    columns: Vec<ColumnView>,
    head: bool,
    row_heads: bool,
    rows: Vec<RowView>,
    /// Stands on one page.
    kept: bool,
    /// Stands on a turned page.
    pub(super) wide: bool,
}

#[derive(Debug, Serialize)]
struct ColumnView {
    title: Vec<Inline>,
    share: u16,
    align: Align,
}

#[derive(Debug, Serialize)]
struct RowView {
    cells: Vec<Vec<Vec<Inline>>>,
    /// Least height in lines.
    lines: u16,
    /// Nothing is printed in it: it is there to be written on.
    empty: bool,
    kept: bool,
}

/// Nothing for a table without columns.
pub(super) fn of(table: &Table, lines: &mut Lines, room: Room) -> Option<TableView> {
    if table.columns.is_empty() {
        return None;
    }
    let caption = table.caption.as_ref().map(|caption| {
        let number = table.number.map(|number| format!("表{number}　"));
        number.unwrap_or_default() + &lines.plain(caption)
    });
    let wide = table.columns.len() > room.columns_upright;
    let columns = table.columns.iter().map(|column| ColumnView {
        title: lines.narrow(&text(&column.title)),
        share: column.share.max(1),
        align: column.align,
    });
    let columns: Vec<ColumnView> = columns.collect();
    let room = rooms(
        &columns,
        match wide {
            true => room.characters_wide,
            false => room.characters_upright,
        },
    );
    let rows = table.rows.iter().map(|row| RowView {
        cells: cells(row, columns.len(), lines),
        lines: row.lines,
        empty: row.is_empty(),
        kept: height(row, &room) <= MOST_LINES_KEPT,
    });
    let whole: usize = table.rows.iter().map(|row| height(row, &room)).sum();
    Some(TableView {
        caption,
        kept: whole <= MOST_LINES_WHOLE,
        rows: rows.collect(),
        head: table.columns.iter().any(|column| !column.title.is_empty()),
        row_heads: table.row_heads,
        columns,
        wide,
    })
}

pub(super) fn text(text: &str) -> Line {
    vec![sonae_core::paper::document::Span::Text(text.to_owned())]
}

/// As many cells as there are columns, whatever the row has.
fn cells(row: &Row, columns: usize, lines: &mut Lines) -> Vec<Vec<Vec<Inline>>> {
    let cell = |place| {
        let cell: &[Line] = row.cells.get(place).map_or(&[], Vec::as_slice);
        cell.iter().map(|line| lines.narrow(line)).collect()
    };
    (0..columns).map(cell).collect()
}

/// Characters that go into a line of each column; `whole` go into all of them.
fn rooms(columns: &[ColumnView], whole: usize) -> Vec<usize> {
    let shares: usize = columns.iter().map(|column| usize::from(column.share)).sum();
    let room = |column: &ColumnView| whole * usize::from(column.share) / shares.max(1);
    // Inside each cell about one character's width goes to its margins.
    columns
        .iter()
        .map(|column| room(column).saturating_sub(1).max(1))
        .collect()
}

/// The row's height in lines, roughly.
fn height(row: &Row, room: &[usize]) -> usize {
    let of = |(cell, room): (&Vec<Line>, &usize)| {
        let lines = cell.iter().map(|line| width(line).div_ceil(*room).max(1));
        lines.sum::<usize>()
    };
    let text = row.cells.iter().zip(room).map(of).max().unwrap_or(1);
    text.max(usize::from(row.lines))
}
