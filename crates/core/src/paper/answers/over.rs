//! Reading a form that asks some of the questions: its tables refer to rows of tables that are not in the form.

use serde_json::Value as Json;

use super::{Answers, Reading, read};
use crate::paper::library::Library;

/// Reads what a form sent, looking up the rows that it names in what was answered before. The reading holds the form's questions only.
pub fn read_over(library: &Library, before: &Answers, sent: &Json) -> Reading {
    let Json::Object(asked) = sent else {
        return read(library, sent);
    };
    let mut all = before.to_json();
    if let Json::Object(all) = &mut all {
        let asked = asked.iter();
        all.extend(asked.map(|(id, value)| (id.clone(), value.clone())));
    }
    let mut reading = read(library, &all);
    let of_form = |field: &str| {
        let question = field.split('.').next().unwrap_or_default();
        asked.contains_key(question) || library.question(question).is_none()
    };
    reading.problems.retain(|problem| of_form(&problem.field));
    reading
        .answers
        .values
        .retain(|id, _| asked.contains_key(id));
    reading
}
