//! A page of a table that was sent, put into the whole table.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;
use sonae_core::paper::answers::{AnswerRow, Answers, Value, from_pairs, written};
use sonae_core::paper::question::Question;

use super::table::NEW;
use crate::chance;

/// The table as it would be: rows of the page as they were sent, those of other pages as they stand, new ones behind them.
///
/// `_row` names the rows that the page showed, `_delete` those that are to go; a row all of whose cells are empty goes as well. A row that
/// somebody else removed meanwhile is there again, so that comparing with what was shown tells whether that matters.
pub(super) fn whole(question: &Question, answers: &Answers, pairs: &[(String, String)]) -> Json {
    let named = |name: &str| -> BTreeSet<&str> {
        let own = pairs.iter().filter(|(key, _)| key == name);
        own.map(|(_, value)| value.as_str()).collect()
    };
    let (shown, deleted) = (named("_row"), named("_delete"));
    let prefix = format!("{}.", question.id);
    let cells = pairs.iter().filter(|(name, _)| name.starts_with(&prefix));
    let sent = from_pairs(cells.map(|(name, value)| (name.as_str(), value.as_str())));
    let sent = sent.get(&question.id).and_then(Json::as_array).cloned();
    let mut sent: BTreeMap<String, Json> =
        BTreeMap::from_iter(sent.unwrap_or_default().into_iter().enumerate().filter_map(
            |(at, row)| {
                let id = row.get("id")?.as_str()?.to_owned();
                let known = shown.contains(id.as_str()) && !deleted.contains(id.as_str());
                let new = id
                    .strip_prefix(NEW)
                    .is_some_and(|rest| rest.parse::<u16>().is_ok());
                // New rows stay in the order of the page.
                let key = if new { format!("{NEW}{at:06}") } else { id };
                (known || new).then_some((key, row))
            },
        ));
    let mut rows: Vec<Json> = Vec::new();
    for row in answers.rows(&question.id) {
        match shown.contains(row.id.as_str()) {
            true => rows.extend(sent.remove(&row.id)),
            false => rows.push(json_of(row)),
        }
    }
    rows.extend(sent.into_values());
    Json::Array(rows)
}

fn json_of(row: &AnswerRow) -> Json {
    let table = written(&Value::Rows(vec![row.clone()]));
    match table {
        Json::Array(mut rows) => rows.pop().unwrap_or_default(),
        other => other,
    }
}

/// Gives rows that are not saved yet an id that no row ever had, so that no old reference finds them.
pub(super) fn named(value: Option<Value>) -> Option<Value> {
    let Some(Value::Rows(mut rows)) = value else {
        return value;
    };
    for row in &mut rows {
        let new = row
            .id
            .strip_prefix(NEW)
            .is_some_and(|rest| rest.parse::<u16>().is_ok());
        if new {
            row.id = fresh();
        }
    }
    (!rows.is_empty()).then_some(Value::Rows(rows))
}

/// An id for a new row.
pub(super) fn fresh() -> String {
    let bytes: [u8; 6] = chance::bytes();
    format!("r{}", sonae_core::audit::hex(&bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::papers::library;

    /// Rows as `id:name`.
    #[track_caller]
    fn check(pairs: &[(&str, &str)], expected: &str) {
        let row = |id: &str| AnswerRow {
            id: id.to_owned(),
            cells: BTreeMap::from([("name".to_owned(), Value::Text(id.to_uppercase()))]),
        };
        let mut answers = Answers::default();
        let rows = Value::Rows(["a", "b", "c"].map(row).into());
        answers.values.insert("people".to_owned(), rows);
        let owned: Vec<(String, String)> = pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let question = library().question("people").expect("asked");
        let whole = whole(question, &answers, &owned);
        let rows = whole.as_array().expect("rows").iter();
        let found: Vec<String> = rows
            .map(|row| {
                format!(
                    "{}:{}",
                    row["id"].as_str().unwrap_or("?"),
                    row["name"].as_str().unwrap_or("")
                )
            })
            .collect();
        assert_eq!(found.join(" "), expected, "{pairs:?}");
    }

    #[test]
    fn a_page_is_put_into_the_whole_table() {
        let shown = [("_row", "b"), ("people.b.name", "新")];
        check(&shown, "a:A b:新 c:C");
        check(&[("_row", "b"), ("people.b.name", " ")], "a:A c:C");
        check(
            &[("_row", "b"), ("_delete", "b"), ("people.b.name", "新")],
            "a:A c:C",
        );
        // A row of another page cannot be sent from here.
        check(&[("people.a.name", "新")], "a:A b:B c:C");
        check(
            &[
                ("people.new1.name", "一"),
                ("people.new2.name", ""),
                ("people.new10.name", "十"),
            ],
            "a:A b:B c:C new1:一 new10:十",
        );
        // Somebody else removed it meanwhile; whether that matters is told by comparing.
        check(
            &[("_row", "gone"), ("people.gone.name", "残")],
            "a:A b:B c:C gone:残",
        );
        check(&[("people.news.name", "x"), ("trade", "it")], "a:A b:B c:C");
    }

    #[test]
    fn new_rows_get_ids_of_their_own() {
        let row = |id: &str| AnswerRow {
            id: id.to_owned(),
            ..AnswerRow::default()
        };
        let Some(Value::Rows(rows)) = named(Some(Value::Rows(vec![row("a"), row("new1")]))) else {
            panic!("rows stay rows");
        };
        assert_eq!(rows[0].id, "a");
        assert!(rows[1].id.starts_with('r') && rows[1].id.len() == 13);
        assert_eq!(named(Some(Value::Rows(Vec::new()))), None);
    }
}
