//! Reading an event from a body: what is wrong with it is told in Japanese, and new answers are read as strictly as an application's.

use serde_json::{Map, Value};
use sonae_core::application::read::{FieldError, Mode, read as read_answers};
use sonae_core::flow::Event;
use sonae_core::program::Program;

use super::problem::Problem;
use super::typed::{self, bounded, wrong};

/// The version and the event of a body.
///
/// # Errors
/// `invalid`, field by field.
pub fn read(program: &Program, body: Value) -> Result<(Option<i64>, Event), Problem> {
    let Value::Object(mut body) = body else {
        return Err(typed::not_an_object());
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

/// What is told of an event that is none; the rest as of any body.
fn misread(error: &serde_json::Error) -> Problem {
    let text = error.to_string();
    match text.starts_with("unknown variant") {
        true => {
            let name = text.split('`').nth(1).unwrap_or_default();
            wrong(
                "event",
                "unknown",
                &format!("「{name}」という操作はありません。"),
            )
        }
        false => typed::misread(error),
    }
}
