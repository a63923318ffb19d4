//! What a name in a text means: its type, before any answer is known.

use super::super::expression::Path;
use super::super::question::{Kind, Question};

/// The type of a path.
#[derive(Clone, Copy, Debug)]
pub(super) enum Type<'a> {
    Text,
    YesNo,
    Number,
    Date,
    Choice(&'a Question),
    Choices(&'a Question),
    /// One row of a table.
    Row(&'a Question),
    /// Rows of a table.
    Rows(&'a Question),
    /// `small`, `medium`, `large`.
    Size,
}

/// What is known at a place of a text.
pub(super) struct Names<'a> {
    pub(super) questions: &'a [Question],
    /// Rows at hand and their tables.
    pub(super) variables: Vec<(String, &'a Question)>,
    /// Every question that was named so far.
    pub(super) used: std::collections::BTreeSet<String>,
}

/// Facts about the paper itself.
const OF_THE_PAPER: [&str; 4] = ["date", "title", "company", "version"];
/// The question behind `size`.
pub(super) const EMPLOYEES: &str = "employees";

impl<'a> Names<'a> {
    pub(super) fn question(&self, id: &str) -> Option<&'a Question> {
        self.questions.iter().find(|question| question.id == id)
    }

    /// The type of a path; the questions that it comes by are noted.
    ///
    /// # Errors
    /// One Japanese sentence.
    pub(super) fn type_of(&mut self, path: &Path) -> Result<Type<'a>, String> {
        let (first, rest) = path.split_first().expect("a path has at least one name");
        let variable = self.variables.iter().rev().find(|(name, _)| name == first);
        let (mut found, mut rest) = match (variable, first.as_str(), rest) {
            (Some((_, table)), _, rest) => (Type::Row(table), rest),
            (None, "size", []) => {
                self.used.insert(EMPLOYEES.to_owned());
                (Type::Size, rest)
            }
            (None, "paper", [fact]) if OF_THE_PAPER.contains(&fact.as_str()) => {
                let found = if fact == "date" {
                    Type::Date
                } else {
                    Type::Text
                };
                (found, &rest[1..])
            }
            (None, "paper", _) => {
                return Err(format!(
                    "paper の後に書けるのは「{}」です。",
                    OF_THE_PAPER.join("」「")
                ));
            }
            (None, id, rest) => {
                let Some(question) = self.question(id) else {
                    let known: Vec<&str> = self
                        .questions
                        .iter()
                        .map(|question| question.id.as_str())
                        .collect();
                    return Err(format!(
                        "「{id}」という質問はありません。{}",
                        close(id, &known)
                    ));
                };
                self.used.insert(id.to_owned());
                (self.answered(question), rest)
            }
        };
        while let Some((name, after)) = rest.split_first() {
            found = self.below(found, name, path)?;
            rest = after;
        }
        Ok(found)
    }

    fn below(&mut self, found: Type<'a>, name: &str, path: &Path) -> Result<Type<'a>, String> {
        match found {
            Type::Rows(table) if table.fixed.iter().any(|row| row.id == name) => {
                Ok(Type::Row(table))
            }
            Type::Rows(table) => {
                let known: Vec<&str> = table.fixed.iter().map(|row| row.id.as_str()).collect();
                Err(format!(
                    "「{}」に決まった行「{name}」はありません。{}",
                    table.id,
                    close(name, &known)
                ))
            }
            Type::Row(table) => match table.column(name) {
                Some(column) => Ok(self.answered(column)),
                None => {
                    let known: Vec<&str> = table
                        .columns
                        .iter()
                        .map(|column| column.id.as_str())
                        .collect();
                    Err(format!(
                        "「{}」に列「{name}」はありません。{}",
                        table.id,
                        close(name, &known)
                    ))
                }
            },
            _ => Err(format!(
                "「{}」の「{name}」の前には表の行が要ります。",
                path.join(".")
            )),
        }
    }

    fn answered(&mut self, question: &'a Question) -> Type<'a> {
        let table = question.row_of.as_deref().and_then(|id| self.question(id));
        if let Some(table) = table {
            self.used.insert(table.id.clone());
        }
        match (question.kind, table) {
            (Kind::YesNo, _) => Type::YesNo,
            (Kind::Number, _) => Type::Number,
            (Kind::Date, _) => Type::Date,
            (Kind::Choice, _) => Type::Choice(question),
            (Kind::Choices, _) => Type::Choices(question),
            (Kind::Rows, _) => Type::Rows(question),
            (Kind::Row, Some(table)) => Type::Row(table),
            (Kind::RowsOf, Some(table)) => Type::Rows(table),
            _ => Type::Text,
        }
    }
}

fn close(name: &str, known: &[&str]) -> String {
    match known.len() {
        0 => String::new(),
        _ => crate::program::broken::nearest(name, known),
    }
}
