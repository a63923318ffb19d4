//! Why a block is there: the answers to the questions of its conditions.

use super::line::value_text;
use super::scope::{Found, Scope};
use crate::paper::document::Because;
use crate::paper::expression::{Expression, Path, Term};

const NOT_ANSWERED: &str = "未回答";

/// The answers that a condition asks for, each once.
pub(super) fn because(scope: &Scope<'_>, condition: &Expression) -> Vec<Because> {
    let mut paths = Vec::new();
    of_expression(condition, &mut paths);
    let mut found: Vec<Because> = Vec::new();
    for path in paths {
        if let Some(because) = of_path(scope, path)
            && !found.contains(&because)
        {
            found.push(because);
        }
    }
    found
}

fn of_expression<'e>(expression: &'e Expression, paths: &mut Vec<&'e Path>) {
    let mut term = |term: &'e Term| match term {
        Term::Path(path) | Term::Empty(path) => paths.push(path),
        Term::Count(walk) => paths.push(&walk.over),
        Term::Number(_) | Term::Text(_) | Term::YesNo(_) => {}
    };
    match expression {
        Expression::Or(parts) | Expression::And(parts) => {
            parts.iter().for_each(|part| of_expression(part, paths))
        }
        Expression::Not(inside) => of_expression(inside, paths),
        Expression::Is(one) => term(one),
        Expression::Compare(left, _, right) => {
            term(left);
            term(right);
        }
    }
}

fn of_path(scope: &Scope<'_>, path: &Path) -> Option<Because> {
    let first = path.first()?;
    let variable = scope
        .variables
        .iter()
        .rev()
        .find(|(name, _, _)| name == first);
    let (question, mut said) = match variable {
        Some((_, table, row)) => (*table, vec![row_name(table, row)]),
        None => {
            let id = if first == "size" { "employees" } else { first };
            let question = scope.library.question(id)?;
            (question, vec![question.said().to_owned()])
        }
    };
    let fixed = variable.is_none()
        && question
            .column(path.get(1).map_or("", String::as_str))
            .is_none();
    if let Some(row) = path.get(1).filter(|_| fixed) {
        let known = question.fixed.iter().find(|fixed| fixed.id == *row);
        said.push(known.map_or_else(|| row.clone(), |known| known.name.clone()));
    }
    if let Some(column) = path.last().and_then(|column| question.column(column)) {
        said.push(column.said().to_owned());
    }
    let answer = match first == "size" {
        true => scope.find(&vec!["employees".to_owned()]),
        false => scope.find(path),
    };
    said.push(match answer {
        Found::Value(value, question) => value_text(value, question, true),
        Found::Row(table, row) => row_name(table, row),
        Found::Rows(rows) => format!("{}件", rows.rows.len()),
        Found::Number(number) => number.to_string(),
        Found::Said(text) => text,
        Found::Day(date) => crate::calendar::japanese::date_long(date),
        Found::Missing(_) => NOT_ANSWERED.to_owned(),
    });
    Some(Because {
        question: question.id.clone(),
        text: said.join("："),
    })
}

/// What a row is called in a reason.
pub(super) fn row_name(
    table: &crate::paper::question::Question,
    row: &crate::paper::answers::AnswerRow,
) -> String {
    Scope::name(table, row).unwrap_or_else(|| format!("名前のない{}", table.label))
}
