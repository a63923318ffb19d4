//! From JSON, or from a form's strings, to answers.
//!
//! The interface's types are taken as they are, and numbers and yes-or-no also as people type them. Whatever is wrong is a
//! finding with the field's name, a code for programs and a sentence for the person; input is never exceptional, so nothing
//! here panics on any JSON value, and every list has a limit.

mod choice;
mod company;
mod courses;
mod errors;
mod extra;
mod past_support;
mod pledges;
mod required;
mod scalar;

use serde_json::{Map, Value};

use super::answers::{Answers, Measures};
use crate::program::Program;
use errors::Errors;

pub use errors::{FieldError, MAX_ERRORS};
pub use past_support::{FIRST_YEAR, MAX_PAST_SUPPORT};
pub use required::missing;

/// Whether the answers may still be incomplete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// The eligibility check and saved drafts: any subset.
    Partial,
    /// An application: everything that the programme's form requires.
    Complete,
}

/// The names that may stand at the top of the body.
const KEYS: &[&str] = &[
    "entity_kind",
    "name",
    "name_kana",
    "corporate_number",
    "industry",
    "capital_yen",
    "employees",
    "postcode",
    "prefecture",
    "address_line1",
    "address_line2",
    "contact_name",
    "contact_kana",
    "contact_phone",
    "contact_email",
    "courses",
    "past_support",
    "equivalent_subsidy",
    "measures",
    "continuing_measures",
    "pledges",
    "survey_agreed",
    "extra",
];

/// Reads the answers. `null`, a missing key and an empty string all mean that an answer is missing.
///
/// Not to agree to a pledge or to the survey is an answer, not an error: eligibility is judged afterwards.
///
/// # Errors
/// Everything that is wrong, in the order of the interface, at most [`MAX_ERRORS`] entries.
pub fn read(program: &Program, value: &Value, mode: Mode) -> Result<Answers, Vec<FieldError>> {
    let mut errors = Errors::new(program);
    let Value::Object(body) = value else {
        errors.add(
            "",
            "not_an_object",
            "送られたデータの形が違います。回答を項目名と値の組(JSONのオブジェクト)にして送ってください。",
        );
        return Err(errors.into_list());
    };
    errors.unknown_keys("", body, KEYS);
    let answers = answers(program, body, mode, &mut errors);
    if mode == Mode::Complete {
        required::check(program, &answers, &mut errors);
    }
    if errors.is_empty() {
        Ok(answers)
    } else {
        Err(errors.into_list())
    }
}

fn answers(
    program: &Program,
    body: &Map<String, Value>,
    mode: Mode,
    errors: &mut Errors<'_>,
) -> Answers {
    let mut answers = Answers::default();
    company::read(body, &mut answers, errors);
    answers.courses = courses::read(program, body.get("courses"), mode, errors);
    answers.past_support = past_support::read(program, body.get("past_support"), errors);
    answers.equivalent_subsidy = scalar::yes_no(body, "", "equivalent_subsidy", errors);
    answers.measures = measures(body.get("measures"), errors);
    answers.continuing_measures = scalar::yes_no(body, "", "continuing_measures", errors);
    answers.pledges = pledges::read(program, body.get("pledges"), errors);
    answers.survey_agreed = scalar::yes_no(body, "", "survey_agreed", errors);
    answers.extra = extra::read(program, body.get("extra"), errors);
    answers
}

fn measures(value: Option<&Value>, errors: &mut Errors<'_>) -> Option<Measures> {
    let body = scalar::object("measures", value, errors)?;
    let keys = ["utm_or_edr_installed", "two_star_level_policy"];
    errors.unknown_keys("measures", body, &keys);
    Some(Measures {
        utm_or_edr_installed: scalar::yes_no(body, "measures", keys[0], errors),
        two_star_level_policy: scalar::yes_no(body, "measures", keys[1], errors),
    })
}
