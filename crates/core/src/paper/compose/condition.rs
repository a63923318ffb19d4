//! Whether a condition holds, and by what rows are sorted.

use std::cmp::Ordering;

use jiff::civil::Date;

use super::scope::{Found, Scope};
use crate::paper::answers::Value;
use crate::paper::expression::{Expression, Op, Path, Term};

/// A value that can be compared.
#[derive(Clone, Debug, PartialEq)]
enum Plain {
    Number(i64),
    Text(String),
    YesNo(bool),
    Date(Date),
    /// A row, by table and id.
    Row(String, String),
}

impl Scope<'_> {
    pub(super) fn holds(&self, expression: &Expression) -> bool {
        match expression {
            Expression::Or(parts) => parts.iter().any(|part| self.holds(part)),
            Expression::And(parts) => parts.iter().all(|part| self.holds(part)),
            Expression::Not(inside) => !self.holds(inside),
            Expression::Is(term) => self.plain(term) == Some(Plain::YesNo(true)),
            Expression::Compare(Term::Text(value), Op::In, Term::Path(path)) => {
                match self.find(path) {
                    Found::Value(Value::Choices(values), _) => values.contains(value),
                    _ => false,
                }
            }
            Expression::Compare(left, op, right) => self.compare(left, *op, right),
        }
    }

    fn compare(&self, left: &Term, op: Op, right: &Term) -> bool {
        let (a, b) = (self.plain(left), self.plain(right));
        let order = match (a, b) {
            (Some(Plain::Number(a)), Some(Plain::Number(b))) => Some(a.cmp(&b)),
            (Some(Plain::Date(a)), Some(Plain::Date(b))) => Some(a.cmp(&b)),
            (Some(Plain::Date(a)), Some(Plain::Text(b))) => {
                b.parse::<Date>().ok().map(|b| a.cmp(&b))
            }
            (Some(a), Some(b)) if a == b => Some(Ordering::Equal),
            (Some(_), Some(_)) if op == Op::NotEqual => return true,
            _ => None,
        };
        match op {
            Op::Equal => order == Some(Ordering::Equal),
            Op::NotEqual => order != Some(Ordering::Equal),
            Op::AtLeast => order.is_some_and(Ordering::is_ge),
            Op::AtMost => order.is_some_and(Ordering::is_le),
            Op::Less => order.is_some_and(Ordering::is_lt),
            Op::Greater => order.is_some_and(Ordering::is_gt),
            Op::In => false,
        }
    }

    fn plain(&self, term: &Term) -> Option<Plain> {
        match term {
            Term::Number(number) => Some(Plain::Number(*number)),
            Term::Text(text) => Some(Plain::Text(text.clone())),
            Term::YesNo(yes) => Some(Plain::YesNo(*yes)),
            Term::Path(path) => plain(self.find(path)),
            Term::Count(walk) => {
                let count = self.walk(walk).map_or(0, |rows| rows.rows.len());
                Some(Plain::Number(i64::try_from(count).unwrap_or(i64::MAX)))
            }
            Term::Empty(path) => Some(Plain::YesNo(self.is_empty(path))),
        }
    }

    fn is_empty(&self, path: &Path) -> bool {
        match self.find(path) {
            Found::Missing(_) => true,
            Found::Rows(rows) => rows.rows.is_empty(),
            Found::Value(Value::Text(text), _) => text.trim().is_empty(),
            _ => false,
        }
    }

    /// The place of a row among others: what has no value comes last.
    pub(super) fn order(&self, path: &Path) -> (bool, i64, String) {
        match self.find(path) {
            Found::Value(Value::Choice(value), question) => {
                // Options are listed in the order in which people think of them.
                let place = question
                    .options
                    .iter()
                    .position(|option| option.value == *value);
                (
                    false,
                    place
                        .and_then(|place| i64::try_from(place).ok())
                        .unwrap_or(i64::MAX),
                    String::new(),
                )
            }
            found => match plain(found) {
                Some(Plain::Number(number)) => (false, number, String::new()),
                Some(Plain::Date(date)) => (false, 0, date.to_string()),
                Some(Plain::Text(text)) => (false, 0, text),
                _ => (true, 0, String::new()),
            },
        }
    }
}

fn plain(found: Found<'_>) -> Option<Plain> {
    Some(match found {
        Found::Value(Value::Number(number), _) => Plain::Number(*number),
        Found::Value(Value::Text(text) | Value::Choice(text), _) => Plain::Text(text.clone()),
        Found::Value(Value::YesNo(yes), _) => Plain::YesNo(*yes),
        Found::Value(Value::Date(date), _) => Plain::Date(*date),
        Found::Number(number) => Plain::Number(number),
        Found::Said(text) => Plain::Text(text),
        Found::Day(date) => Plain::Date(date),
        Found::Row(table, row) => Plain::Row(table.id.clone(), row.id.clone()),
        _ => return None,
    })
}
