//! The library of papers: questions, kinds and samples, read from the files under `papers/` and checked as a whole.

mod asked;
mod conditions;
mod guards;
mod headings;
mod inspect;
mod known;
mod load;
mod misfits;
mod names;
mod questions;
mod references;
mod samples;
mod seed;

use super::answers::Answers;
use super::kind::Kind;
use super::question::Question;

pub use known::{application_facts, prefill};
pub use load::load;
pub use misfits::misfits;
pub use seed::{Record, Seeds, Source, lacking, propose, seeds};

/// Companies of at most so many people are `small` …
pub const SMALL: i64 = 5;
/// … and of at most so many `medium`.
pub const MEDIUM: i64 = 20;

/// Everything under `papers/`, sound as a whole.
#[derive(Clone, Debug)]
pub struct Library {
    questions: Vec<Question>,
    kinds: Vec<Kind>,
    samples: Vec<Sample>,
}

/// An invented company with answers to the questions.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// The file's name without its ending.
    pub name: String,
    pub note: String,
    /// Questions that it leaves open on purpose.
    pub unanswered: Vec<String>,
    pub answers: Answers,
}

impl Library {
    pub fn question(&self, id: &str) -> Option<&Question> {
        self.questions.iter().find(|question| question.id == id)
    }

    /// All questions, in the order of their files.
    pub fn questions(&self) -> impl Iterator<Item = &Question> {
        self.questions.iter()
    }

    pub fn kind(&self, id: &str) -> Option<&Kind> {
        self.kinds.iter().find(|kind| kind.id == id)
    }

    /// All kinds, by id.
    pub fn kinds(&self) -> &[Kind] {
        &self.kinds
    }

    /// The sample companies, by name.
    pub fn samples(&self) -> &[Sample] {
        &self.samples
    }

    /// The questions of a kind, in the order in which they are asked.
    pub fn asked<'a>(&'a self, kind: &'a Kind) -> impl Iterator<Item = &'a Question> {
        kind.asked().filter_map(|id| self.question(id))
    }
}

/// `small`, `medium` or `large` by the number of people; none when it is not known.
pub fn size(answers: &Answers) -> Option<&'static str> {
    let employees = answers.number("employees")?;
    Some(if employees <= SMALL {
        "small"
    } else if employees <= MEDIUM {
        "medium"
    } else {
        "large"
    })
}
