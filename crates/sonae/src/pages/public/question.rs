//! One screen of the form as controls: from the programme's fields, what was typed and what is wrong.

use std::collections::BTreeMap;

use sonae_core::application::choices::{Choice as Listed, ENTITY_KINDS, INDUSTRIES};
use sonae_core::application::labels::{self, CommonField, Input};
use sonae_core::application::prefecture;
use sonae_core::application::read::FieldError;
use sonae_core::capacity::Tally;
use sonae_core::program::Program;
use sonae_core::program::form::{self, QuestionKind, Screen};

use super::course_choice::courses;
use super::field::{Action, Choice, Choices, Control, Mistake, Part, Text, Width, id_of};
use super::past_support::{PastSupport, past_support};
use super::typed::{Typed, belongs};

/// What a screen needs besides the programme and the answers.
pub(in crate::pages) struct Surroundings<'a> {
    pub errors: &'a [FieldError],
    pub tallies: &'a BTreeMap<String, Tally>,
    pub now: jiff::Timestamp,
}

/// One question with its control.
pub(in crate::pages) enum Question {
    Control(Control),
    Select(Select),
    PastSupport(PastSupport),
    Pledges(Pledges),
}

/// A drop-down list.
pub(in crate::pages) struct Select {
    pub part: Part,
    pub autocomplete: Option<&'static str>,
    pub options: Vec<Choice>,
}

/// The pledges, a box each, and a box for those who cannot give one.
pub(in crate::pages) struct Pledges {
    pub choices: Choices,
    pub open: bool,
}

impl Question {
    /// The answer it asks for.
    pub(in crate::pages) fn name(&self) -> &str {
        &self.part().name
    }

    fn part(&self) -> &Part {
        match self {
            Question::Control(control) => control.part(),
            Question::Select(select) => &select.part,
            Question::PastSupport(past) => &past.choices.part,
            Question::Pledges(pledges) => &pledges.choices.part,
        }
    }
}

/// The controls of a screen in its order.
pub(in crate::pages) fn questions(
    program: &Program,
    screen: &Screen,
    typed: &Typed,
    around: &Surroundings<'_>,
) -> Vec<Question> {
    let of = |field: &form::Field| question(program, field, typed, around);
    screen.field.iter().filter_map(of).collect()
}

/// The error summary of a screen in page order.
pub(in crate::pages) fn mistakes(questions: &[Question]) -> Vec<Mistake> {
    let mut mistakes = Vec::new();
    for question in questions {
        let part = question.part();
        if let Some(message) = &part.error {
            mistakes.push(Mistake {
                target: part.id.clone(),
                message: message.clone(),
            });
        }
        if let Question::PastSupport(past) = question {
            mistakes.extend(past.rows.iter().filter_map(|row| {
                Some(Mistake {
                    target: format!("past_support_kind-{}", row.number),
                    message: row.error.clone()?,
                })
            }));
        }
    }
    mistakes
}

fn question(
    program: &Program,
    field: &form::Field,
    typed: &Typed,
    around: &Surroundings<'_>,
) -> Option<Question> {
    let mut question = match labels::common(&field.name) {
        Some(common) => common_question(program, common, typed, around),
        None => own_question(program, &field.name, typed)?,
    };
    let part = match &mut question {
        Question::Control(control) => control.part_mut(),
        Question::Select(select) => &mut select.part,
        Question::PastSupport(past) => &mut past.choices.part,
        Question::Pledges(pledges) => &mut pledges.choices.part,
    };
    part.label = labels::label_in(program, &field.name).to_owned();
    part.required = field.required;
    part.hint = hint(field);
    part.error = own_error(around.errors, &field.name, &question_rows(typed, field));
    Some(question)
}

/// What belongs to the field as a whole. Errors of single rows stand beside the rows.
fn own_error(errors: &[FieldError], name: &str, rows: &[usize]) -> Option<String> {
    let beside_row = |error: &FieldError| {
        rows.iter()
            .any(|row| belongs(error, &format!("{name}[{row}]")))
    };
    errors
        .iter()
        .find(|error| belongs(error, name) && !beside_row(error))
        .map(|error| error.message.clone())
}

fn question_rows(typed: &Typed, field: &form::Field) -> Vec<usize> {
    match field.name.as_str() {
        "past_support" => (0..typed.rows().len()).collect(),
        _ => Vec::new(),
    }
}

/// The programme's hint; a yes-or-no answer also needs its question.
fn hint(field: &form::Field) -> Option<String> {
    let common = labels::common(&field.name);
    let asked = common.filter(|common| common.input == Input::YesNo && field.label.is_none());
    let sentence = asked.map_or("", |common| common.hint);
    let own = field.hint.as_deref();
    let text = match own {
        Some(own) => format!("{sentence}{own}"),
        None => common.map_or("", |common| common.hint).to_owned(),
    };
    (!text.is_empty()).then_some(text)
}

