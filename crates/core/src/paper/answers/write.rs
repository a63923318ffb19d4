//! Answers as JSON, in the form in which they are read.

use serde_json::{Map, Value as Json, json};

use super::{Answers, Value};

impl Answers {
    /// The JSON from which reading gives the same answers.
    pub fn to_json(&self) -> Json {
        let pairs = self
            .values
            .iter()
            .map(|(id, value)| (id.clone(), written(value)));
        Json::Object(pairs.collect())
    }
}

/// One answer as JSON.
pub fn written(value: &Value) -> Json {
    match value {
        Value::Text(text) | Value::Choice(text) | Value::Row(text) => json!(text),
        Value::YesNo(yes) => json!(yes),
        Value::Choices(values) => json!(values),
        Value::Number(number) => json!(number),
        Value::Date(date) => json!(date.to_string()),
        Value::RowsOf(ids) => json!(ids),
        Value::Rows(rows) => {
            let row = |row: &super::AnswerRow| {
                let mut cells = Map::from_iter([("id".to_owned(), json!(row.id))]);
                cells.extend(
                    row.cells
                        .iter()
                        .map(|(id, value)| (id.clone(), written(value))),
                );
                Json::Object(cells)
            };
            Json::Array(rows.iter().map(row).collect())
        }
    }
}
