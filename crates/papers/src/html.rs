//! The paper as a piece of a page: semantic HTML without classes of its own design, for the portal and the office.
//!
//! Every block carries its id as `id="p-…"`, so that checks, comments and contents can point at it. What is missing is marked, and every block
//! that stands under a condition says why it is there, in a `data-because` of its own for the page to show.

use sonae_core::paper::chart::Chart;
use sonae_core::paper::document::{
    Align, Block, Body, Column, Document, Flow, Item, Line, Mark, Span, StepKind, Table,
};
use sonae_core::paper::plain::heading_number;

use crate::chart;
use crate::xml::Xml;

/// The blocks of a paper, escaped. The page brings the heading with the title; headings here begin at `h2`.
pub fn html(document: &Document) -> String {
    let piece = Xml::piece(|xml| {
        document
            .blocks
            .iter()
            .for_each(|block| section(xml, block, document))
    });
    // In HTML nothing ends in itself; what was answered holds no such thing, since it is escaped.
    piece.replace("<br/>", "<br>").replace("<hr/>", "<hr>")
}

fn section(xml: &mut Xml, block: &Block, document: &Document) {
    let id = format!("p-{}", block.id);
    let because: Vec<_> = block
        .because
        .iter()
        .map(|because| because.text.as_str())
        .collect();
    let because = because.join("、");
    let mut attributes = vec![("id", id.as_str()), ("class", class(&block.body))];
    if !because.is_empty() {
        attributes.push(("data-because", &because));
    }
    // A table may be wider than a phone; who has no finger moves it by keys.
    if matches!(block.body, Body::Table(_) | Body::Chart(_)) {
        attributes.push(("tabindex", "0"));
    }
    xml.element("div", &attributes, |xml| match &block.body {
        Body::Chart(of) => figure(xml, of, &id),
        of => body(xml, of, document),
    });
}

fn class(body: &Body) -> &'static str {
    match body {
        Body::Heading { .. } => "paper-heading",
        Body::Article { .. } => "paper-article",
        Body::Clause { .. } => "paper-clause",
        Body::Paragraph { .. } => "paper-text",
        Body::List { .. } => "paper-list",
        Body::Table(_) => "paper-table",
        Body::Flow(_) => "paper-flow",
        Body::Chart(_) => "paper-chart",
        Body::Signature { .. } => "paper-signature",
        Body::Notice { .. } => "paper-notice",
        Body::PageBreak => "paper-break",
    }
}

fn body(xml: &mut Xml, body: &Body, document: &Document) {
    match body {
        Body::Heading {
            level,
            number,
            text,
        } => {
            let tag = ["h2", "h3", "h4"][usize::from(level.clamp(&1, &3) - 1)];
            xml.element(tag, &[], |xml| {
                let number = heading_number(document.numbering, number);
                if !number.is_empty() {
                    xml.text(&format!("{number} "));
                }
                line(xml, text);
            });
        }
        Body::Article { number, caption } => xml.element("h3", &[], |xml| {
            xml.text(&format!("第{number}条（"));
            line(xml, caption);
            xml.text("）");
        }),
        Body::Clause { number, text } => xml.element("p", &[], |xml| {
            if *number > 1 {
                xml.text(&format!("{number}\u{3000}"));
            }
            line(xml, text);
        }),
        Body::Paragraph { text } => xml.element("p", &[], |xml| line(xml, text)),
        Body::List { mark, items } => list(xml, *mark, items),
        Body::Table(of) => table(xml, of),
        Body::Flow(of) => flow(xml, of),
        Body::Signature { lines } => lines
            .iter()
            .for_each(|text| xml.element("p", &[], |xml| line(xml, text))),
        Body::Notice { title, text } => {
            xml.element("p", &[], |xml| {
                xml.element("strong", &[], |xml| line(xml, title))
            });
            text.iter()
                .for_each(|text| xml.element("p", &[], |xml| line(xml, text)));
        }
        Body::PageBreak => xml.empty("hr", &[]),
        // Drawn by `section`, which knows its id.
        Body::Chart(_) => {}
    }
}

fn figure(xml: &mut Xml, of: &Chart, id: &str) {
    xml.element("figure", &[], |xml| {
        let caption = format!("図{}\u{3000}{}", of.number, of.caption);
        xml.element("figcaption", &[], |xml| xml.text(&caption));
        chart::draw(xml, of, id);
    });
}

