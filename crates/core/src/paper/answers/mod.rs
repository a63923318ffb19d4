//! What a company has answered, typed by the questions. Everything may be missing.

mod form;
mod merge;
mod over;
mod read;
mod scalar;
mod sheet;
mod write;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

pub use form::from_pairs;
pub use merge::{Merged, merge};
pub use over::read_over;
pub use read::{Problem, Reading, read};
pub use sheet::{ROW_NUMBER, SheetColumn, from_sheet, head, is_head, sheet_columns};
pub use write::written;

/// The answers of one company to the questions of the library, by question id.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answers {
    pub values: BTreeMap<String, Value>,
}

/// One answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// One line or several, as typed.
    Text(String),
    YesNo(bool),
    /// The value of an option.
    Choice(String),
    Choices(BTreeSet<String>),
    Number(i64),
    Date(Date),
    Rows(Vec<AnswerRow>),
    /// The id of a row of the column's table. The row may be gone.
    Row(String),
    RowsOf(Vec<String>),
}

/// One row of a table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AnswerRow {
    /// Stable from version to version, unique in its table.
    pub id: String,
    pub cells: BTreeMap<String, Value>,
}

impl Answers {
    pub fn value(&self, question: &str) -> Option<&Value> {
        self.values.get(question)
    }

    /// The rows of a table; none when nothing is answered.
    pub fn rows(&self, question: &str) -> &[AnswerRow] {
        match self.values.get(question) {
            Some(Value::Rows(rows)) => rows,
            _ => &[],
        }
    }

    pub fn row(&self, question: &str, id: &str) -> Option<&AnswerRow> {
        self.rows(question).iter().find(|row| row.id == id)
    }

    pub fn text(&self, question: &str) -> Option<&str> {
        match self.values.get(question)? {
            Value::Text(text) | Value::Choice(text) => Some(text),
            _ => None,
        }
    }

    pub fn number(&self, question: &str) -> Option<i64> {
        match self.values.get(question)? {
            Value::Number(number) => Some(*number),
            _ => None,
        }
    }

    pub fn date(&self, question: &str) -> Option<Date> {
        match self.values.get(question)? {
            Value::Date(date) => Some(*date),
            _ => None,
        }
    }

    /// Whether a question of yes or no was answered with yes.
    pub fn yes(&self, question: &str) -> bool {
        self.values.get(question) == Some(&Value::YesNo(true))
    }

    /// Takes a row out of its table. References to it stay and are read as not answered.
    pub fn remove_row(&mut self, question: &str, id: &str) {
        if let Some(Value::Rows(rows)) = self.values.get_mut(question) {
            rows.retain(|row| row.id != id);
        }
    }
}

impl AnswerRow {
    pub fn text(&self, column: &str) -> Option<&str> {
        match self.cells.get(column)? {
            Value::Text(text) | Value::Choice(text) => Some(text),
            _ => None,
        }
    }

    pub fn number(&self, column: &str) -> Option<i64> {
        match self.cells.get(column)? {
            Value::Number(number) => Some(*number),
            _ => None,
        }
    }

    pub fn date(&self, column: &str) -> Option<Date> {
        match self.cells.get(column)? {
            Value::Date(date) => Some(*date),
            _ => None,
        }
    }

    /// Whether a column of yes or no holds yes.
    pub fn yes(&self, column: &str) -> bool {
        self.cells.get(column) == Some(&Value::YesNo(true))
    }

    /// The id of the row that a column names.
    pub fn named(&self, column: &str) -> Option<&str> {
        match self.cells.get(column)? {
            Value::Row(id) => Some(id),
            _ => None,
        }
    }

    /// The ids of the rows that a column names.
    pub fn names(&self, column: &str) -> &[String] {
        match self.cells.get(column) {
            Some(Value::RowsOf(ids)) => ids,
            _ => &[],
        }
    }
}
