//! Sample companies: `samples/<name>.toml`, with a table `[sample]` and answers beside it.

use serde::Deserialize;
use serde_json::Value as Json;

use super::{Library, Sample};
use crate::paper::answers::read;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    note: String,
    #[serde(default)]
    unanswered: Vec<String>,
}

/// Reads one sample.
///
/// # Errors
/// Pairs of the path in the file and a Japanese sentence.
pub(super) fn sample(
    library: &Library,
    name: &str,
    table: toml::Table,
) -> Result<Sample, Vec<(String, String)>> {
    let mut table = table;
    let head = table.remove("sample").map(toml::Value::try_into::<Head>);
    let Some(Ok(head)) = head else {
        return Err(vec![(
            "sample".to_owned(),
            "[sample] に note がないか、知らないキーがあります。".to_owned(),
        )]);
    };
    let json = serde_json::to_value(plain(toml::Value::Table(table))).unwrap_or(Json::Null);
    let reading = read(library, &json);
    let mut found: Vec<(String, String)> = reading
        .problems
        .into_iter()
        .map(|problem| (problem.field, problem.sentence))
        .collect();
    for question in library.questions() {
        let open = head.unanswered.contains(&question.id);
        if reading.answers.value(&question.id).is_none() != open {
            let sentence = match open {
                true => format!(
                    "「{}」は unanswered にありますが、答えがあります。",
                    question.id
                ),
                false => format!(
                    "「{}」に答えがありません。わざと空けるなら unanswered に入れてください。",
                    question.id
                ),
            };
            found.push((question.id.clone(), sentence));
        }
    }
    match found.is_empty() {
        true => Ok(Sample {
            name: name.to_owned(),
            note: head.note,
            unanswered: head.unanswered,
            answers: reading.answers,
        }),
        false => Err(found),
    }
}

/// Dates of TOML as text.
fn plain(value: toml::Value) -> toml::Value {
    match value {
        toml::Value::Datetime(date) => toml::Value::String(date.to_string()),
        toml::Value::Array(values) => toml::Value::Array(values.into_iter().map(plain).collect()),
        toml::Value::Table(table) => toml::Value::Table(
            table
                .into_iter()
                .map(|(key, value)| (key, plain(value)))
                .collect(),
        ),
        other => other,
    }
}
