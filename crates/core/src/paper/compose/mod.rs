//! Composing: a kind of paper and a company's answers give a [`Document`].
//!
//! The text is walked twice. The first walk decides what is there and gives numbers; the second prints references by them. Nothing that is referred to
//! by its number can depend on a reference, so both walks give the same blocks.

mod because;
mod blocks;
mod condition;
mod form;
mod line;
mod lines;
mod number;
mod own;
mod scope;
mod table;

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::answers::Answers;
use super::document::Document;
use super::expression::expression;
use super::kind::Kind;
use super::library::Library;
use super::own_text::{Edit, MOST_EDITS, Notice};
use super::question::Question;
use blocks::Composer;
pub(super) use line::hours_text;
pub(super) use lines::{lines_of, whole};
use scope::Scope;

/// What is printed about the paper itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meta {
    /// The company's name as the case knows it; the answer `company_name` comes first.
    pub company: String,
    /// `第1版（案）`.
    pub version: String,
    pub date: Date,
}

/// The paper as it stands for one company. Whatever the answers are, it can be composed.
pub fn compose(library: &Library, kind: &Kind, answers: &Answers, meta: &Meta) -> Document {
    compose_own(library, kind, answers, &[], meta).document
}

/// A paper with a company's own words in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Composed {
    pub document: Document,
    /// What somebody should look at: words under which the library's text or an answer changed.
    pub notices: Vec<Notice>,
}

/// The same with the company's own words, applied in their order before numbers are given.
pub fn compose_own(
    library: &Library,
    kind: &Kind,
    answers: &Answers,
    edits: &[Edit],
    meta: &Meta,
) -> Composed {
    composed(library, kind, answers, edits, meta, false)
}

/// The same document in which values are references `=source`, where `source` is what stands in the library's braces.
pub(super) fn compose_traced(
    library: &Library,
    kind: &Kind,
    answers: &Answers,
    edits: &[Edit],
    meta: &Meta,
) -> Document {
    composed(library, kind, answers, edits, meta, true).document
}

fn composed(
    library: &Library,
    kind: &Kind,
    answers: &Answers,
    edits: &[Edit],
    meta: &Meta,
    traced: bool,
) -> Composed {
    let company = answers
        .text("company_name")
        .map(line::shown)
        .filter(|name| !name.trim().is_empty());
    let meta = Meta {
        company: company.unwrap_or_else(|| line::shown(&meta.company)),
        ..meta.clone()
    };
    let scope = || Scope {
        library,
        kind: Some(kind),
        answers,
        meta: &meta,
        variables: Vec::new(),
    };
    let edits = &edits[..edits.len().min(MOST_EDITS)];
    let nowhere = BTreeMap::new();
    let mut first = Composer::new(scope(), &nowhere, edits);
    first.nodes(&kind.text);
    first.own_blocks();
    let labels = number::number(&mut first, kind.numbering);
    let mut second = Composer::new(scope(), &labels, edits);
    second.gone = first.gone;
    second.traced = traced;
    second.nodes(&kind.text);
    second.own_blocks();
    number::number(&mut second, kind.numbering);
    let document = Document {
        kind: kind.id.clone(),
        title: kind.title.clone(),
        company: meta.company.clone(),
        version: meta.version.clone(),
        date: meta.date,
        edition: kind.edition_line(),
        numbering: kind.numbering,
        layout: kind.layout,
        cover: kind.cover,
        contents: kind.contents,
        blocks: second.blocks,
    };
    Composed {
        document,
        notices: second.notices,
    }
}

/// Whether a question is shown to a company that has answered so.
pub fn is_asked(library: &Library, question: &Question, answers: &Answers) -> bool {
    question
        .ask_if
        .as_ref()
        .is_none_or(|condition| holds(library, answers, condition))
}

/// What differs in this kind for this company, in words for its expert.
pub fn variants<'a>(library: &Library, kind: &'a Kind, answers: &Answers) -> Vec<&'a str> {
    let meant = kind
        .variants
        .iter()
        .filter(|variant| holds(library, answers, &variant.when));
    meant.map(|variant| variant.note.as_str()).collect()
}

fn holds(library: &Library, answers: &Answers, condition: &str) -> bool {
    let meta = Meta {
        company: String::new(),
        version: String::new(),
        date: Date::MIN,
    };
    let scope = Scope {
        library,
        kind: None,
        answers,
        meta: &meta,
        variables: Vec::new(),
    };
    expression(condition).is_ok_and(|condition| scope.holds(&condition))
}
