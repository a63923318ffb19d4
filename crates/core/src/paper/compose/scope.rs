//! What a name means for this company, at this place of the text.

use jiff::civil::Date;

use super::Meta;
use crate::paper::answers::{AnswerRow, Answers, Value};
use crate::paper::expression::{Path, Walk};
use crate::paper::kind::Kind;
use crate::paper::ledger::{ONE_TO_THREE, assess, band, bands};
use crate::paper::library::{Library, size};
use crate::paper::question::{Computed, Question};

/// The answers, and the rows at hand.
#[derive(Clone)]
pub(super) struct Scope<'a> {
    pub(super) library: &'a Library,
    /// None outside of any paper.
    pub(super) kind: Option<&'a Kind>,
    pub(super) answers: &'a Answers,
    pub(super) meta: &'a Meta,
    pub(super) variables: Vec<(String, &'a Question, &'a AnswerRow)>,
}

/// What stands at a path.
pub(super) enum Found<'a> {
    Missing(Missing<'a>),
    Value(&'a Value, &'a Question),
    Row(&'a Question, &'a AnswerRow),
    Rows(Rows<'a>),
    /// A number that follows from others.
    Number(i64),
    /// A fact about the paper, the size, words that follow from others.
    Said(String),
    Day(Date),
}

/// An answer that is not there.
pub(super) struct Missing<'a> {
    /// The question, or the cell: `systems.mail.rto`.
    pub(super) at: String,
    pub(super) question: Option<&'a Question>,
}

/// Rows of a table.
pub(super) struct Rows<'a> {
    pub(super) table: &'a Question,
    pub(super) rows: Vec<&'a AnswerRow>,
    /// Whether there were any before a condition took some away.
    pub(super) answered: bool,
}

impl<'a> Scope<'a> {
    pub(super) fn find(&self, path: &Path) -> Found<'a> {
        let Some((first, rest)) = path.split_first() else {
            return missing(String::new(), None);
        };
        let variable = self
            .variables
            .iter()
            .rev()
            .find(|(name, _, _)| name == first);
        if let Some((_, table, row)) = variable {
            return self.below(Found::Row(table, row), rest);
        }
        match (first.as_str(), rest) {
            ("size", []) => match size(self.answers) {
                Some(size) => Found::Said(size.to_owned()),
                None => missing("employees".to_owned(), self.library.question("employees")),
            },
            ("paper", [fact]) => match fact.as_str() {
                "date" => Found::Day(self.meta.date),
                "title" => {
                    let title = self.kind.map(|kind| kind.title.clone());
                    Found::Said(title.unwrap_or_default())
                }
                "version" => Found::Said(self.meta.version.clone()),
                _ => Found::Said(self.meta.company.clone()),
            },
            _ => match self.library.question(first) {
                None => missing(first.clone(), None),
                Some(question) => {
                    self.below(self.value(self.answers.value(first), question, first), rest)
                }
            },
        }
    }

    /// An answer, with references to rows looked up.
    fn value(&self, value: Option<&'a Value>, question: &'a Question, at: &str) -> Found<'a> {
        let table = question
            .row_of
            .as_deref()
            .and_then(|id| self.library.question(id));
        match (value, table) {
            (Some(Value::Rows(rows)), _) => Found::Rows(Rows {
                table: question,
                rows: rows.iter().collect(),
                answered: !rows.is_empty(),
            }),
            (Some(Value::Row(id)), Some(table)) => match self.answers.row(&table.id, id) {
                Some(row) => Found::Row(table, row),
                None => missing(at.to_owned(), Some(question)),
            },
            (Some(Value::RowsOf(ids)), Some(table)) => {
                let rows: Vec<&AnswerRow> = ids
                    .iter()
                    .filter_map(|id| self.answers.row(&table.id, id))
                    .collect();
                Found::Rows(Rows {
                    table,
                    answered: !rows.is_empty(),
                    rows,
                })
            }
            (Some(value), _) => Found::Value(value, question),
            (None, Some(table)) if question.kind == crate::paper::question::Kind::RowsOf => {
                Found::Rows(Rows {
                    table,
                    rows: Vec::new(),
                    answered: false,
                })
            }
            (None, _) if question.kind == crate::paper::question::Kind::Rows => Found::Rows(Rows {
                table: question,
                rows: Vec::new(),
                answered: false,
            }),
            (None, _) => missing(at.to_owned(), Some(question)),
        }
    }

    /// What follows from a row of the ledger; none while something is missing.
    fn computed(&self, computed: Computed, row: &AnswerRow) -> Option<Found<'a>> {
        let assessment = assess(row, ONE_TO_THREE);
        Some(match computed {
            Computed::Importance => Found::Number(assessment.importance?),
            Computed::Likelihood => Found::Number(assessment.likelihood?),
            Computed::Risk => Found::Number(assessment.risk?),
            Computed::Band => {
                let band = band(assessment.risk?, bands(self.answers));
                Found::Said(band.label().to_owned())
            }
        })
    }

    fn below(&self, found: Found<'a>, rest: &[String]) -> Found<'a> {
        let Some((name, after)) = rest.split_first() else {
            return found;
        };
        let next = match found {
            Found::Rows(rows) => match rows.rows.iter().find(|row| row.id == *name) {
                Some(row) => Found::Row(rows.table, row),
                None => missing(
                    format!("{}.{}", rows.table.id, rest.join(".")),
                    rest.get(1).and_then(|column| rows.table.column(column)),
                ),
            },
            Found::Row(table, row) => match table.column(name) {
                Some(column) => {
                    let at = format!("{}.{}.{name}", table.id, row.id);
                    match column.computed {
                        Some(computed) => self
                            .computed(computed, row)
                            .unwrap_or_else(|| missing(at, Some(column))),
                        None => self.value(row.cells.get(name), column, &at),
                    }
                }
                None => missing(format!("{}.{}.{name}", table.id, row.id), None),
            },
            other => return other,
        };
        self.below(next, after)
    }

    /// The rows of a walk, chosen and in order.
    pub(super) fn walk(&self, walk: &Walk) -> Option<Rows<'a>> {
        let Found::Rows(mut rows) = self.find(&walk.over) else {
            return None;
        };
        let Some(variable) = &walk.variable else {
            return Some(rows);
        };
        let mut scope = self.clone();
        let mut with = |row: &'a AnswerRow, ask: &mut dyn FnMut(&Scope<'a>)| {
            scope.variables.push((variable.clone(), rows.table, row));
            ask(&scope);
            scope.variables.pop();
        };
        if let Some(condition) = &walk.condition {
            rows.rows.retain(|row| {
                let mut holds = false;
                with(row, &mut |scope| holds = scope.holds(condition));
                holds
            });
        }
        if let Some(by) = &walk.by {
            rows.rows.sort_by_cached_key(|row| {
                let mut key = None;
                with(row, &mut |scope| key = Some(scope.order(by)));
                key
            });
        }
        Some(rows)
    }

    /// What a row is called; none when its name is missing.
    pub(super) fn name(table: &Question, row: &AnswerRow) -> Option<String> {
        let name = row.text(table.title.as_deref()?)?;
        let name = super::line::shown(name);
        (!name.trim().is_empty()).then_some(name)
    }
}

fn missing<'a>(at: String, question: Option<&'a Question>) -> Found<'a> {
    Found::Missing(Missing { at, question })
}
