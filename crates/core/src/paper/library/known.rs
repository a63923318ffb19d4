//! What the case knows already becomes an answer, so that nobody is asked twice.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::Library;
use crate::application::answers::Answers as Application;
use crate::application::lookup::{Answer, answer};
use crate::paper::answers::{Answers, Value, read};
use crate::paper::question::Kind;

/// Facts of an application that a question may name with `known_from`.
pub(super) const FACTS: [&str; 11] = [
    "application.name",
    "application.name_kana",
    "application.corporate_number",
    "application.industry",
    "application.employees",
    "application.postcode",
    "application.address_line1",
    "application.address_line2",
    "application.contact_name",
    "application.contact_phone",
    "application.contact_email",
];

/// The facts of an application, by the name under which questions know them.
pub fn application_facts(application: &Application) -> BTreeMap<String, Json> {
    let mut facts = BTreeMap::new();
    for name in FACTS {
        let field = name.trim_start_matches("application.");
        let value = match answer(application, field) {
            Some(Answer::Text(text)) => json!(text),
            Some(Answer::Number(number)) => json!(number),
            Some(Answer::YesNo(yes)) => json!(yes),
            _ => continue,
        };
        facts.insert(name.to_owned(), value);
    }
    facts
}

/// The answers with what is known put where nothing was answered yet, and with the fixed rows of tables that nobody has touched.
///
/// `facts` are named as in `known_from`: `application.…`, or `diagnosis.…`, `self_check.…` and whatever else the caller knows. What cannot be read
/// as an answer is left out.
pub fn prefill(library: &Library, answers: &Answers, facts: &BTreeMap<String, Json>) -> Answers {
    let known = library.questions().filter_map(|question| {
        let fact = facts.get(question.known_from.as_ref()?)?;
        Some((question.id.clone(), fact.clone()))
    });
    let mut filled = read(library, &Json::Object(known.collect())).answers;
    for question in library
        .questions()
        .filter(|question| question.kind == Kind::Rows && !question.fixed.is_empty())
    {
        let title = question.title.clone().unwrap_or_default();
        let row = |row: &crate::paper::question::FixedRow| crate::paper::answers::AnswerRow {
            id: row.id.clone(),
            cells: BTreeMap::from([(title.clone(), Value::Text(row.name.clone()))]),
        };
        filled.values.insert(
            question.id.clone(),
            Value::Rows(question.fixed.iter().map(row).collect()),
        );
    }
    filled.values.extend(answers.values.clone());
    filled
}
