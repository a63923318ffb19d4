//! Composing: a kind of paper and a company's answers give a [`Document`].
//!
//! The text is walked twice. The first walk decides what is there and gives numbers; the second prints references by them. Nothing that is referred to
//! by its number can depend on a reference, so both walks give the same blocks.

mod because;
mod blocks;
mod condition;
mod form;
mod line;
mod number;
mod scope;
mod table;

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::answers::Answers;
use super::document::Document;
use super::expression::expression;
use super::kind::Kind;
use super::library::Library;
use super::question::Question;
use blocks::Composer;
pub(super) use line::hours_text;
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
    let nowhere = BTreeMap::new();
    let mut first = Composer::new(scope(), &nowhere);
    first.nodes(&kind.text);
    let labels = number::number(&mut first, kind.numbering);
    let mut second = Composer::new(scope(), &labels);
    second.nodes(&kind.text);
    number::number(&mut second, kind.numbering);
    Document {
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
