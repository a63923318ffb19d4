//! Reading answers: whatever was sent gives what can be read of it and a sentence for each thing that cannot.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json};

use super::scalar::{scalar, shortened};
use super::{AnswerRow, Answers, Value};
use crate::paper::library::Library;
use crate::paper::question::{Kind, Question, is_row_id};

/// Most problems that are reported at once.
const MOST_PROBLEMS: usize = 500;

/// Something that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The question, or the cell: `systems.mail.rto`.
    pub field: String,
    /// What is wrong and what to do, in Japanese.
    pub sentence: String,
}

/// What could be read, and what could not.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    pub answers: Answers,
    pub problems: Vec<Problem>,
}

/// Reads answers as JSON: an object of question ids, tables as lists of objects with `id` and columns.
///
/// References to rows may be ids or the names of rows. Rows without an id get one.
pub fn read(library: &Library, json: &Json) -> Reading {
    let mut reading = Reading::default();
    let Json::Object(object) = json else {
        reading.problem("", "答えは質問と値の組で送ってください。");
        return reading;
    };
    for (id, json) in object {
        let Some(question) = library.question(id) else {
            reading.problem(id, format!("「{}」という質問はありません。", shortened(id)));
            continue;
        };
        let value = match question.kind {
            Kind::Rows => reading.table(question, json),
            _ => reading.one(id, question, json),
        };
        if let Some(value) = value {
            reading.answers.values.insert(id.clone(), value);
        }
    }
    reading.look_up(library);
    reading
}

impl Reading {
    fn problem(&mut self, field: &str, sentence: impl Into<String>) {
        if self.problems.len() < MOST_PROBLEMS {
            self.problems.push(Problem {
                field: field.to_owned(),
                sentence: sentence.into(),
            });
        }
    }

    fn one(&mut self, field: &str, question: &Question, json: &Json) -> Option<Value> {
        match scalar(question, json) {
            Ok(value) => value,
            Err(sentence) => {
                self.problem(field, sentence);
                None
            }
        }
    }

    fn table(&mut self, question: &Question, json: &Json) -> Option<Value> {
        let label = &question.label;
        let items = match json {
            Json::Null => return None,
            Json::Array(items) => items.as_slice(),
            _ => {
                self.problem(
                    &question.id,
                    format!("「{label}」は行の並びで送ってください。"),
                );
                return None;
            }
        };
        let most = question.most_rows();
        if items.len() > most {
            self.problem(&question.id, format!("「{label}」は{most}行までです。行を減らすか、同じ扱いのものをまとめてください。"));
        }
        let mut taken: BTreeSet<String> = items
            .iter()
            .filter_map(|item| Some(item.get("id")?.as_str()?.to_owned()))
            .collect();
        let mut rows: Vec<AnswerRow> = Vec::new();
        for (index, item) in items.iter().take(most).enumerate() {
            let Json::Object(cells) = item else {
                self.problem(
                    &format!("{}.{}", question.id, index + 1),
                    format!("「{label}」の{}行目が読めません。", index + 1),
                );
                continue;
            };
            let id = match cells.get("id") {
                Some(Json::String(id))
                    if is_row_id(id) && !rows.iter().any(|row| row.id == *id) =>
                {
                    id.clone()
                }
                None | Some(Json::Null) => free(&mut taken),
                Some(_) => {
                    self.problem(&format!("{}.{}", question.id, index + 1), format!("「{label}」の{}行目の識別子が使えないか、ほかの行と同じです。新しく付けました。", index + 1));
                    free(&mut taken)
                }
            };
            let cells = self.cells(question, &id, index, cells);
            rows.push(AnswerRow { id, cells });
        }
        Some(Value::Rows(rows))
    }

    fn cells(
        &mut self,
        question: &Question,
        row: &str,
        index: usize,
        cells: &Map<String, Json>,
    ) -> BTreeMap<String, Value> {
        let mut found = BTreeMap::new();
        for (id, json) in cells.iter().filter(|(id, _)| *id != "id") {
            let field = format!("{}.{row}.{}", question.id, shortened(id));
            let Some(column) = question.column(id) else {
                self.problem(
                    &field,
                    format!(
                        "「{}」に「{}」という列はありません。",
                        question.label,
                        shortened(id)
                    ),
                );
                continue;
            };
            // What follows from other columns is shown beside them and comes back with them.
            if column.computed.is_some() {
                continue;
            }
            match scalar(column, json) {
                Ok(Some(value)) => {
                    found.insert(id.clone(), value);
                }
                Ok(None) => {}
                Err(sentence) => self.problem(
                    &field,
                    format!("{}の{}行目：{sentence}", question.label, index + 1),
                ),
            }
        }
        found
    }

    /// Turns names of rows into ids and drops references to rows that are not there.
    fn look_up(&mut self, library: &Library) {
        let known = self.names(library);
        let mut lost = Vec::new();
        for (id, value) in &mut self.answers.values {
            let (Value::Rows(rows), Some(question)) = (value, library.question(id)) else {
                continue;
            };
            for row in rows {
                for column in &question.columns {
                    let Some(names) = column.row_of.as_ref().map(|table| &known[table.as_str()])
                    else {
                        continue;
                    };
                    let field = format!("{id}.{}.{}", row.id, column.id);
                    let mut find = |typed: &str| {
                        let found = names.get(typed).cloned();
                        if found.is_none() {
                            let sentence = format!(
                                "「{}」に書かれた「{}」は、表にありません。先にその行を足すか、名前をそろえてください。",
                                column.label,
                                shortened(typed)
                            );
                            lost.push(Problem {
                                field: field.clone(),
                                sentence,
                            });
                        }
                        found
                    };
                    let new = match row.cells.get(&column.id) {
                        Some(Value::Row(typed)) => find(typed).map(Value::Row),
                        Some(Value::RowsOf(typed)) => {
                            let ids: Vec<String> =
                                typed.iter().filter_map(|typed| find(typed)).collect();
                            (!ids.is_empty()).then_some(Value::RowsOf(ids))
                        }
                        _ => continue,
                    };
                    match new {
                        Some(new) => row.cells.insert(column.id.clone(), new),
                        None => row.cells.remove(&column.id),
                    };
                }
            }
        }
        let room = MOST_PROBLEMS.saturating_sub(self.problems.len());
        self.problems.extend(lost.into_iter().take(room));
    }

    /// For every table, the id of each row by its id and by its name; ids come first, and of equal names the first row's.
    fn names<'a>(&self, library: &'a Library) -> BTreeMap<&'a str, BTreeMap<String, String>> {
        let mut all = BTreeMap::new();
        for question in library
            .questions()
            .filter(|question| question.kind == Kind::Rows)
        {
            let mut names = BTreeMap::new();
            let rows = self.answers.rows(&question.id);
            for row in rows.iter().rev() {
                if let Some(name) = question.title.as_ref().and_then(|title| row.text(title)) {
                    names.insert(name.to_owned(), row.id.clone());
                }
            }
            names.extend(rows.iter().map(|row| (row.id.clone(), row.id.clone())));
            all.insert(question.id.as_str(), names);
        }
        all
    }
}

/// An id that no row has.
fn free(taken: &mut BTreeSet<String>) -> String {
    let id = (1..)
        .map(|n| format!("r{n}"))
        .find(|id| !taken.contains(id))
        .expect("a table has an end and numbers have none");
    taken.insert(id.clone());
    id
}
