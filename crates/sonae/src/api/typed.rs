//! A JSON body as one of the types of the interface; what does not fit is told field by field.

use serde::de::DeserializeOwned;
use serde_json::Value;
use sonae_core::application::read::FieldError;

use super::problem::Problem;

/// The longest text, in characters.
const LONGEST_TEXT: usize = 10_000;
/// The most things of one list.
const LONGEST_LIST: usize = 200;

/// Reads a body of what people type.
///
/// # Errors
/// `invalid`, with the field.
pub fn read<T: DeserializeOwned>(body: Value) -> Result<T, Problem> {
    bounded("", &body).map_err(|error| Problem::invalid_request(vec![error]))?;
    read_any(body)
}

/// The same for texts of any length that a body can have.
///
/// # Errors
/// `invalid`, with the field.
pub fn read_any<T: DeserializeOwned>(body: Value) -> Result<T, Problem> {
    match body.is_object() {
        true => serde_json::from_value(body).map_err(|error| misread(&error)),
        false => Err(not_an_object()),
    }
}

/// What is told of a body that is something else.
pub fn not_an_object() -> Problem {
    wrong("", "not_an_object", "JSONのオブジェクトで送ってください。")
}

/// One thing to be corrected.
pub fn wrong(field: &str, code: &'static str, message: &str) -> Problem {
    Problem::invalid_request(vec![FieldError {
        field: field.to_owned(),
        code,
        message: message.to_owned(),
    }])
}

/// What the reader says in English, for the sender in Japanese. The words in quotes are names of the interface.
pub fn misread(error: &serde_json::Error) -> Problem {
    let text = error.to_string();
    let name = text.split('`').nth(1).unwrap_or_default();
    if text.starts_with("missing field") {
        wrong(name, "required", "この項目が必要です。")
    } else if text.starts_with("unknown field") {
        wrong(name, "unknown", "この操作に、この項目はありません。")
    } else {
        wrong(
            "",
            "invalid",
            "項目の型が、この操作のものと違います。/openapi.json を確かめてください。",
        )
    }
}

/// Refuses what is longer than anybody types, and the one character that a database cannot keep.
///
/// # Errors
/// The first thing to be corrected.
pub fn bounded(field: &str, value: &Value) -> Result<(), FieldError> {
    let error = |code: &'static str, message: String| FieldError {
        field: field.to_owned(),
        code,
        message,
    };
    match value {
        Value::String(text) if text.contains('\0') => Err(error(
            "unreadable",
            "使えない文字(NUL)が含まれています。".to_owned(),
        )),
        Value::String(text) if text.chars().nth(LONGEST_TEXT).is_some() => Err(error(
            "too_long",
            format!("{LONGEST_TEXT}文字までにしてください。"),
        )),
        Value::Array(items) if items.len() > LONGEST_LIST => Err(error(
            "too_many",
            format!("{LONGEST_LIST}個までにしてください。"),
        )),
        Value::Array(items) => items.iter().try_for_each(|item| bounded(field, item)),
        Value::Object(map) if map.keys().any(|key| key.contains('\0')) => Err(error(
            "unreadable",
            "使えない文字(NUL)が含まれています。".to_owned(),
        )),
        Value::Object(map) => map.iter().try_for_each(|(key, item)| {
            let below = match field {
                "" => key.clone(),
                above => format!("{above}.{key}"),
            };
            bounded(&below, item)
        }),
        _ => Ok(()),
    }
}
