//! How far the answers for a kind of paper have come.

use super::answers::{Answers, Value};
use super::is_asked;
use super::kind::Kind;
use super::library::Library;
use super::question::Question;

/// What a kind asks this company, and what of it is open.
#[derive(Clone, Debug)]
pub struct Progress<'a> {
    /// Questions that concern this company.
    pub asked: usize,
    /// Those without an answer, in the order in which they are asked.
    pub open: Vec<&'a Question>,
}

/// The progress of a kind.
pub fn progress<'a>(library: &'a Library, kind: &'a Kind, answers: &Answers) -> Progress<'a> {
    let mut progress = Progress {
        asked: 0,
        open: Vec::new(),
    };
    let asked = library.asked(kind);
    for question in asked.filter(|question| is_asked(library, question, answers)) {
        progress.asked += 1;
        if !is_answered(answers.value(&question.id)) {
            progress.open.push(question);
        }
    }
    progress
}

fn is_answered(value: Option<&Value>) -> bool {
    match value {
        None => false,
        Some(Value::Rows(rows)) => !rows.is_empty(),
        Some(Value::Text(text)) => !text.trim().is_empty(),
        Some(_) => true,
    }
}
