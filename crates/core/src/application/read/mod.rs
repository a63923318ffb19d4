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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::json;

    use super::KEYS;
    use crate::application::answers::Answers;
    use crate::application::labels::FIELDS;
    use crate::application::lookup::answer;

    /// The list of keys, the labels and the lookup must name the fields of `Answers`, all of them and no others.
    #[test]
    fn the_lists_of_names_agree() {
        let schema = serde_json::to_value(schemars::schema_for!(Answers)).expect("schema");
        let properties = schema["properties"].as_object().expect("properties");
        let fields: BTreeSet<&str> = properties.keys().map(String::as_str).collect();
        assert_eq!(fields, KEYS.iter().copied().collect());

        let outer = |name: &'static str| name.split('.').next().expect("a first part");
        let mut labelled: BTreeSet<&str> = FIELDS.iter().map(|field| outer(field.name)).collect();
        labelled.insert("extra");
        assert_eq!(labelled, fields);

        let all: Answers = serde_json::from_value(json!({
            "entity_kind": "corporation", "name": "x", "name_kana": "x", "corporate_number": "x", "industry": "retail",
            "capital_yen": 1, "employees": 1, "postcode": "x", "prefecture": "13", "address_line1": "x",
            "address_line2": "x", "contact_name": "x", "contact_kana": "x", "contact_phone": "x", "contact_email": "x",
            "courses": [], "past_support": [], "equivalent_subsidy": true,
            "measures": { "utm_or_edr_installed": true, "two_star_level_policy": true }, "continuing_measures": true,
            "pledges": [], "survey_agreed": true
        }))
        .expect("answers");
        for field in FIELDS {
            assert!(answer(&all, field.name).is_some(), "{}", field.name);
        }
    }
}
