//! What stands together: signatures with their text, tables with their introduction, wide tables on wide pages.

use super::flow;
use super::view::{Piece, Section, Shape};

/// So many blocks before a wide table may go with it onto its wide page: its heading and what introduces it.
const BLOCKS_BEFORE_WIDE_TABLE: usize = 3;

/// So many blocks may stand between the paper's title and a procedure on the same page.
const BLOCKS_BEFORE_FIRST_FLOW: usize = 3;

/// What stands before a signature goes to its page.
pub(super) fn keep_signatures(pieces: &mut [Piece]) {
    for at in 1..pieces.len() {
        let signed = matches!(pieces[at].shape, Shape::Signature { .. });
        let text = matches!(
            pieces[at - 1].shape,
            Shape::Paragraph { .. } | Shape::Clause { .. }
        );
        pieces[at - 1].with_next = signed && text;
    }
}

/// A heading and one paragraph go to the page where the table begins that they introduce.
pub(super) fn keep_introductions(pieces: &mut [Piece]) {
    for at in 2..pieces.len() {
        let introduced = matches!(
            pieces[at].shape,
            Shape::Table(_) | Shape::Flow(_) | Shape::Chart(_)
        );
        let paragraph = matches!(pieces[at - 1].shape, Shape::Paragraph { .. });
        if introduced && paragraph && pieces[at - 2].is_heading() {
            pieces[at - 1].with_next = true;
        }
    }
}

/// A procedure that nearly begins the paper stands on its first page.
pub(super) fn leave_room_for_title(pieces: &mut [Piece]) {
    for piece in pieces.iter_mut().take(BLOCKS_BEFORE_FIRST_FLOW + 1) {
        match &mut piece.shape {
            Shape::Flow(flow) => flow.room_above = flow::ROOM_ABOVE_WITH_TITLE,
            Shape::PageBreak => return,
            _ => {}
        }
    }
}

/// Wide tables get wide pages, with the blocks that introduce them.
pub(super) fn sections(pieces: Vec<Piece>) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    for piece in pieces {
        let wide = matches!(&piece.shape, Shape::Table(table) if table.wide);
        match sections.last_mut() {
            Some(last) if last.wide == wide => last.pieces.push(piece),
            last => {
                let mut pieces = match last {
                    Some(last) if wide => introduction(&mut last.pieces),
                    _ => Vec::new(),
                };
                pieces.push(piece);
                sections.push(Section { wide, pieces });
            }
        }
    }
    sections.retain(|section| !section.pieces.is_empty());
    if sections.is_empty() {
        // Opening and edition are printed all the same.
        sections.push(Section {
            wide: false,
            pieces: Vec::new(),
        });
    }
    sections
}

/// Takes the blocks from the last heading on away, when they are few.
fn introduction(before: &mut Vec<Piece>) -> Vec<Piece> {
    let heading = before.iter().rposition(Piece::is_heading);
    match heading {
        Some(mut at) if before.len() - at <= BLOCKS_BEFORE_WIDE_TABLE => {
            // A chapter's heading directly above its section's.
            while at > 0 && before[at - 1].is_heading() {
                at -= 1;
            }
            before.split_off(at)
        }
        _ => Vec::new(),
    }
}
