//! What the company types into the 事前問診, kept as it was typed until it is sent.

use axum::response::Response;
use serde_json::{Map, Value};
use sonae_core::application::asked::ONE_LINE;
use sonae_core::application::read::FieldError;
use sonae_core::program::form::QuestionKind;
use sonae_core::program::support::Asked;
use sonae_db::Tx;
use sonae_store::{StoreError, portal_draft};

use super::super::public::calm;
use super::super::public::field::{Area, Choice, Choices, Control, Text, Width, id_of};
use super::super::public::posted::Posted;
use super::door::Opened;
use crate::app::App;

/// The name under which it is kept.
pub(super) const PAGE: &str = "questionnaire";

/// Texts by the ids of the questions.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Typed(Map<String, Value>);

impl Typed {
    /// What was sent for these questions. A control that was not sent was left empty.
    pub(super) fn of(asked: &[Asked], posted: &Posted) -> Typed {
        let texts = asked.iter().map(|question| {
            let text = posted.first(&question.id);
            (question.id.clone(), text.into())
        });
        Typed(texts.collect())
    }

    pub(super) fn text(&self, id: &str) -> &str {
        self.0.get(id).and_then(Value::as_str).unwrap_or_default()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// What was typed so far, in the caller's transaction.
pub(super) fn find(tx: &mut Tx, application_id: &str) -> Result<Typed, StoreError> {
    let kept = portal_draft::find(tx, application_id, PAGE)?;
    Ok(match kept {
        Some(Value::Object(texts)) => Typed(texts),
        _ => Typed::default(),
    })
}

/// What was typed so far.
///
/// # Errors
/// The page for a database that could not answer.
pub(super) async fn load(app: &App, opened: &Opened) -> Result<Typed, Response> {
    let id = opened.stored.application_id.clone();
    app.read(move |tx| find(tx, &id))
        .await
        .map_err(calm::failed)
}

/// Keeps what was typed.
///
/// # Errors
/// The page for a database that could not answer.
pub(super) async fn save(app: &App, opened: &Opened, typed: &Typed) -> Result<(), Response> {
    let id = opened.stored.application_id.clone();
    let (now, typed) = (app.clock.now(), Value::Object(typed.0.clone()));
    app.write(move |tx| portal_draft::save(tx, &id, PAGE, &typed, now))
        .await
        .map_err(calm::failed)
}

/// The controls of the questions, with what was typed and what is wrong.
pub(super) fn controls(asked: &[Asked], typed: &Typed, errors: &[FieldError]) -> Vec<Control> {
    let control = |question: &Asked| {
        let mut control = control(question, typed.text(&question.id));
        let part = control.part_mut();
        part.required = question.required;
        part.hint.clone_from(&question.hint);
        let own = errors.iter().find(|error| error.field == question.id);
        part.error = own.map(|error| error.message.clone());
        control
    };
    asked.iter().map(control).collect()
}

/// Where a question stands on its page.
pub(super) fn anchor(question: &Asked) -> String {
    id_of(&question.id)
}

fn control(question: &Asked, typed: &str) -> Control {
    let (name, label) = (&question.id, &question.label);
    match question.kind {
        QuestionKind::YesNo => {
            let answer = match typed {
                "true" => Some(true),
                "false" => Some(false),
                _ => None,
            };
            Control::Choices(Choices::yes_no(name, label, answer))
        }
        QuestionKind::Choice => {
            let choices = question.option.iter().map(|option| Choice {
                value: option.value.clone(),
                label: option.label.clone(),
                hint: None,
                chosen: option.value == typed,
            });
            Control::Choices(Choices::one(name, label, choices.collect()))
        }
        QuestionKind::Text if question.is_long() => Control::Area(Area {
            value: typed.to_owned(),
            // A short text wants few lines, so that the page stays short on a phone.
            rows: if question.longest() > 5 * ONE_LINE {
                4
            } else {
                2
            },
            ..Area::new(name, label)
        }),
        QuestionKind::Text => Control::Text(Text {
            value: typed.to_owned(),
            ..Text::new(name, label)
        }),
        QuestionKind::Number => Control::Text(Text {
            value: typed.to_owned(),
            inputmode: Some("numeric"),
            width: Width::Short,
            ..Text::new(name, label)
        }),
    }
}
