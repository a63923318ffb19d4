//! What papers ask: a question, asked once and reused by every kind. A table is a question whose rows have columns.

use serde::{Deserialize, Serialize};

/// Most rows of a table when the question says nothing; a ledger of this many rows is still one paper.
pub const MOST_ROWS: usize = 300;
/// Most rows that a question may allow.
pub const ROWS_LIMIT: usize = 1000;
/// Most characters of one line when the question says nothing.
pub const LINE: usize = 200;
/// Most characters of several lines when the question says nothing.
pub const LINES: usize = 2000;
/// Most characters that a question may allow.
pub const TEXT_LIMIT: usize = 10_000;
/// Longest id of a row, in characters.
pub const ROW_ID: usize = 40;

/// A question, or a column of one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    pub id: String,
    pub kind: Kind,
    pub label: String,
    /// The label as part of a sentence, where an answer explains a passage.
    pub say: Option<String>,
    pub hint: Option<String>,
    /// Characters, rows, or the largest number.
    pub max: Option<i64>,
    /// The smallest number; 0 without it.
    pub min: Option<i64>,
    /// Printed behind a number where the text asks for it.
    pub unit: Option<String>,
    #[serde(default)]
    pub options: Vec<Choice>,
    /// Where the case knows the answer from, such as `application.name`.
    pub known_from: Option<String>,
    /// The condition under which the question is shown.
    pub ask_if: Option<String>,
    /// A column whose absence is printed as a blank to write on.
    #[serde(default)]
    pub required: bool,
    /// The table whose rows a column names.
    pub row_of: Option<String>,
    /// The column by which a row is called.
    pub title: Option<String>,
    /// A column that nobody answers: it follows from the others of its row.
    pub computed: Option<Computed>,
    #[serde(default)]
    pub fixed: Vec<FixedRow>,
    #[serde(default, rename = "column")]
    pub columns: Vec<Question>,
}

/// What kind of answer is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Text,
    LongText,
    YesNo,
    Choice,
    Choices,
    Number,
    Date,
    /// A table.
    Rows,
    /// A column that names a row of a table.
    Row,
    /// A column that names rows of a table.
    RowsOf,
}

/// What follows from a row of the asset ledger, see [`super::ledger`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Computed {
    Importance,
    Likelihood,
    Risk,
    /// What is done about the risk, in words.
    Band,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    pub value: String,
    pub label: String,
}

/// A row that every company has until it removes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FixedRow {
    pub id: String,
    /// What stands in the title column.
    pub name: String,
}

impl Question {
    pub fn column(&self, id: &str) -> Option<&Question> {
        self.columns.iter().find(|column| column.id == id)
    }

    /// The question as part of a sentence.
    pub fn said(&self) -> &str {
        self.say.as_deref().unwrap_or(&self.label)
    }

    /// The label of a choice's value; the value itself when nobody knows it.
    pub fn choice<'a>(&'a self, value: &'a str) -> &'a str {
        let known = self.options.iter().find(|choice| choice.value == value);
        known.map_or(value, |choice| choice.label.as_str())
    }

    /// Most rows of a table.
    pub fn most_rows(&self) -> usize {
        let said = self.max.and_then(|max| usize::try_from(max).ok());
        said.unwrap_or(MOST_ROWS).min(ROWS_LIMIT)
    }

    /// Most characters of a text.
    pub fn longest(&self) -> usize {
        let said = self.max.and_then(|max| usize::try_from(max).ok());
        let usual = match self.kind {
            Kind::LongText => LINES,
            _ => LINE,
        };
        said.unwrap_or(usual).min(TEXT_LIMIT)
    }

    /// The numbers that are taken, both ends included.
    pub fn numbers(&self) -> (i64, i64) {
        (self.min.unwrap_or(0), self.max.unwrap_or(999_999_999_999))
    }

    /// How long a blank for the answer is, in full-width characters.
    pub fn blank(&self) -> u16 {
        match self.kind {
            Kind::LongText => 20,
            Kind::Text if self.longest() > 100 => 15,
            Kind::Number | Kind::YesNo => 4,
            Kind::Date => 8,
            _ => 10,
        }
    }
}

/// Whether a text can be an id of a row: it becomes part of a block's id.
pub fn is_row_id(id: &str) -> bool {
    let known = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-');
    !id.is_empty() && id.len() <= ROW_ID && id.chars().all(known)
}
