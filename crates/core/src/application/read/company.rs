//! Who applies: the company, its size, its place, its contact.

use serde_json::{Map, Value};

use super::errors::Errors;
use super::{choice, scalar};
use crate::application::answers::Answers;
use crate::application::choices::{ENTITY_KINDS, INDUSTRIES};
use crate::application::prefecture;
use crate::text::{
    Mistake, address, company_name, corporate_number, email, kana, number, person_name, phone,
    postcode, width,
};

/// Reads the fields from `entity_kind` to `contact_email` in the order of the interface.
pub(super) fn read(body: &Map<String, Value>, answers: &mut Answers, errors: &mut Errors<'_>) {
    company(body, answers, errors);
    place(body, answers, errors);
    contact(body, answers, errors);
}

fn company(body: &Map<String, Value>, answers: &mut Answers, errors: &mut Errors<'_>) {
    let given = |key: &str| body.get(key);
    answers.entity_kind = choice::read("entity_kind", given("entity_kind"), ENTITY_KINDS, errors);
    answers.name = scalar::normal("name", given("name"), company_name::normalise, errors);
    answers.name_kana = scalar::normal("name_kana", given("name_kana"), kana::normalise, errors);
    answers.corporate_number = scalar::normal(
        "corporate_number",
        given("corporate_number"),
        corporate_number::normalise,
        errors,
    );
    answers.industry = choice::read("industry", given("industry"), INDUSTRIES, errors);
    answers.capital_yen = scalar::number(
        "capital_yen",
        given("capital_yen"),
        number::YEN_LIMIT,
        number::yen,
        errors,
    );
    answers.employees = scalar::number(
        "employees",
        given("employees"),
        i64::from(number::PEOPLE_LIMIT),
        |typed| number::people(typed).map(i64::from),
        errors,
    );
}

fn place(body: &Map<String, Value>, answers: &mut Answers, errors: &mut Errors<'_>) {
    let given = |key: &str| body.get(key);
    answers.postcode = scalar::normal("postcode", given("postcode"), postcode::normalise, errors);
    answers.prefecture = scalar::normal("prefecture", given("prefecture"), prefecture, errors);
    for (field, line) in [
        ("address_line1", &mut answers.address_line1),
        ("address_line2", &mut answers.address_line2),
    ] {
        *line = scalar::normal(field, given(field), address::normalise, errors);
    }
}

fn prefecture(typed: &str) -> Result<String, Mistake> {
    prefecture::code(width::narrow(typed).trim()).ok_or_else(|| Mistake {
        code: "unknown_value",
        sentence: "都道府県は01(北海道)から47(沖縄県)までの番号か、名前で選んでください。".into(),
    })
}

fn contact(body: &Map<String, Value>, answers: &mut Answers, errors: &mut Errors<'_>) {
    let given = |key: &str| body.get(key);
    answers.contact_name = scalar::normal(
        "contact_name",
        given("contact_name"),
        person_name::normalise,
        errors,
    );
    answers.contact_kana = scalar::normal(
        "contact_kana",
        given("contact_kana"),
        kana::normalise,
        errors,
    );
    answers.contact_phone = scalar::normal(
        "contact_phone",
        given("contact_phone"),
        |typed| phone::normalise(typed).map(|phone| phone.digits),
        errors,
    );
    answers.contact_email = scalar::normal(
        "contact_email",
        given("contact_email"),
        email::normalise,
        errors,
    );
}
