//! One block of the paper, with its bookmark.

use sonae_core::paper::document::{Block, Body, Line, Span};

use super::flow::flow;
use super::line::{line, run};
use super::list::list;
use super::numbering::Numbers;
use super::place::Place;
use super::sheet::{Paragraph, page_break, paragraph};
use super::table::{space, table};
use crate::xml::Xml;

pub(super) fn block(xml: &mut Xml, block: &Block, place: &Place<'_>, numbers: &mut Numbers) {
    let Some(target) = place.target(&block.id) else {
        return body(xml, &block.body, place, numbers);
    };
    let mark = target.mark.to_string();
    let name = target.name.as_str();
    // A bookmark may begin and end between paragraphs (EG_RangeMarkupElements), so that it holds tables and lists as well; a heading's is
    // put inside, because a reference by number needs the paragraph itself.
    let begin = |xml: &mut Xml| xml.empty("w:bookmarkStart", &[("w:id", &mark), ("w:name", name)]);
    let end = |xml: &mut Xml| xml.empty("w:bookmarkEnd", &[("w:id", &mark)]);
    if let Some((style, text)) = single(&block.body, numbers) {
        paragraph(xml, style, |xml| {
            begin(xml);
            text.before(xml);
            line(xml, text.line, place);
            text.after(xml);
            end(xml);
        });
    } else {
        begin(xml);
        body(xml, &block.body, place, numbers);
        end(xml);
    }
}

/// The text of a block that is one paragraph.
struct Single<'a> {
    line: &'a Line,
    /// A number that is written out, because Word would count another.
    written: String,
    bracket: bool,
}

impl Single<'_> {
    fn before(&self, xml: &mut Xml) {
        if !self.written.is_empty() {
            run(xml, &self.written, &[]);
        }
        if self.bracket {
            run(xml, "（", &[]);
        }
    }

    fn after(&self, xml: &mut Xml) {
        if self.bracket {
            run(xml, "）", &[]);
        }
    }
}

fn single<'a>(body: &'a Body, numbers: &mut Numbers) -> Option<(Paragraph<'static>, Single<'a>)> {
    let plain = |line: &'a Line, written: String| Single {
        line,
        written,
        bracket: false,
    };
    Some(match body {
        Body::Heading {
            level,
            number,
            text,
        } => {
            let counted = numbers.heading(*level, number);
            let written = if counted.is_none() {
                written_number(number, numbers)
            } else {
                String::new()
            };
            (
                Paragraph {
                    number: counted,
                    unnumbered: counted.is_none(),
                    ..Paragraph::of(heading_style(*level))
                },
                plain(text, written),
            )
        }
        Body::Article { number, caption } => {
            let counted = numbers.article(*number);
            let written = if counted.is_none() {
                format!("第{number}条")
            } else {
                String::new()
            };
            let style = Paragraph {
                number: counted,
                unnumbered: counted.is_none(),
                ..Paragraph::of("Article")
            };
            (
                style,
                Single {
                    line: caption,
                    written,
                    bracket: true,
                },
            )
        }
        Body::Clause { number, text } => match numbers.clause(*number) {
            Some(counted) => (
                Paragraph {
                    number: Some(counted),
                    ..Paragraph::of("ClauseNumbered")
                },
                plain(text, String::new()),
            ),
            None if *number > 1 => (
                Paragraph {
                    unnumbered: true,
                    ..Paragraph::of("ClauseNumbered")
                },
                plain(text, format!("{number}\u{3000}")),
            ),
            None => (Paragraph::of("Clause"), plain(text, String::new())),
        },
        Body::Paragraph { text } => (Paragraph::of("BodyText"), plain(text, String::new())),
        _ => return None,
    })
}

fn heading_style(level: u8) -> &'static str {
    match level {
        0 | 1 => "Heading1",
        2 => "Heading2",
        _ => "Heading3",
    }
}

fn written_number(number: &[u32], numbers: &Numbers) -> String {
    let text = numbers.heading_text(number);
    if text.is_empty() {
        text
    } else {
        format!("{text}\u{3000}")
    }
}

fn body(xml: &mut Xml, body: &Body, place: &Place<'_>, numbers: &mut Numbers) {
    match body {
        Body::List { mark, items } => list(xml, *mark, items, place, numbers),
        Body::Table(of) => table(xml, of, place),
        Body::Flow(of) => flow(xml, of, place),
        Body::Signature { lines } => {
            for text in lines {
                paragraph(
                    xml,
                    Paragraph {
                        keep_next: true,
                        ..Paragraph::of("Signature")
                    },
                    |xml| line(xml, text, place),
                );
            }
        }
        Body::Notice { title, text } => {
            paragraph(
                xml,
                Paragraph {
                    keep_next: true,
                    ..Paragraph::of("NoticeTitle")
                },
                |xml| line(xml, title, place),
            );
            for text in text {
                paragraph(xml, Paragraph::of("Notice"), |xml| line(xml, text, place));
            }
            // Two boxes that touch become one.
            space(xml);
        }
        // Word keeps the words of a chart; its numbers stand in the table beside it.
        Body::Chart(chart) => paragraph(xml, Paragraph::of("BodyText"), |xml| {
            let told = format!("図{}　{}。{}", chart.number, chart.caption, chart.alt);
            line(xml, &Line::from([Span::Text(told)]), place);
        }),
        Body::PageBreak => page_break(xml),
        // Blocks of one paragraph were written by `single`; here they would only come without a bookmark.
        Body::Heading { text, .. }
        | Body::Paragraph { text }
        | Body::Clause { text, .. }
        | Body::Article { caption: text, .. } => {
            paragraph(xml, Paragraph::of("BodyText"), |xml| line(xml, text, place));
        }
    }
}
