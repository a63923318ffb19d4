//! 訂正: which answers are asked for again, and how what was typed becomes answers. The company's own page and the office's page for what
//! was heard by telephone share it, so that both ask, read and check alike.

use serde_json::json;
use sonae_core::application::answers::Answers;
use sonae_core::application::read::{Mode, read};
use sonae_core::flow::Correction;
use sonae_core::program::Program;
use sonae_core::program::form::{Field, Screen};

use super::public::address::{self, Suggestion};
use super::public::posted::Posted;
use super::public::screen::{Asked, errors_of};
use super::public::typed::{Typed, belongs, names};

/// An answer that is not corrected here: courses are changed by events that know about places.
const COURSES: &str = "courses";

/// The answers as a form holds them.
pub(super) fn typed(answers: &Answers) -> Typed {
    let mut typed = Typed::new(json!(answers));
    let choice = match &answers.past_support {
        None => "",
        Some(list) if list.is_empty() => "none",
        Some(_) => "some",
    };
    typed.set("_form.past_support", choice.into());
    typed
}

/// The fields that a request asks for, as one screen: those the office named, or all; and any other that no longer reads well.
pub(super) fn asked(program: &Program, answers: &Answers, correction: &Correction) -> Screen {
    let named = |field: &Field| {
        let mut fields = correction.fields.iter();
        fields.any(|name| covers(name, &field.name))
    };
    screen(program, answers, &named)
}

/// The named fields of the form and any other that no longer reads well; all where none is named.
pub(super) fn screen(
    program: &Program,
    answers: &Answers,
    named: &dyn Fn(&Field) -> bool,
) -> Screen {
    let wrong = errors_of(program, &typed(answers), Mode::Complete);
    let screens = program.definition.form.screen.iter();
    let fields: Vec<&Field> = screens
        .flat_map(|screen| &screen.field)
        .filter(|field| field.name != COURSES)
        .collect();
    let any = fields.iter().any(|field| named(field));
    let is_asked = |field: &&&Field| {
        let unreadable = wrong.iter().any(|error| belongs(error, &field.name));
        !any || named(field) || unreadable
    };
    Screen {
        id: "correct".to_owned(),
        title: "申込内容の確認".to_owned(),
        intro: None,
        field: fields
            .iter()
            .filter(is_asked)
            .map(|field| (*field).clone())
            .collect(),
    }
}

/// Whether a name that the office chose covers a field: `measures` covers `measures.utm_or_edr_installed`.
fn covers(name: &str, field: &str) -> bool {
    let rest = field.strip_prefix(name);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// Does what a button beside a field asks for; gives what came of looking up a postcode.
pub(super) fn helped(typed: &mut Typed, asked: Asked) -> Option<Suggestion> {
    match asked {
        Asked::Postcode => Some(address::suggest(typed)),
        Asked::Address(index) => address::choose(typed, index),
        Asked::AddRow => {
            typed.add_row();
            None
        }
        Asked::RemoveRow(index) => {
            typed.remove_row(index);
            None
        }
        Asked::Next | Asked::Back | Asked::Save => None,
    }
}

/// The answers with what was typed over them; as they are when they cannot be read together.
pub(super) fn over(
    program: &Program,
    answers: &Answers,
    screen: &Screen,
    posted: &Posted,
) -> Answers {
    let mut typed = typed(answers);
    typed.take(program, names(screen), posted);
    let read = read(program, &typed.answers(), Mode::Complete);
    read.unwrap_or_else(|_| answers.clone())
}
