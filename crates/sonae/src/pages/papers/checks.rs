//! 点検: what an expert would ask about the answers, each with the way to where it is mended.

use askama::Template;
use jiff::civil::Date;
use sonae_core::paper::check::{Finding, check};
use sonae_core::paper::library::Library;

use super::super::public::error::PageError;
use super::{Held, Piece, Place};

#[derive(Template)]
#[template(path = "papers/checks.html")]
struct View<'a> {
    place: &'a Place,
    count: usize,
    groups: Vec<Group>,
}

/// What was found about one question.
struct Group {
    question: String,
    label: &'static str,
    found: Vec<Found>,
}

struct Found {
    sentence: String,
    href: Option<String>,
}

/// Everything found that concerns the papers of this case: what no paper of it asks, nobody can answer here.
pub(in crate::pages) fn found(
    library: &Library,
    place: &Place,
    held: &Held,
    today: Date,
) -> Vec<Finding> {
    let mut found = check(library, &held.answers, today);
    found.retain(|finding| place.has(&finding.question));
    found
}

/// # Errors
/// A template fails.
pub(in crate::pages) fn piece(
    library: &'static Library,
    place: &Place,
    held: &Held,
    today: Date,
) -> Result<Piece, PageError> {
    let found = found(library, place, held, today);
    let count = found.len();
    let mut groups: Vec<Group> = Vec::new();
    for finding in found {
        let one = Found {
            href: href(library, place, &finding),
            sentence: finding.sentence,
        };
        match groups
            .iter_mut()
            .find(|group| group.question == finding.question)
        {
            Some(group) => group.found.push(one),
            None => groups.push(Group {
                label: library
                    .question(&finding.question)
                    .map_or("", |question| question.label.as_str()),
                question: finding.question,
                found: vec![one],
            }),
        }
    }
    let view = View {
        place,
        count,
        groups,
    };
    Piece::new("点検", &view)
}

fn href(library: &Library, place: &Place, finding: &Finding) -> Option<String> {
    match &finding.row {
        Some(row) => Some(place.cell(&finding.question, row, finding.column.as_deref())),
        None => place.question(library, &finding.question),
    }
}
