//! Single values: text, numbers, yes or no.

use serde_json::{Map, Value};

use super::errors::{Errors, path};
use crate::text::width::narrow;
use crate::text::{Mistake, invisible};

/// The longest text that is looked at, in characters; each kind of value has a tighter limit of its own.
const MAX_TEXT: usize = 2_000;

/// The text of a value; none when it is missing, blank or wrong.
///
/// Control characters other than tabs and line breaks, and marks that turn the direction of a line, are refused: no keyboard
/// sends them, and they make a text read otherwise than it is stored (Unicode Technical Report 36, section 2.10.2).
pub(super) fn text<'a>(
    field: &str,
    value: Option<&'a Value>,
    errors: &mut Errors<'_>,
) -> Option<&'a str> {
    match value? {
        Value::Null => None,
        Value::String(text) => checked(field, text, errors),
        _ => {
            let noun = errors.noun(field);
            errors.add(
                field,
                "wrong_type",
                format!("{noun}は文字(文字列)で送ってください。"),
            );
            None
        }
    }
}

fn checked<'a>(field: &str, text: &'a str, errors: &mut Errors<'_>) -> Option<&'a str> {
    let (code, wrong) = if text.chars().nth(MAX_TEXT).is_some() {
        (
            "too_long",
            "が長すぎます。2,000文字までで入力してください。",
        )
    } else if text.chars().any(is_control) {
        (
            "control_character",
            "に目に見えない制御文字が入っています。一度消して、もう一度入力してください。",
        )
    } else if text.chars().any(turns_direction) {
        (
            "direction_mark",
            "に文字の並ぶ向きを変える見えない記号が入っています。一度消して、もう一度入力してください。",
        )
    } else {
        return (!invisible::strip(text).trim().is_empty()).then_some(text);
    };
    let noun = errors.noun(field);
    errors.add(field, code, format!("{noun}{wrong}"));
    None
}

fn is_control(c: char) -> bool {
    c.is_control() && !matches!(c, '\t' | '\n' | '\r')
}

/// Embeddings, overrides and isolates; the plain marks U+200E and U+200F come along when copying and are only dropped.
fn turns_direction(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// A text brought into its stored form by one of the functions of `crate::text`.
pub(super) fn normal<T>(
    field: &str,
    value: Option<&Value>,
    normalise: impl Fn(&str) -> Result<T, Mistake>,
    errors: &mut Errors<'_>,
) -> Option<T> {
    let text = text(field, value, errors)?;
    match normalise(text) {
        Ok(normal) => Some(normal),
        Err(mistake) => {
            errors.mistake(field, mistake);
            None
        }
    }
}

/// A whole number from 0 to `limit`, as a number or as typed.
pub(super) fn number(
    field: &str,
    value: Option<&Value>,
    limit: i64,
    typed: impl Fn(&str) -> Result<i64, Mistake>,
    errors: &mut Errors<'_>,
) -> Option<i64> {
    let found = match value? {
        Value::Null => return None,
        Value::String(text) => {
            let text = checked(field, text, errors)?;
            match is_negative(text) {
                true => Err(Problem::Negative),
                false => typed(text).map_err(Problem::Typed),
            }
        }
        Value::Number(number) => whole(number),
        _ => Err(Problem::WrongType),
    };
    let bounded = found.and_then(|number| match number {
        ..0 => Err(Problem::Negative),
        number if number > limit => Err(Problem::TooLarge),
        number => Ok(number),
    });
    let (code, wrong) = match bounded {
        Ok(number) => return Some(number),
        Err(Problem::Typed(mistake)) => {
            errors.mistake(field, mistake);
            return None;
        }
        Err(Problem::WrongType) => ("wrong_type", "は数で送ってください(例:45)。"),
        Err(Problem::Negative) => ("negative", "にマイナスの数は入力できません。"),
        Err(Problem::Fractional) => (
            "fractional",
            "に小数は入力できません。整数で入力してください。",
        ),
        Err(Problem::TooLarge) => ("too_large", "の数が大きすぎます。桁を確かめてください。"),
    };
    let noun = errors.noun(field);
    errors.add(field, code, format!("{noun}{wrong}"));
    None
}

enum Problem {
    WrongType,
    Negative,
    Fractional,
    TooLarge,
    /// What the reading of a typed number said.
    Typed(Mistake),
}

/// A number typed with a minus sign in front; the kinds of hyphen are those of the keyboard.
fn is_negative(text: &str) -> bool {
    let text = narrow(text);
    text.trim()
        .strip_prefix(['-', '−', '▲', '△'])
        .is_some_and(|rest| rest.trim_start().starts_with(|c: char| c.is_ascii_digit()))
}

/// A JSON number without a fraction. `45.0` is 45; what cannot be exact is too large.
fn whole(number: &serde_json::Number) -> Result<i64, Problem> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if let Some(number) = number.as_i64() {
        return Ok(number);
    }
    let number = number.as_f64().ok_or(Problem::TooLarge)?;
    if number < 0.0 {
        Err(Problem::Negative)
    } else if number.is_nan() || number >= EXACT {
        Err(Problem::TooLarge)
    } else if number.fract() != 0.0 {
        Err(Problem::Fractional)
    } else {
        // Below 2^53 every whole float is an exact integer.
        Ok(number as i64)
    }
}

/// Yes or no, as a boolean or as a form sends it.
pub(super) fn yes_no(
    body: &Map<String, Value>,
    inside: &str,
    key: &str,
    errors: &mut Errors<'_>,
) -> Option<bool> {
    let field = path(inside, key);
    let text = match body.get(key)? {
        Value::Null => return None,
        Value::Bool(yes) => return Some(*yes),
        Value::String(text) => checked(&field, text, errors)?,
        _ => {
            return wrong_yes_no(&field, "wrong_type", errors);
        }
    };
    match narrow(text).trim().to_ascii_lowercase().as_str() {
        "yes" | "true" | "はい" => Some(true),
        "no" | "false" | "いいえ" => Some(false),
        _ => wrong_yes_no(&field, "unknown_value", errors),
    }
}

fn wrong_yes_no(field: &str, code: &'static str, errors: &mut Errors<'_>) -> Option<bool> {
    let message = format!(
        "{}は「はい」か「いいえ」で答えてください。",
        errors.noun(field)
    );
    errors.add(field, code, message);
    None
}

/// The object of a field; none when it is missing or something else.
pub(super) fn object<'a>(
    field: &str,
    value: Option<&'a Value>,
    errors: &mut Errors<'_>,
) -> Option<&'a Map<String, Value>> {
    match value? {
        Value::Null => None,
        Value::Object(body) => Some(body),
        _ => {
            let message =
                format!("「{field}」は項目名と値の組(JSONのオブジェクト)で送ってください。");
            errors.add(field, "wrong_type", message);
            None
        }
    }
}

/// The entries of a list of at most `limit`; none when it is missing or something else.
pub(super) fn list<'a>(
    field: &str,
    value: Option<&'a Value>,
    limit: usize,
    errors: &mut Errors<'_>,
) -> Option<&'a [Value]> {
    match value? {
        Value::Null => None,
        Value::Array(entries) if entries.len() <= limit => Some(entries),
        Value::Array(_) => {
            let noun = errors.noun(field);
            let message = format!("{noun}は{limit}件までです。件数を減らして送ってください。");
            errors.add(field, "too_many", message);
            None
        }
        _ => {
            let noun = errors.noun(field);
            let message = format!("{noun}は一覧(配列)で送ってください。");
            errors.add(field, "wrong_type", message);
            None
        }
    }
}