fn common_question(
    program: &Program,
    common: &CommonField,
    typed: &Typed,
    around: &Surroundings<'_>,
) -> Question {
    let name = common.name;
    let typed_text = typed.text(name);
    let choices = match common.input {
        Input::EntityKind => Choices::one(name, "", listed(ENTITY_KINDS, &typed_text)),
        Input::Industry => Choices::one(name, "", listed(INDUSTRIES, &typed_text)),
        Input::YesNo => yes_no(name, &typed_text),
        Input::Courses => courses(program, typed, around),
        Input::Prefecture => return Question::Select(prefectures(common, &typed_text)),
        Input::PastSupport => {
            return Question::PastSupport(past_support(program, typed, around.errors));
        }
        Input::Pledges => return Question::Pledges(pledges(program, typed)),
        _ => return Question::Control(Control::Text(text(common, typed_text))),
    };
    Question::Control(Control::Choices(choices))
}

fn text(common: &CommonField, value: String) -> Text {
    let (kind, inputmode, width, unit) = match common.input {
        Input::CorporateNumber => ("text", Some("numeric"), Width::Medium, None),
        Input::People => ("text", Some("numeric"), Width::Short, Some("人")),
        // Digits, 万 and 億 are all taken, so the keyboard stays the ordinary one.
        Input::Yen => ("text", None, Width::Medium, Some("円")),
        Input::Postcode => ("text", Some("numeric"), Width::Medium, None),
        Input::Phone => ("tel", None, Width::Medium, None),
        // type=email refuses full-width letters before the server can read them; the keyboard is what is wanted from it.
        Input::Email => ("text", Some("email"), Width::Full, None),
        _ => ("text", None, Width::Full, None),
    };
    let action = (common.input == Input::Postcode).then_some(Action {
        value: "postcode",
        label: "住所を自動入力",
    });
    Text {
        value,
        kind,
        inputmode,
        width,
        unit,
        action,
        autocomplete: (!common.autocomplete.is_empty()).then_some(common.autocomplete),
        ..Text::new(common.name, "")
    }
}

fn own_question(program: &Program, name: &str, typed: &Typed) -> Option<Question> {
    let question = labels::question(program, name)?;
    let value = typed.text(name);
    let control = match question.kind {
        QuestionKind::YesNo => Control::Choices(yes_no(name, &value)),
        QuestionKind::Choice => {
            let choices = question.option.iter().map(|option| Choice {
                value: option.value.clone(),
                label: option.label.clone(),
                hint: None,
                chosen: option.value == value,
            });
            Control::Choices(Choices::one(name, "", choices.collect()))
        }
        QuestionKind::Text => Control::Text(Text {
            value,
            ..Text::new(name, "")
        }),
        QuestionKind::Number => Control::Text(Text {
            value,
            inputmode: Some("numeric"),
            width: Width::Short,
            ..Text::new(name, "")
        }),
    };
    Some(Question::Control(control))
}

fn yes_no(name: &str, typed: &str) -> Choices {
    let answer = match typed {
        "true" | "yes" => Some(true),
        "false" | "no" => Some(false),
        _ => None,
    };
    Choices::yes_no(name, "", answer)
}

fn listed<T>(list: &'static [Listed<T>], chosen: &str) -> Vec<Choice> {
    let choice = |entry: &Listed<T>| Choice {
        value: entry.value.to_owned(),
        label: entry.label.to_owned(),
        hint: (!entry.hint.is_empty()).then(|| entry.hint.to_owned()),
        chosen: entry.value == chosen,
    };
    list.iter().map(choice).collect()
}

fn prefectures(common: &CommonField, chosen: &str) -> Select {
    let chosen = prefecture::code(chosen.trim()).unwrap_or_default();
    let empty = option("", "選んでください", &chosen);
    let all = prefecture::all().map(|(code, name)| option(&code, name, &chosen));
    Select {
        part: part(common.name),
        autocomplete: Some(common.autocomplete),
        options: std::iter::once(empty).chain(all).collect(),
    }
}

/// An entry of a list, chosen when its value is.
pub(in crate::pages) fn option(value: &str, label: &str, chosen: &str) -> Choice {
    Choice {
        value: value.to_owned(),
        label: label.to_owned(),
        hint: None,
        chosen: value == chosen,
    }
}

fn part(name: &str) -> Part {
    Part {
        id: id_of(name),
        name: name.to_owned(),
        label: String::new(),
        required: false,
        hint: None,
        error: None,
    }
}

fn pledges(program: &Program, typed: &Typed) -> Pledges {
    let given = typed.list("pledges");
    let choices = program.definition.eligibility.pledge.iter().map(|pledge| {
        let letter = labels::pledge_letter(program, &pledge.id);
        Choice {
            value: pledge.id.clone(),
            label: format!("{letter} {}", pledge.text),
            hint: None,
            chosen: given.contains(&pledge.id.as_str()),
        }
    });
    Pledges {
        choices: Choices::many("pledges", "", choices.collect()),
        open: typed.pledges_open(),
    }
}
