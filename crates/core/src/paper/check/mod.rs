//! What an expert would ask about the answers: contradictions and gaps, each with the place to go to.
//!
//! A finding is advice, never an error: papers are composed whatever is found.

mod backups;
mod calls;
mod people;
mod promises;
mod systems;

use jiff::civil::Date;

use super::answers::{AnswerRow, Answers};
use super::library::Library;

/// Most findings that are given at once.
const MOST_FINDINGS: usize = 300;

/// Something to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which check found it; stable, for programs.
    pub check: &'static str,
    pub question: String,
    /// The row and the column, where it is about a table.
    pub row: Option<String>,
    pub column: Option<String>,
    /// What does not fit and what to do, in Japanese.
    pub sentence: String,
}

/// Everything found on a day, by subject, always in the same order.
pub fn check(library: &Library, answers: &Answers, today: Date) -> Vec<Finding> {
    let mut found = Findings {
        answers,
        found: Vec::new(),
    };
    systems::check(&mut found);
    backups::check(&mut found);
    people::check(&mut found, library, today);
    calls::check(&mut found);
    promises::check(&mut found, today);
    found.found.truncate(MOST_FINDINGS);
    found.found
}

struct Findings<'a> {
    answers: &'a Answers,
    found: Vec<Finding>,
}

impl<'a> Findings<'a> {
    fn rows(&self, table: &str) -> &'a [AnswerRow] {
        self.answers.rows(table)
    }

    /// A row that another names, while it is there.
    fn named(&self, table: &str, row: &AnswerRow, column: &str) -> Option<&'a AnswerRow> {
        self.answers.row(table, row.named(column)?)
    }

    fn cell(
        &mut self,
        check: &'static str,
        table: &str,
        row: &AnswerRow,
        column: &str,
        sentence: String,
    ) {
        self.found.push(Finding {
            check,
            question: table.to_owned(),
            row: Some(row.id.clone()),
            column: Some(column.to_owned()),
            sentence,
        });
    }

    fn question(&mut self, check: &'static str, question: &str, sentence: &str) {
        self.found.push(Finding {
            check,
            question: question.to_owned(),
            row: None,
            column: None,
            sentence: sentence.to_owned(),
        });
    }
}

/// What a row is called in a sentence; every table of these checks has its name in the column `name`.
fn name(row: &AnswerRow) -> String {
    let name = row
        .text("name")
        .map(crate::text::invisible::strip)
        .filter(|name| !name.trim().is_empty());
    name.map_or_else(|| "名前のない行".to_owned(), |name| format!("「{name}」"))
}

/// Hours as in the papers.
fn hours(hours: i64) -> String {
    super::compose::hours_text(hours)
}
