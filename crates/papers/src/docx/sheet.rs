//! The body of the file: page size, title and blocks in order.

use sonae_core::paper::document::Document;

use super::block::block;
use super::contents::contents;
use super::line::run;
use super::numbering::{Numbered, Numbers};
use super::place::Place;
use crate::xml::{WORD, Xml};

/// A4, in twentieths of a point, with margins of 22 mm at the sides.
const PAGE: (i32, i32) = (11_906, 16_838);
const SIDE: i32 = 1_247;
/// Width of the text in twentieths of a point.
pub(super) const TEXT_WIDTH: i32 = PAGE.0 - 2 * SIDE;

/// `word/document.xml`
pub(super) fn body(document: &Document, place: &Place<'_>, numbers: &mut Numbers) -> String {
    Xml::part("w:document", &WORD, |xml| {
        xml.element("w:body", &[], |xml| {
            title(xml, document);
            if document.contents {
                contents(xml, document, place);
            }
            for part in &document.blocks {
                block(xml, part, place, numbers);
            }
            paragraph(xml, Paragraph::of("Edition"), |xml| {
                run(xml, &document.edition, &[])
            });
            section(xml, document.cover);
        });
    })
}

fn title(xml: &mut Xml, document: &Document) {
    let style = if document.cover {
        "CoverTitle"
    } else {
        "Title"
    };
    paragraph(xml, Paragraph::of(style), |xml| {
        run(xml, &document.title, &[])
    });
    for text in [
        document.company.as_str(),
        document.version.as_str(),
        &super::furniture::day(document.date),
    ] {
        paragraph(xml, Paragraph::of("TitleLine"), |xml| run(xml, text, &[]));
    }
    if document.cover {
        page_break(xml);
    }
}

pub(super) fn page_break(xml: &mut Xml) {
    paragraph(xml, Paragraph::of("Normal"), |xml| {
        xml.element("w:r", &[], |xml| xml.empty("w:br", &[("w:type", "page")]));
    });
}

/// How a paragraph stands out from its style.
#[derive(Clone, Copy)]
pub(super) struct Paragraph<'a> {
    pub(super) style: &'a str,
    pub(super) number: Option<Numbered>,
    /// The style has a number, and this paragraph shall have none.
    pub(super) unnumbered: bool,
    /// Stays on the page of what follows.
    pub(super) keep_next: bool,
    pub(super) align: Option<&'a str>,
}

impl<'a> Paragraph<'a> {
    pub(super) fn of(style: &'a str) -> Self {
        Self {
            style,
            number: None,
            unnumbered: false,
            keep_next: false,
            align: None,
        }
    }
}

pub(super) fn paragraph(xml: &mut Xml, paragraph: Paragraph<'_>, inner: impl FnOnce(&mut Xml)) {
    xml.element("w:p", &[], |xml| {
        // The order of these properties is part of the schema (CT_PPrBase).
        xml.element("w:pPr", &[], |xml| {
            xml.value("w:pStyle", paragraph.style);
            if paragraph.keep_next {
                xml.empty("w:keepNext", &[]);
            }
            let number = if paragraph.unnumbered {
                Some(Numbered {
                    number: 0,
                    level: 0,
                })
            } else {
                paragraph.number
            };
            if let Some(Numbered { number, level }) = number {
                xml.element("w:numPr", &[], |xml| {
                    xml.value("w:ilvl", level);
                    xml.value("w:numId", number);
                });
            }
            if let Some(align) = paragraph.align {
                xml.value("w:jc", align);
            }
        });
        inner(xml);
    });
}

fn section(xml: &mut Xml, cover: bool) {
    let (width, height, side) = (PAGE.0.to_string(), PAGE.1.to_string(), SIDE.to_string());
    xml.element("w:sectPr", &[], |xml| {
        xml.empty(
            "w:headerReference",
            &[("w:type", "default"), ("r:id", "rIdHeader")],
        );
        xml.empty(
            "w:footerReference",
            &[("w:type", "default"), ("r:id", "rIdFooter")],
        );
        xml.empty("w:pgSz", &[("w:w", &width), ("w:h", &height)]);
        let margins = [
            ("w:top", "1531"),
            ("w:right", side.as_str()),
            ("w:bottom", "1361"),
            ("w:left", side.as_str()),
        ];
        let edges = [("w:header", "794"), ("w:footer", "680"), ("w:gutter", "0")];
        xml.empty("w:pgMar", &[&margins[..], &edges[..]].concat());
        if cover {
            // The cover has neither head nor foot: a first page without parts of its own is empty.
            xml.empty("w:titlePg", &[]);
        }
    });
}
