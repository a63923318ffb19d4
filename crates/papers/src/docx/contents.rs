//! The table of contents: links that read well as they are, and page numbers once Word has counted them.

use sonae_core::paper::document::{Block, Body, Document, Numbering};
use sonae_core::paper::plain::{heading_number, line_text};

use super::line::run;
use super::place::Place;
use super::sheet::{Paragraph, page_break, paragraph};
use crate::xml::Xml;

/// Headings of the first two levels and articles, which the styles put on levels 1 and 2.
const INSTRUCTION: &str = " TOC \\o \"1-2\" \\h \\z \\t \"Article,2\" ";

/// The contents as one field. Pages are not known before Word lays the file out, so that they are left out until it is asked to count.
pub(super) fn contents(xml: &mut Xml, document: &Document, place: &Place<'_>) {
    paragraph(
        xml,
        Paragraph {
            keep_next: true,
            ..Paragraph::of("ContentsTitle")
        },
        |xml| run(xml, "目次", &[]),
    );
    let entries: Vec<_> = document
        .blocks
        .iter()
        .filter_map(|block| entry(block, document.numbering))
        .collect();
    for (at, (level, text, id)) in entries.iter().enumerate() {
        paragraph(
            xml,
            Paragraph::of(if *level == 1 { "TOC1" } else { "TOC2" }),
            |xml| {
                if at == 0 {
                    begin(xml);
                }
                match place.target(id) {
                    Some(target) => {
                        xml.element(
                            "w:hyperlink",
                            &[("w:anchor", &target.name), ("w:history", "1")],
                            |xml| run(xml, text, &[]),
                        );
                    }
                    None => run(xml, text, &[]),
                }
                if at + 1 == entries.len() {
                    character(xml, "end");
                }
            },
        );
    }
    if document.cover {
        page_break(xml);
    }
}

fn begin(xml: &mut Xml) {
    character(xml, "begin");
    xml.element("w:r", &[], |xml| {
        xml.element("w:instrText", &[("xml:space", "preserve")], |xml| {
            xml.text(INSTRUCTION)
        });
    });
    character(xml, "separate");
}

fn character(xml: &mut Xml, kind: &str) {
    xml.element("w:r", &[], |xml| {
        xml.empty("w:fldChar", &[("w:fldCharType", kind)])
    });
}

/// Level, text with its number, and the block it leads to.
fn entry(block: &Block, numbering: Numbering) -> Option<(u8, String, &str)> {
    let (level, text) = match &block.body {
        Body::Heading {
            level,
            number,
            text,
        } if *level <= 2 => (
            *level,
            [heading_number(numbering, number), line_text(text)]
                .join(" ")
                .trim_start()
                .to_owned(),
        ),
        Body::Article { number, caption } => (2, format!("第{number}条（{}）", line_text(caption))),
        _ => return None,
    };
    Some((level, text, &block.id))
}
