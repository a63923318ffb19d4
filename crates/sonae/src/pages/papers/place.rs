//! Where the papers of a case stand for whoever opened it: the same pages below a company's private link and below the office's page of the case.

use sonae_core::paper::kind::Kind;
use sonae_core::paper::library::Library;
use sonae_core::paper::question::{Kind as Shape, Question};

use super::super::public::field::id_of;

/// The addresses of the papers of a case, and for whom they are shown.
#[derive(Clone, Debug)]
pub(in crate::pages) struct Place {
    /// `…/papers`, without a slash at the end.
    pub base: String,
    /// The token of the office's session; a company's link needs none.
    pub csrf: Option<String>,
    /// Whether what is shown can be changed here now.
    pub open: bool,
    /// What the case's courses hand over.
    pub kinds: Vec<&'static Kind>,
}

impl Place {
    pub(in crate::pages) fn page(&self, name: &str) -> String {
        format!("{}/{name}", self.base)
    }

    /// A section of a kind's questions, counted from 1.
    pub(super) fn section(&self, kind: &str, number: usize) -> String {
        format!("{}/answers/{kind}/{number}", self.base)
    }

    pub(super) fn table(&self, question: &str) -> String {
        format!("{}/tables/{question}", self.base)
    }

    /// The page of a table that shows a row, at a cell of it.
    pub(super) fn cell(&self, question: &str, row: &str, column: Option<&str>) -> String {
        let anchor = match column {
            Some(column) => id_of(&format!("{question}.{row}.{column}")),
            None => format!("row-{row}"),
        };
        format!("{}?row={row}#{anchor}", self.table(question))
    }

    /// Where a question is answered: its table, or the section of the first kind of this case that asks it.
    pub(super) fn question(&self, library: &Library, question: &str) -> Option<String> {
        let found = library.question(question)?;
        if found.kind == Shape::Rows {
            return Some(self.table(question));
        }
        let asks = self.kinds.iter().flat_map(|kind| {
            let sections = kind.asks.iter().enumerate();
            sections.map(move |(at, ask)| (kind.id.as_str(), at + 1, ask))
        });
        let asking = |id: &String| id == question;
        let (kind, number, _) = asks
            .into_iter()
            .find(|(_, _, ask)| ask.questions.iter().chain(&ask.also).any(asking))?;
        let anchor = id_of(question);
        Some(format!("{}#{anchor}", self.section(kind, number)))
    }

    /// The other kinds of this case that ask the same, for the sentence that says so.
    pub(super) fn others_asking(&self, question: &Question, kind: &str) -> Vec<&'static str> {
        let others = self.kinds.iter().filter(|other| other.id != kind);
        let asks = |other: &&&'static Kind| other.asked().any(|id| id == question.id);
        others
            .filter(asks)
            .map(|other| other.title.as_str())
            .collect()
    }

    /// Whether the ledger is one of the papers.
    pub(in crate::pages) fn has(&self, question: &str) -> bool {
        self.kinds
            .iter()
            .any(|kind| kind.asked().any(|id| id == question))
    }
}
