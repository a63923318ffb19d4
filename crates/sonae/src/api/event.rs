//! Reading an event from a body: what is wrong with it is told in Japanese, and new answers are read as strictly as an application's.

use serde_json::{Map, Value};
use sonae_core::application::read::{FieldError, Mode, read as read_answers};
use sonae_core::flow::Event;
use sonae_core::program::Program;

use super::problem::Problem;

/// The longest text of an event, in characters.
const LONGEST_TEXT: usize = 10_000;
/// The most things of one list.
const LONGEST_LIST: usize = 200;

/// The version and the event of a body.
///
/// # Errors
/// `invalid`, field by field.
pub fn read(program: &Program, body: Value) -> Result<(Option<i64>, Event), Problem> {
    let Value::Object(mut body) = body else {
        return Err(wrong(
            "",
            "not_an_object",
            "JSONのオブジェクトで送ってください。",
        ));
    };
    let version = version(&mut body)?;
    bounded("", &Value::Object(body.clone()))
        .map_err(|error| Problem::invalid_request(vec![error]))?;
    if body.get("event").and_then(Value::as_str) == Some("corrected") {
        answers(program, &mut body)?;
    }
    let event = serde_json::from_value(Value::Object(body)).map_err(|error| misread(&error))?;
    Ok((version, event))
}

fn version(body: &mut Map<String, Value>) -> Result<Option<i64>, Problem> {
    match body.remove("version") {
        None | Some(Value::Null) => Ok(None),
        Some(value) => match value.as_i64().filter(|version| *version >= 0) {
            Some(version) => Ok(Some(version)),
            None => Err(wrong(
                "version",
                "not_a_number",
                "案件を読んだときの version を、数で送ってください。",
            )),
        },
    }
}

/// Answers stand in the form in which an application's are stored; fields are named below `answers`.
fn answers(program: &Program, body: &mut Map<String, Value>) -> Result<(), Problem> {
    let sent = body.get("answers").cloned().unwrap_or(Value::Null);
    let read = read_answers(program, &sent, Mode::Complete).map_err(|errors| {
        let below = |error: FieldError| FieldError {
            field: match error.field.is_empty() {
                true => "answers".to_owned(),
                false => format!("answers.{}", error.field),
            },
            ..error
        };
        Problem::invalid_request(errors.into_iter().map(below).collect())
    })?;
    let read = serde_json::to_value(read).map_err(|error| Problem::internal(&error))?;
    body.insert("answers".to_owned(), read);
    Ok(())
}

/// Refuses what is longer than anybody types, and the one character that a database cannot keep.
fn bounded(field: &str, value: &Value) -> Result<(), FieldError> {
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

/// What the reader says in English, for the sender in Japanese. The words in quotes are names of the interface.
fn misread(error: &serde_json::Error) -> Problem {
    let text = error.to_string();
    let name = text.split('`').nth(1).unwrap_or_default();
    let (code, field, message) = if text.starts_with("unknown variant") {
        (
            "unknown",
            "event",
            format!("「{name}」という操作はありません。"),
        )
    } else if text.starts_with("missing field") {
        ("required", name, "この項目が必要です。".to_owned())
    } else if text.starts_with("unknown field") {
        (
            "unknown",
            name,
            "この操作に、この項目はありません。".to_owned(),
        )
    } else {
        (
            "invalid",
            "",
            "項目の型が、この操作のものと違います。/openapi.json の Action を確かめてください。"
                .to_owned(),
        )
    };
    wrong(field, code, &message)
}

fn wrong(field: &str, code: &'static str, message: &str) -> Problem {
    Problem::invalid_request(vec![FieldError {
        field: field.to_owned(),
        code,
        message: message.to_owned(),
    }])
}
