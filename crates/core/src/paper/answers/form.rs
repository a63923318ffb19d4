//! Answers as a form sends them: pairs such as `company_name` and `systems.mail.rto`.

use serde_json::{Map, Value as Json, json};

use crate::paper::question::ROWS_LIMIT;

/// Most pairs of one form that are looked at: a full ledger and some room.
const MOST_PAIRS: usize = 20_000;

/// The JSON that [`super::read`] takes. A name that comes several times becomes a list; rows stand in the order in which they come; a row all of
/// whose cells are empty is left out, since forms offer empty rows.
pub fn from_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Json {
    let mut object = Map::new();
    for (name, value) in pairs.into_iter().take(MOST_PAIRS) {
        let parts: Vec<&str> = name.splitn(3, '.').collect();
        match parts.as_slice() {
            [question, row, column] => cell(&mut object, question, row, column, value),
            [question] => add(&mut object, question, value),
            _ => {}
        }
    }
    for value in object.values_mut() {
        if let Json::Array(rows) = value {
            rows.retain(|row| match row {
                Json::Object(cells) => cells
                    .iter()
                    .any(|(name, cell)| name != "id" && !is_blank(cell)),
                _ => true,
            });
        }
    }
    Json::Object(object)
}

fn is_blank(cell: &Json) -> bool {
    cell.as_str().is_some_and(|text| text.trim().is_empty())
}

fn cell(object: &mut Map<String, Json>, question: &str, row: &str, column: &str, value: &str) {
    let table = object.entry(question).or_insert_with(|| json!([]));
    let Json::Array(rows) = table else { return };
    let is_it = |found: &Json| found.get("id").and_then(Json::as_str) == Some(row);
    // Forms send row after row, so the row is nearly always the last one.
    let at = match rows.iter().rposition(is_it) {
        Some(at) => at,
        // One more than a table may have, so that reading says that there are too many.
        None if rows.len() > ROWS_LIMIT => return,
        None => {
            rows.push(json!({ "id": row }));
            rows.len() - 1
        }
    };
    if let Some(Json::Object(cells)) = rows.get_mut(at)
        && column != "id"
    {
        add(cells, column, value);
    }
}

fn add(object: &mut Map<String, Json>, name: &str, value: &str) {
    match object.get_mut(name) {
        None => {
            object.insert(name.to_owned(), json!(value));
        }
        Some(Json::Array(values)) => values.push(json!(value)),
        Some(before) => *before = json!([before.take(), value]),
    }
}
