//! Cards of A6 on sheets of A4: four to a sheet, in reading order, with lines to cut along.
//!
//! Typst lays each card out as a small page, so that what does not fit goes on on another card as text goes on on another page. Here
//! the small pages are put on large ones; what is read aloud keeps its order.

use typst::layout::{Abs, Frame, Point, Size};
use typst::model::Document as _;
use typst_layout::{Page, PagedDocument};

/// A4, in millimetres.
const SHEET: (f64, f64) = (210.0, 297.0);
const CARDS_ACROSS: usize = 2;
const CARDS_DOWN: usize = 2;

/// The sheets with all cards on them.
pub(super) fn on_sheets(cards: &PagedDocument) -> PagedDocument {
    let sheets = cards.pages().chunks(CARDS_ACROSS * CARDS_DOWN);
    let sheets = sheets.zip(1..).map(|(cards, number)| Page {
        frame: sheet(cards),
        number,
        ..cards[0].clone()
    });
    PagedDocument::new(sheets.collect(), cards.info().clone())
}

fn sheet(cards: &[Page]) -> Frame {
    let (width, height) = (Abs::mm(SHEET.0), Abs::mm(SHEET.1));
    let mut sheet = Frame::hard(Size::new(width, height));
    for (place, card) in cards.iter().enumerate() {
        let (across, down) = (place % CARDS_ACROSS, place / CARDS_ACROSS);
        let at = Point::new(
            width / CARDS_ACROSS as f64 * across as f64,
            height / CARDS_DOWN as f64 * down as f64,
        );
        sheet.push_frame(at, card.frame.clone());
    }
    sheet
}
