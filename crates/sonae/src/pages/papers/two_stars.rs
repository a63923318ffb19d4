//! SECURITY ACTION: whether two stars can be declared, and what was declared. A declaration is the company's own word.

use askama::Template;
use sonae_core::calendar::japanese::date_long;
use sonae_core::paper::library::Library;
use sonae_core::paper::security_action::{Step, declaration, two_stars};

use super::super::public::error::PageError;
use super::{Held, Piece, Place};

#[derive(Template)]
#[template(path = "papers/two_stars.html")]
struct View<'a> {
    place: &'a Place,
    steps: Vec<Way>,
    done: usize,
    /// Label and value of what was declared.
    declared: Vec<(&'static str, String)>,
    /// What is still to be written of the declaration.
    missing: Vec<&'static str>,
    record: Option<String>,
    stars: u8,
}

struct Way {
    step: Step,
    href: Option<String>,
}

/// # Errors
/// A template fails.
pub(in crate::pages) fn piece(
    library: &Library,
    place: &Place,
    held: &Held,
) -> Result<Piece, PageError> {
    let answers = &held.answers;
    let steps = two_stars(answers).map(|step| Way {
        href: place.question(library, step.question),
        step,
    });
    let declaration = declaration(answers);
    let (mut declared, mut missing) = (Vec::new(), Vec::new());
    if let Some(declaration) = &declaration {
        let stars = ["一つ星", "二つ星"][usize::from(declaration.stars > 1)];
        declared.push(("宣言した段階", stars.to_owned()));
        let facts = [
            ("自己宣言ID", declaration.id.clone()),
            ("宣言した日", declaration.date.map(date_long)),
            ("方針を公開しているページ", declaration.url.clone()),
        ];
        for (label, fact) in facts {
            match fact {
                Some(fact) => declared.push((label, fact)),
                None => missing.push(label),
            }
        }
    }
    let view = View {
        place,
        done: steps.iter().filter(|way| way.step.done).count(),
        steps: steps.into(),
        declared,
        missing,
        record: place.question(library, "security_action_level"),
        stars: declaration.map_or(0, |declaration| declaration.stars),
    };
    Piece::new("SECURITY ACTION の準備", &view)
}
