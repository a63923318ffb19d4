//! One answer by its name.

use super::answers::{Answers, ExtraAnswer, PastSupport};
use super::choices::{self, ENTITY_KINDS, INDUSTRIES};

/// An answer as the rules compare it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Answer<'a> {
    YesNo(bool),
    Number(i64),
    /// Text, or the interface's value of a choice.
    Text(&'a str),
    List(&'a [String]),
    PastSupport(&'a [PastSupport]),
}

/// The answer of a dotted name (`employees`, `measures.two_star_level_policy`, `extra.<question>`).
///
/// None when it is missing, and for a name that nobody knows.
pub fn answer<'a>(answers: &'a Answers, name: &str) -> Option<Answer<'a>> {
    let text = |value: &'a Option<String>| value.as_deref().map(Answer::Text);
    let yes_no = |value: Option<bool>| value.map(Answer::YesNo);
    let list = |value: &'a Option<Vec<String>>| value.as_deref().map(Answer::List);
    let measures = answers.measures.as_ref();
    match name {
        "entity_kind" => answers
            .entity_kind
            .map(|kind| Answer::Text(choices::of(ENTITY_KINDS, kind).value)),
        "name" => text(&answers.name),
        "name_kana" => text(&answers.name_kana),
        "corporate_number" => text(&answers.corporate_number),
        "industry" => answers
            .industry
            .map(|industry| Answer::Text(choices::of(INDUSTRIES, industry).value)),
        "capital_yen" => answers.capital_yen.map(Answer::Number),
        "employees" => answers.employees.map(Answer::Number),
        "postcode" => text(&answers.postcode),
        "prefecture" => text(&answers.prefecture),
        "address_line1" => text(&answers.address_line1),
        "address_line2" => text(&answers.address_line2),
        "contact_name" => text(&answers.contact_name),
        "contact_kana" => text(&answers.contact_kana),
        "contact_phone" => text(&answers.contact_phone),
        "contact_email" => text(&answers.contact_email),
        "courses" => list(&answers.courses),
        "past_support" => answers.past_support.as_deref().map(Answer::PastSupport),
        "equivalent_subsidy" => yes_no(answers.equivalent_subsidy),
        "measures.utm_or_edr_installed" => yes_no(measures.and_then(|m| m.utm_or_edr_installed)),
        "measures.two_star_level_policy" => yes_no(measures.and_then(|m| m.two_star_level_policy)),
        "continuing_measures" => yes_no(answers.continuing_measures),
        "pledges" => list(&answers.pledges),
        "survey_agreed" => yes_no(answers.survey_agreed),
        _ => extra(answers, name),
    }
}

fn extra<'a>(answers: &'a Answers, name: &str) -> Option<Answer<'a>> {
    Some(match answers.extra.get(name.strip_prefix("extra.")?)? {
        ExtraAnswer::YesNo(value) => Answer::YesNo(*value),
        ExtraAnswer::Number(value) => Answer::Number(*value),
        ExtraAnswer::Text(value) => Answer::Text(value),
    })
}
