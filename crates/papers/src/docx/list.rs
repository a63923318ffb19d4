//! Lists: bullets, numbered steps and boxes to tick.

use sonae_core::paper::document::{Item, Mark};

use super::line::line;
use super::numbering::{DEEPEST, Numbered, Numbers};
use super::place::Place;
use super::sheet::{Paragraph, paragraph};
use crate::xml::Xml;

/// A list with what stands under its items.
pub(super) fn list(
    xml: &mut Xml,
    mark: Mark,
    items: &[Item],
    place: &Place<'_>,
    numbers: &mut Numbers,
) {
    level(xml, (mark, items), 0, place, numbers);
}

fn level(
    xml: &mut Xml,
    (mark, items): (Mark, &[Item]),
    depth: u8,
    place: &Place<'_>,
    numbers: &mut Numbers,
) {
    let number = numbers.list(mark);
    for item in items {
        let style = Paragraph {
            number: Some(Numbered {
                number,
                level: depth,
            }),
            ..Paragraph::of("ListItem")
        };
        paragraph(xml, style, |xml| line(xml, &item.text, place));
        if let Some((mark, under)) = &item.under {
            level(
                xml,
                (*mark, under),
                (depth + 1).min(DEEPEST),
                place,
                numbers,
            );
        }
    }
}
