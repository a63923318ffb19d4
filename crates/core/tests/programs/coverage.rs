//! `docs/coverage/<id>.md`: every sentence of the guidelines has its place in the programme, and every clause that the
//! programme cites has its sentence in the table.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{TOKYO, program, read};

/// What an item cites that the guidelines leave to the office.
const OFFICE: &str = "事務局設定";

/// One line of a table: the clause and the places of its sentence.
struct Row {
    clause: String,
    places: Vec<String>,
}

fn rows(id: &str) -> Vec<Row> {
    read(&format!("docs/coverage/{id}.md"))
        .lines()
        .filter_map(|line| {
            let cells: Vec<&str> = line.strip_prefix("| ")?.split(" | ").collect();
            let [clause, _sentence, places] = cells[..] else {
                panic!("{id}: not three cells: {line}");
            };
            let places = places.split('`').skip(1).step_by(2).map(str::to_owned);
            (clause != "条項").then(|| Row {
                clause: clause.to_owned(),
                places: places.collect(),
            })
        })
        .collect()
}

/// Finds `file.table.item.…`; items of a list are named by their key or counted from 1.
fn find<'a>(value: &'a Value, place: &str) -> Option<&'a Value> {
    place.split('.').try_fold(value, |value, name| {
        let found = match value {
            Value::Object(fields) => fields.get(name),
            Value::Array(items) => items
                .iter()
                .find(|item| has_name(item, name))
                .or_else(|| items.get(name.parse::<usize>().ok()?.checked_sub(1)?)),
            _ => None,
        };
        found.filter(|value| !value.is_null())
    })
}

fn has_name(item: &Value, name: &str) -> bool {
    ["id", "course", "number", "role"]
        .iter()
        .filter_map(|key| item.get(key))
        .any(|value| value == name || value.as_u64().is_some_and(|n| name.parse() == Ok(n)))
}

fn clauses(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            if let Some(Value::String(clause)) = fields.get("clause") {
                found.insert(clause.clone());
            }
            fields.values().for_each(|value| clauses(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| clauses(value, found)),
        _ => {}
    }
}

fn definition(id: &str) -> Value {
    serde_json::to_value(program(&format!("programs/{id}")).definition).unwrap()
}

#[test]
fn every_sentence_has_its_place() {
    for id in TOKYO {
        let definition = definition(id);
        let mut missing = Vec::new();
        for row in rows(id) {
            if row.places.is_empty() {
                missing.push(format!("{}: no place", row.clause));
            }
            for place in row.places {
                if find(&definition, &place).is_none() {
                    missing.push(format!("{}: {place}", row.clause));
                }
            }
        }
        assert!(missing.is_empty(), "{id}:\n{}", missing.join("\n"));
    }
}

#[test]
fn every_cited_clause_has_its_sentence() {
    for id in TOKYO {
        let mut cited = BTreeSet::new();
        clauses(&definition(id), &mut cited);
        cited.remove(OFFICE);
        let told: BTreeSet<String> = rows(id).into_iter().map(|row| row.clause).collect();
        let missing: Vec<&String> = cited.difference(&told).collect();
        assert!(missing.is_empty(), "{id}: {missing:?}");
    }
}

#[test]
fn a_wrong_place_is_not_found() {
    let definition = definition(TOKYO[0]);
    assert!(find(&definition, "support.session_plan.guidance.session.4").is_some());
    assert!(find(&definition, "support.session_plan.guidance.session.5").is_none());
    assert!(find(&definition, "program.window.0").is_none());
    assert!(find(&definition, "events.newsletter").is_none());
}
