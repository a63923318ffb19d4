//! Tables: a head repeated on every page, rows that are not torn apart, widths by the model's shares.

use sonae_core::paper::document::{Align, Column, Line, Row, Table};

use super::line::{field, line, run};
use super::place::Place;
use super::sheet::{Paragraph, TEXT_WIDTH, paragraph};
use crate::xml::Xml;

/// Height of a line in a cell, in twentieths of a point: forms have room to write by hand.
const LINE: u32 = 380;
/// Least height of a row to write on, 8 mm.
const HAND: u32 = 454;

pub(super) fn table(xml: &mut Xml, table: &Table, place: &Place<'_>) {
    if let Some(text) = &table.caption {
        caption(xml, "表", table.number, text);
    }
    let widths = widths(&table.columns);
    let headed = table.columns.iter().any(|column| !column.title.is_empty());
    grid(xml, &widths, headed, table.caption.as_deref(), |xml| {
        if headed {
            head(xml, &table.columns, &widths);
        }
        for row in &table.rows {
            body(xml, row, table, &widths, place);
        }
    });
    space(xml);
}

/// `表1　…`: the number is a field that Word counts through the file.
pub(super) fn caption(xml: &mut Xml, kind: &str, number: Option<u32>, text: &str) {
    let style = Paragraph {
        keep_next: true,
        ..Paragraph::of("Caption")
    };
    paragraph(xml, style, |xml| {
        if let Some(number) = number {
            run(xml, kind, &[]);
            field(
                xml,
                &format!(" SEQ {kind} \\* ARABIC "),
                &number.to_string(),
            );
            run(xml, "\u{3000}", &[]);
        }
        run(xml, text, &[]);
    });
}

/// A table of fixed widths. `description` is read aloud to those who cannot see it.
pub(super) fn grid(
    xml: &mut Xml,
    widths: &[i32],
    headed: bool,
    description: Option<&str>,
    rows: impl FnOnce(&mut Xml),
) {
    let whole: i32 = widths.iter().sum();
    xml.element("w:tbl", &[], |xml| {
        xml.element("w:tblPr", &[], |xml| {
            xml.value("w:tblStyle", "Grid");
            xml.empty("w:tblW", &[("w:w", &whole.to_string()), ("w:type", "dxa")]);
            xml.empty("w:tblLayout", &[("w:type", "fixed")]);
            let first = if headed { "1" } else { "0" };
            xml.empty(
                "w:tblLook",
                &[
                    ("w:val", "0420"),
                    ("w:firstRow", first),
                    ("w:lastRow", "0"),
                    ("w:firstColumn", "0"),
                    ("w:lastColumn", "0"),
                    ("w:noHBand", "1"),
                    ("w:noVBand", "1"),
                ],
            );
            if let Some(text) = description {
                xml.value("w:tblCaption", text);
            }
        });
        xml.element("w:tblGrid", &[], |xml| {
            for width in widths {
                xml.empty("w:gridCol", &[("w:w", &width.to_string())]);
            }
        });
        rows(xml);
    });
}

/// Two tables that touch become one in Word, so a small empty paragraph follows each.
pub(super) fn space(xml: &mut Xml) {
    paragraph(xml, Paragraph::of("AfterTable"), |_| {});
}

fn widths(columns: &[Column]) -> Vec<i32> {
    let whole: i32 = columns
        .iter()
        .map(|column| i32::from(column.share.max(1)))
        .sum();
    columns
        .iter()
        .map(|column| TEXT_WIDTH * i32::from(column.share.max(1)) / whole)
        .collect()
}

fn head(xml: &mut Xml, columns: &[Column], widths: &[i32]) {
    xml.element("w:tr", &[], |xml| {
        xml.element("w:trPr", &[], |xml| {
            xml.empty("w:cantSplit", &[]);
            xml.empty("w:tblHeader", &[]);
        });
        for (column, width) in columns.iter().zip(widths) {
            cell(
                xml,
                Cell {
                    shade: Some("E8F1FE"),
                    ..Cell::of(*width)
                },
                |xml| {
                    paragraph(
                        xml,
                        Paragraph {
                            keep_next: true,
                            ..Paragraph::of("TableHead")
                        },
                        |xml| run(xml, &column.title, &[]),
                    );
                },
            );
        }
    });
}

fn body(xml: &mut Xml, row: &Row, table: &Table, widths: &[i32], place: &Place<'_>) {
    xml.element("w:tr", &[], |xml| {
        xml.element("w:trPr", &[], |xml| {
            xml.empty("w:cantSplit", &[]);
            let hand = if row.is_empty() { HAND } else { 0 };
            let printed = if row.lines > 1 {
                u32::from(row.lines) * LINE
            } else {
                0
            };
            if hand.max(printed) > 0 {
                let height = hand.max(printed).to_string();
                xml.empty("w:trHeight", &[("w:val", &height), ("w:hRule", "atLeast")]);
            }
        });
        for (at, ((column, width), lines)) in
            table.columns.iter().zip(widths).zip(&row.cells).enumerate()
        {
            let heads = table.row_heads && at == 0;
            let shade = heads.then_some("F2F2F2");
            cell(
                xml,
                Cell {
                    shade,
                    ..Cell::of(*width)
                },
                |xml| cell_lines(xml, lines, (column.align, heads), place),
            );
        }
    });
}

fn cell_lines(xml: &mut Xml, lines: &[Line], (align, heads): (Align, bool), place: &Place<'_>) {
    let align = match align {
        Align::Left => None,
        Align::Center => Some("center"),
        Align::Right => Some("right"),
    };
    let style = if heads { "TableHead" } else { "TableText" };
    // A cell without a paragraph is against the schema, and Word calls the file damaged.
    let nothing = [Line::new()];
    for text in if lines.is_empty() { &nothing } else { lines } {
        paragraph(
            xml,
            Paragraph {
                align,
                ..Paragraph::of(style)
            },
            |xml| line(xml, text, place),
        );
    }
}

/// A cell's width, span, shade (RRGGBB) and whether it has a border.
#[derive(Clone, Copy)]
pub(super) struct Cell<'a> {
    pub(super) width: i32,
    pub(super) span: usize,
    pub(super) shade: Option<&'a str>,
    pub(super) border: Option<&'a str>,
}

impl Cell<'_> {
    pub(super) fn of(width: i32) -> Self {
        Self {
            width,
            span: 1,
            shade: None,
            border: None,
        }
    }
}

pub(super) fn cell(xml: &mut Xml, cell: Cell<'_>, inner: impl FnOnce(&mut Xml)) {
    xml.element("w:tc", &[], |xml| {
        xml.element("w:tcPr", &[], |xml| {
            xml.empty(
                "w:tcW",
                &[("w:w", &cell.width.to_string()), ("w:type", "dxa")],
            );
            if cell.span > 1 {
                xml.value("w:gridSpan", cell.span);
            }
            if let Some(border) = cell.border {
                xml.element("w:tcBorders", &[], |xml| {
                    for side in ["w:top", "w:left", "w:bottom", "w:right"] {
                        xml.empty(
                            side,
                            &[
                                ("w:val", border),
                                ("w:sz", "6"),
                                ("w:space", "0"),
                                ("w:color", "404040"),
                            ],
                        );
                    }
                });
            }
            if let Some(shade) = cell.shade {
                xml.empty(
                    "w:shd",
                    &[("w:val", "clear"), ("w:color", "auto"), ("w:fill", shade)],
                );
            }
        });
        inner(xml);
    });
}
