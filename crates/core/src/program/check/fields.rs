//! What kind of answer a name of the answers stands for.

use crate::application::choices::{ENTITY_KINDS, INDUSTRIES};
use crate::application::labels::{FIELDS, Input};
use crate::application::prefecture;
use crate::program::Definition;
use crate::program::form::QuestionKind;

/// The kinds of answers, as rules compare them.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    YesNo,
    /// A whole number from 0.
    Number,
    Text,
    /// One of these values.
    Choice(Vec<String>),
    /// Some of these values.
    List(Vec<String>),
    PastSupport,
}

/// The kind of a common answer or of a question of the programme (`extra.<question>`); none for a name nobody knows.
pub(super) fn kind(definition: &Definition, name: &str) -> Option<Kind> {
    if let Some(id) = name.strip_prefix("extra.") {
        let question = definition
            .form
            .question
            .iter()
            .find(|question| question.id == id)?;
        return Some(match question.kind {
            QuestionKind::YesNo => Kind::YesNo,
            QuestionKind::Number => Kind::Number,
            QuestionKind::Text => Kind::Text,
            QuestionKind::Choice => Kind::Choice(
                question
                    .option
                    .iter()
                    .map(|option| option.value.clone())
                    .collect(),
            ),
        });
    }
    let owned = |values: Vec<&str>| values.into_iter().map(str::to_owned).collect();
    Some(
        match FIELDS.iter().find(|field| field.name == name)?.input {
            Input::Text
            | Input::Kana
            | Input::CorporateNumber
            | Input::Postcode
            | Input::Phone
            | Input::Email => Kind::Text,
            Input::People | Input::Yen => Kind::Number,
            Input::YesNo => Kind::YesNo,
            Input::Prefecture => Kind::Choice(prefecture::all().map(|(code, _)| code).collect()),
            Input::EntityKind => {
                Kind::Choice(owned(ENTITY_KINDS.iter().map(|c| c.value).collect()))
            }
            Input::Industry => Kind::Choice(owned(INDUSTRIES.iter().map(|c| c.value).collect())),
            Input::Courses => Kind::List(
                definition
                    .program
                    .course
                    .iter()
                    .map(|course| course.id.clone())
                    .collect(),
            ),
            Input::Pledges => Kind::List(
                definition
                    .eligibility
                    .pledge
                    .iter()
                    .map(|pledge| pledge.id.clone())
                    .collect(),
            ),
            Input::PastSupport => Kind::PastSupport,
        },
    )
}

/// Every name that a field or a rule may use.
pub(super) fn names(definition: &Definition) -> Vec<String> {
    let common = FIELDS.iter().map(|field| field.name.to_owned());
    let own = definition
        .form
        .question
        .iter()
        .map(|question| format!("extra.{}", question.id));
    common.chain(own).collect()
}
