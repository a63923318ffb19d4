//! A procedure as boxes under the name of who acts, with arrows between: a table, which people can edit in Word and hear read aloud.

use sonae_core::paper::document::{Flow, Step, StepKind};

use super::line::{line, run};
use super::place::Place;
use super::sheet::{Paragraph, TEXT_WIDTH, paragraph};
use super::table::{Cell, caption, cell, grid, space};
use crate::xml::Xml;

pub(super) fn flow(xml: &mut Xml, flow: &Flow, place: &Place<'_>) {
    caption(xml, "図", Some(flow.number), &flow.caption);
    let lanes = flow.lanes.len().max(1);
    let width = TEXT_WIDTH / i32::try_from(lanes).unwrap_or(1);
    grid(
        xml,
        &vec![width; lanes],
        !flow.lanes.is_empty(),
        Some(&flow.caption),
        |xml| {
            if !flow.lanes.is_empty() {
                names(xml, &flow.lanes, width);
            }
            for (at, step) in flow.steps.iter().enumerate() {
                if at > 0 {
                    arrow(xml, &flow.steps[at - 1], lanes, width);
                }
                boxed(xml, step, lanes, width, place);
            }
        },
    );
    space(xml);
}

fn names(xml: &mut Xml, lanes: &[String], width: i32) {
    xml.element("w:tr", &[], |xml| {
        xml.element("w:trPr", &[], |xml| {
            xml.empty("w:cantSplit", &[]);
            xml.empty("w:tblHeader", &[]);
        });
        for name in lanes {
            cell(
                xml,
                Cell {
                    shade: Some("E8F1FE"),
                    ..Cell::of(width)
                },
                |xml| {
                    paragraph(
                        xml,
                        Paragraph {
                            keep_next: true,
                            align: Some("center"),
                            ..Paragraph::of("TableHead")
                        },
                        |xml| run(xml, name, &[]),
                    );
                },
            );
        }
    });
}

/// The lanes of a step, kept within those there are.
fn span(step: &Step, lanes: usize) -> (usize, usize) {
    let first = usize::from(step.lanes.0).min(lanes - 1);
    let last = usize::from(step.lanes.1).clamp(first, lanes - 1);
    (first, last)
}

/// A row in which one cell, maybe over several lanes, holds something.
fn row(
    xml: &mut Xml,
    (first, last): (usize, usize),
    (lanes, width): (usize, i32),
    held: Cell<'_>,
    inner: impl FnOnce(&mut Xml),
) {
    let empty = |xml: &mut Xml| {
        cell(
            xml,
            Cell {
                border: Some("nil"),
                ..Cell::of(width)
            },
            // Word asks the first cell of a row whether the row stays with the next.
            |xml| {
                let style = Paragraph {
                    keep_next: true,
                    ..Paragraph::of("TableText")
                };
                paragraph(xml, style, |_| {});
            },
        );
    };
    xml.element("w:tr", &[], |xml| {
        xml.element("w:trPr", &[], |xml| xml.empty("w:cantSplit", &[]));
        (0..first).for_each(|_| empty(xml));
        let span = last - first + 1;
        let wide = width * i32::try_from(span).unwrap_or(1);
        cell(
            xml,
            Cell {
                width: wide,
                span,
                ..held
            },
            inner,
        );
        (last + 1..lanes).for_each(|_| empty(xml));
    });
}

fn arrow(xml: &mut Xml, from: &Step, lanes: usize, width: i32) {
    let held = Cell {
        border: Some("nil"),
        ..Cell::of(width)
    };
    row(xml, span(from, lanes), (lanes, width), held, |xml| {
        paragraph(
            xml,
            Paragraph {
                align: Some("center"),
                keep_next: true,
                ..Paragraph::of("TableText")
            },
            |xml| {
                run(xml, "↓", &[]);
                if let Some(next) = &from.next {
                    run(xml, &format!(" {next}"), &[]);
                }
            },
        );
    });
}

fn boxed(xml: &mut Xml, step: &Step, lanes: usize, width: i32, place: &Place<'_>) {
    let (shade, border) = match step.kind {
        StepKind::Action => (None, "single"),
        StepKind::Question => (Some("FFF8E1"), "double"),
        StepKind::End => (Some("F2F2F2"), "single"),
    };
    let held = Cell {
        shade,
        border: Some(border),
        ..Cell::of(width)
    };
    row(xml, span(step, lanes), (lanes, width), held, |xml| {
        let keep_next = step.kind != StepKind::End;
        paragraph(
            xml,
            Paragraph {
                align: Some("center"),
                keep_next,
                ..Paragraph::of("TableText")
            },
            |xml| line(xml, &step.text, place),
        );
        if let Some(otherwise) = &step.otherwise {
            paragraph(
                xml,
                Paragraph {
                    align: Some("center"),
                    keep_next,
                    ..Paragraph::of("FlowOtherwise")
                },
                |xml| run(xml, otherwise, &[]),
            );
        }
    });
}
