//! What an application must answer.

use super::errors::{Errors, FieldError};
use crate::application::answers::{Answers, EntityKind};
use crate::application::labels::{self, Input};
use crate::application::lookup::answer;
use crate::program::Program;
use crate::program::form::QuestionKind;

/// Without these an application cannot be taken, whatever the form says: whose it is, where to answer, for what, and each
/// pledge answered by itself.
const ALWAYS: [&str; 4] = ["name", "contact_email", "courses", "pledges"];

/// One error for each answer that an application needs and that is missing, in the order of the form.
///
/// A screen of the form asks for its own fields and takes the errors of those.
pub fn missing(program: &Program, answers: &Answers) -> Vec<FieldError> {
    let screens = &program.definition.form.screen;
    let on_form = screens
        .iter()
        .flat_map(|screen| &screen.field)
        .filter(|field| field.required)
        .map(|field| field.name.as_str());
    let mut checked: Vec<&str> = Vec::new();
    let mut errors = Vec::new();
    for name in on_form.chain(ALWAYS) {
        let wanted = !checked.contains(&name) && applies(answers, name);
        checked.push(name);
        if wanted && answer(answers, name).is_none() {
            errors.push(FieldError {
                field: name.to_owned(),
                code: "required",
                message: sentence(program, name),
            });
        }
    }
    errors
}

/// Adds an error for each missing answer that is not already known to be wrong.
pub(super) fn check(program: &Program, answers: &Answers, errors: &mut Errors<'_>) {
    for missing in missing(program, answers) {
        if !known_wrong(&missing.field, errors) {
            errors.add(missing.field, missing.code, missing.message);
        }
    }
}

/// Capital and 法人番号 are asked of companies: a person has neither, and other entities often have no capital.
fn applies(answers: &Answers, name: &str) -> bool {
    match name {
        "capital_yen" => answers.entity_kind == Some(EntityKind::Corporation),
        "corporate_number" => answers.entity_kind != Some(EntityKind::SoleProprietor),
        _ => true,
    }
}

/// A wrong field, or a wrong object around it, is reported once.
fn known_wrong(name: &str, errors: &Errors) -> bool {
    let around = name.split_once('.').map(|(outer, _)| outer);
    errors.has(name) || around.is_some_and(|outer| errors.is_wrong_itself(outer))
}

fn sentence(program: &Program, name: &str) -> String {
    let label = labels::label_in(program, name);
    let typed = match labels::common(name) {
        Some(field) => !matches!(
            field.input,
            Input::YesNo
                | Input::EntityKind
                | Input::Industry
                | Input::Prefecture
                | Input::Courses
                | Input::PastSupport
                | Input::Pledges
        ),
        None => labels::question(program, name).is_some_and(|question| {
            matches!(question.kind, QuestionKind::Text | QuestionKind::Number)
        }),
    };
    match (name, typed) {
        ("pledges", _) => format!("「{label}」を1つずつ確認して、回答してください。"),
        (_, true) => format!("「{label}」を入力してください。"),
        (_, false) => format!("「{label}」を選んでください。"),
    }
}