fn line(xml: &mut Xml, spans: &Line) {
    for span in spans {
        match span {
            Span::Text(text) => words(xml, text),
            Span::Strong(text) => xml.element("strong", &[], |xml| words(xml, text)),
            Span::Blank { question, .. } => {
                xml.element(
                    "span",
                    &[("class", "paper-blank"), ("data-question", question)],
                    |xml| xml.text("（未記入）"),
                );
            }
            Span::Reference { to, text } => {
                xml.element("a", &[("href", &format!("#p-{to}"))], |xml| {
                    words(xml, text)
                })
            }
        }
    }
}

fn words(xml: &mut Xml, text: &str) {
    for (at, part) in text.split('\n').enumerate() {
        if at > 0 {
            xml.empty("br", &[]);
        }
        xml.text(part);
    }
}

/// Numbers are written by the model, so that a list reads the same where a browser would count otherwise.
fn list(xml: &mut Xml, mark: Mark, items: &[Item]) {
    xml.element("ul", &[("class", "paper-marks")], |xml| {
        for item in items {
            xml.element("li", &[], |xml| {
                match mark {
                    Mark::Bullet => xml.text("・"),
                    Mark::Number => xml.text(&format!("（{}）", item.number)),
                    Mark::Check => xml.text("□ "),
                }
                line(xml, &item.text);
                if let Some((mark, under)) = &item.under {
                    list(xml, *mark, under);
                }
            });
        }
    });
}

fn table(xml: &mut Xml, table: &Table) {
    xml.element("table", &[], |xml| {
        if let Some(caption) = &table.caption {
            let number = table
                .number
                .map(|number| format!("表{number}\u{3000}"))
                .unwrap_or_default();
            xml.element("caption", &[], |xml| {
                xml.text(&format!("{number}{caption}"))
            });
        }
        if table.columns.iter().any(|column| !column.title.is_empty()) {
            xml.element("thead", &[], |xml| {
                xml.element("tr", &[], |xml| {
                    for Column { title, .. } in &table.columns {
                        // A heading that says nothing is none to a screen reader.
                        match title.is_empty() {
                            true => xml.element("td", &[], |_| {}),
                            false => xml.element("th", &[("scope", "col")], |xml| xml.text(title)),
                        }
                    }
                });
            });
        }
        xml.element("tbody", &[], |xml| {
            for row in &table.rows {
                xml.element("tr", &[], |xml| {
                    for (at, (cell, column)) in row.cells.iter().zip(&table.columns).enumerate() {
                        let heads = table.row_heads && at == 0 && says_something(cell);
                        let attributes: &[_] = if heads {
                            &[("scope", "row")]
                        } else {
                            align(column.align)
                        };
                        xml.element(if heads { "th" } else { "td" }, attributes, |xml| {
                            lines(xml, cell)
                        });
                    }
                });
            }
        });
    });
}

/// Whether a cell holds words, not only blanks to write on.
fn says_something(cell: &[Line]) -> bool {
    cell.iter().flatten().any(|span| match span {
        Span::Text(text) | Span::Strong(text) | Span::Reference { text, .. } => {
            !text.trim().is_empty()
        }
        Span::Blank { .. } => false,
    })
}

fn align(align: Align) -> &'static [(&'static str, &'static str)] {
    match align {
        Align::Left => &[],
        Align::Center => &[("class", "center")],
        Align::Right => &[("class", "number")],
    }
}

fn lines(xml: &mut Xml, lines: &[Line]) {
    for (at, text) in lines.iter().enumerate() {
        if at > 0 {
            xml.empty("br", &[]);
        }
        line(xml, text);
    }
}

/// Steps in order with who acts: read aloud and on a phone this says more than boxes and arrows.
fn flow(xml: &mut Xml, flow: &Flow) {
    xml.element("figure", &[], |xml| {
        xml.element("figcaption", &[], |xml| {
            xml.text(&format!("図{}\u{3000}{}", flow.number, flow.caption))
        });
        xml.element("ol", &[], |xml| {
            for step in &flow.steps {
                let class = match step.kind {
                    StepKind::Action => "paper-step",
                    StepKind::Question => "paper-step paper-question",
                    StepKind::End => "paper-step paper-end",
                };
                xml.element("li", &[("class", class)], |xml| {
                    let (first, last) = (usize::from(step.lanes.0), usize::from(step.lanes.1));
                    let who: Vec<_> = flow
                        .lanes
                        .iter()
                        .take(last + 1)
                        .skip(first)
                        .map(String::as_str)
                        .collect();
                    xml.element("strong", &[], |xml| xml.text(&who.join("・")));
                    xml.text("：");
                    line(xml, &step.text);
                    for answer in step.next.iter().chain(&step.otherwise) {
                        xml.empty("br", &[]);
                        xml.text(&format!("→ {answer}"));
                    }
                });
            }
        });
    });
}
