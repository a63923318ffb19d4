//! Changes that are changes of an answer: cells of tables that questions feed, and blanks that were filled in.

use serde_json::{Value as Json, json};

use crate::paper::answers::{Answers, read};
use crate::paper::kind::Kind;
use crate::paper::library::Library;
use crate::paper::question::Kind as Asked;
use crate::paper::source::{Node, NodeKind, Piece, What};

/// A new answer, as it was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerChange {
    pub question: String,
    /// The row and column, for a table.
    pub cell: Option<(String, String)>,
    pub value: String,
}

impl AnswerChange {
    /// The answers with this one changed; none when it cannot be read.
    pub fn applied(&self, library: &Library, answers: &Answers) -> Option<Answers> {
        let question = library.question(&self.question)?;
        let mut all = answers.to_json();
        let before = read(library, &all).problems.len();
        let value = json!(self.value);
        match &self.cell {
            None if question.kind != Asked::Rows => all[&self.question] = value,
            None => return None,
            Some((row, column)) => {
                let rows = all.get_mut(&self.question)?.as_array_mut()?;
                let row = rows
                    .iter_mut()
                    .find(|found| found.get("id").and_then(Json::as_str) == Some(row))?;
                question.column(column)?;
                row[column.as_str()] = value;
            }
        }
        let reading = read(library, &all);
        (reading.problems.len() <= before).then_some(reading.answers)
    }

    /// From the place that a blank names: `company_name`, `systems.mail.rto`.
    pub(super) fn of_blank(at: &str, value: &str) -> Self {
        let mut parts = at.split('.');
        let question = parts.next().unwrap_or_default().to_owned();
        let cell = parts
            .next()
            .zip(parts.next())
            .map(|(row, column)| (row.to_owned(), column.to_owned()));
        Self {
            question,
            cell,
            value: value.to_owned(),
        }
    }
}

/// The column that a cell of a table prints, when it prints nothing else.
pub(super) fn column(kind: &Kind, block: &str, at: usize) -> Option<String> {
    let id = block.split('.').next().unwrap_or_default();
    let NodeKind::Rows { walk, template, .. } = &find(&kind.text, id)?.kind else {
        return None;
    };
    let [line] = template.get(at)?.as_slice() else {
        return None;
    };
    let [Piece::Value(printed)] = line.as_slice() else {
        return None;
    };
    match &printed.what {
        What::Path(path) => match path.as_slice() {
            [variable, column] if Some(variable) == walk.variable.as_ref() => Some(column.clone()),
            _ => None,
        },
        What::Walk(_) => None,
    }
}

fn find<'a>(nodes: &'a [Node], id: &str) -> Option<&'a Node> {
    nodes.iter().find_map(|node| match &node.kind {
        _ if node.id == id && !matches!(node.kind, NodeKind::If { .. } | NodeKind::Each { .. }) => {
            Some(node)
        }
        NodeKind::If {
            then, otherwise, ..
        } => find(then, id).or_else(|| find(otherwise, id)),
        NodeKind::Each {
            body, otherwise, ..
        } => find(body, id).or_else(|| find(otherwise, id)),
        _ => None,
    })
}
