//! 文書の答え: the pages on which a company and its expert answer what papers ask, look at the ledger's risk and at what an expert would ask.
//!
//! The same views stand below the company's private link and below the office's page of the case. Each gives a [`Piece`] of a page; whoever opened
//! the case puts its own frame around it. No page needs a script.

mod cell;
pub(in crate::pages) mod checks;
mod control;
pub(in crate::pages) mod editor;
mod heat_map;
mod place;
mod returned;
mod rows;
mod saving;
mod section;
mod sheet;
mod table;
mod two_stars;
mod typed;
mod waiting;

use std::collections::BTreeMap;

use askama::Template;
use axum::http::StatusCode;
use sonae_core::paper::answers::{AnswerRow, Answers, Value};
use sonae_core::paper::library::{Seeds, Source, lacking};
use sonae_core::paper::question::Question;

use super::public::error::PageError;
use super::public::field::Mistake;

pub(in crate::pages) use place::Place;

/// The longest list of mistakes above a form; each stands at its control as well.
const MOST_MISTAKES: usize = 20;

/// The answers of a company as the pages show them.
#[derive(Clone, Debug, Default)]
pub(in crate::pages) struct Held {
    /// With what the case knows where nothing was answered.
    pub answers: Answers,
    /// As they were saved.
    pub saved: Answers,
    /// What the diagnosis and the questionnaire propose, saved or not.
    pub seeds: Seeds,
    /// Where that comes from which nobody saved, by question.
    pub sources: BTreeMap<String, Source>,
    /// Which state of the answers this is, for whoever saves over it.
    pub version: i64,
}

impl Held {
    /// Where an answer comes from that is shown and that nobody saved.
    fn source(&self, question: &str) -> Option<Source> {
        let shown = self.answers.value(question).is_some();
        let source = self.sources.get(question).copied();
        source.filter(|_| shown && self.saved.value(question).is_none())
    }

    /// The rows that the diagnosis and the questionnaire propose and that the table does not have, and where they come from.
    fn lacking(&self, question: &Question) -> Option<(Source, Vec<AnswerRow>)> {
        let source = *self.seeds.sources.get(&question.id)?;
        let rows = self.answers.rows(&question.id);
        let lacking = lacking(question, rows, self.seeds.answers.rows(&question.id));
        (!lacking.is_empty()).then_some((source, lacking))
    }

    /// A table with those rows behind its own; what is there stays as it is.
    fn with_lacking(&self, question: &Question, rows: Option<Value>) -> Option<Value> {
        let mut rows = match rows {
            Some(Value::Rows(rows)) => rows,
            _ => Vec::new(),
        };
        let seeds = self.seeds.answers.rows(&question.id);
        rows.extend(lacking(question, &rows, seeds));
        (!rows.is_empty()).then_some(Value::Rows(rows))
    }
}

/// A piece of a page, escaped, and what its frame must say.
#[derive(Debug)]
pub(in crate::pages) struct Piece {
    pub status: StatusCode,
    pub title: String,
    /// Mistakes in page order, for the summary above everything.
    pub mistakes: Vec<Mistake>,
    /// Whether the piece needs more room than a column for reading.
    pub wide: bool,
    pub body: String,
}

impl Piece {
    /// # Errors
    /// The template fails, which is a defect.
    fn new(title: &str, template: &impl Template) -> Result<Piece, PageError> {
        Ok(Piece {
            status: StatusCode::OK,
            title: title.to_owned(),
            mistakes: Vec::new(),
            wide: false,
            body: template.render()?,
        })
    }

    /// The same page again, with what is to be corrected.
    #[must_use]
    fn wrong(mut self, mistakes: Vec<Mistake>) -> Piece {
        if !mistakes.is_empty() {
            self.status = StatusCode::UNPROCESSABLE_ENTITY;
        }
        self.mistakes = mistakes;
        self
    }

    #[must_use]
    fn with(mut self, status: StatusCode) -> Piece {
        self.status = status;
        self
    }

    #[must_use]
    fn wide(mut self) -> Piece {
        self.wide = true;
        self
    }
}
