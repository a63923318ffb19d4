//! Answers to the programme's own questions.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::errors::Errors;
use super::scalar;
use crate::application::answers::ExtraAnswer;
use crate::program::Program;
use crate::program::form::{Question, QuestionKind};
use crate::text::{Mistake, line, number};

/// The longest text and the largest number where the question sets none.
const MAX_TEXT: u32 = 2_000;
const MAX_NUMBER: u32 = 1_000_000_000;

pub(super) fn read(
    program: &Program,
    value: Option<&Value>,
    errors: &mut Errors<'_>,
) -> BTreeMap<String, ExtraAnswer> {
    let Some(body) = scalar::object("extra", value, errors) else {
        return BTreeMap::new();
    };
    let questions = &program.definition.form.question;
    let known: Vec<&str> = questions
        .iter()
        .map(|question| question.id.as_str())
        .collect();
    errors.unknown_keys("extra", body, &known);
    questions
        .iter()
        .filter_map(|question| Some((question.id.clone(), one(question, body, errors)?)))
        .collect()
}

fn one(
    question: &Question,
    body: &Map<String, Value>,
    errors: &mut Errors<'_>,
) -> Option<ExtraAnswer> {
    let field = format!("extra.{}", question.id);
    let value = body.get(&question.id);
    match question.kind {
        QuestionKind::YesNo => {
            scalar::yes_no(body, "extra", &question.id, errors).map(ExtraAnswer::YesNo)
        }
        QuestionKind::Number => {
            let limit = i64::from(question.max.unwrap_or(MAX_NUMBER));
            let typed = |typed: &str| number::people(typed).map(i64::from);
            scalar::number(&field, value, limit, typed, errors).map(ExtraAnswer::Number)
        }
        QuestionKind::Text => {
            let limit = question.max.unwrap_or(MAX_TEXT).min(MAX_TEXT);
            let limit = usize::try_from(limit).unwrap_or(usize::MAX);
            let stored = |typed: &str| line::line(typed, &question.label, limit);
            scalar::normal(&field, value, stored, errors).map(ExtraAnswer::Text)
        }
        QuestionKind::Choice => {
            let stored = |typed: &str| option(question, typed);
            scalar::normal(&field, value, stored, errors).map(ExtraAnswer::Text)
        }
    }
}

fn option(question: &Question, typed: &str) -> Result<String, Mistake> {
    let typed = typed.trim();
    if question.option.iter().any(|option| option.value == typed) {
        return Ok(typed.to_owned());
    }
    let labels: Vec<&str> = (question.option.iter())
        .map(|option| option.label.as_str())
        .collect();
    let sentence = format!(
        "「{}」は次の中から選んでください:{}。",
        question.label,
        labels.join("、")
    );
    Err(Mistake {
        code: "unknown_value",
        sentence: sentence.into(),
    })
}
