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

use askama::Template;
use axum::http::StatusCode;
use sonae_core::paper::answers::Answers;

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
    /// Which state of the answers this is, for whoever saves over it.
    pub version: i64,
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
