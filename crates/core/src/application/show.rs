//! Answers as people read them: on the confirmation screen, in findings, in lists.

use super::answers::{Answers, PastSupport};
use super::choices::{self, ENTITY_KINDS, INDUSTRIES, SUPPORT_KINDS};
use super::labels::{self, Input};
use super::lookup::{Answer, answer};
use super::prefecture;
use crate::program::Program;
use crate::text::{number, phone, postcode};

/// One answer with its label, ready to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    pub field: String,
    pub label: String,
    /// Empty when the answer is missing.
    pub value: String,
}

/// One answer by its name. The value is empty when the answer is missing.
pub fn show(program: &Program, answers: &Answers, name: &str) -> Shown {
    Shown {
        field: name.to_owned(),
        label: labels::label_in(program, name).to_owned(),
        value: answer(answers, name).map_or_else(String::new, |found| value(program, name, found)),
    }
}

/// All fields of the programme's form in the order of its screens, answered or not.
pub fn show_all(program: &Program, answers: &Answers) -> Vec<Shown> {
    let screens = &program.definition.form.screen;
    screens
        .iter()
        .flat_map(|screen| &screen.field)
        .map(|field| show(program, answers, &field.name))
        .collect()
}

/// An answer that was changed, as people read it before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub label: String,
    /// Empty when it was missing.
    pub before: String,
    /// Empty when it is missing now.
    pub after: String,
}

/// The fields of the programme's form that differ, in the order of its screens.
pub fn changes(program: &Program, before: &Answers, after: &Answers) -> Vec<Change> {
    let both = show_all(program, before)
        .into_iter()
        .zip(show_all(program, after));
    both.filter(|(before, after)| before.value != after.value)
        .map(|(before, after)| Change {
            label: after.label,
            before: before.value,
            after: after.value,
        })
        .collect()
}

fn value(program: &Program, name: &str, answer: Answer<'_>) -> String {
    let input = labels::common(name).map(|field| field.input);
    match answer {
        Answer::YesNo(yes) => yes_no(yes).to_owned(),
        Answer::Number(count) => match input {
            Some(Input::Yen) => number::yen_text(count),
            Some(Input::People) => format!("{}人", number::grouped(count.unsigned_abs())),
            _ => number::grouped(count.unsigned_abs()),
        },
        Answer::Text(text) => text_value(program, name, input, text),
        Answer::List(list) => list_value(program, name, list),
        Answer::PastSupport(list) => past_support(list),
    }
}

fn text_value(program: &Program, name: &str, input: Option<Input>, text: &str) -> String {
    let shown = match input {
        Some(Input::EntityKind) => choices::by_value(ENTITY_KINDS, text).map(|c| c.label),
        Some(Input::Industry) => choices::by_value(INDUSTRIES, text).map(|c| c.label),
        Some(Input::Prefecture) => prefecture::name(text),
        Some(Input::Postcode) => return postcode::display(text),
        // What is stored was read once; anything else is shown as it is.
        Some(Input::Phone) => return phone::display(text),
        None => labels::question(program, name)
            .and_then(|question| question.option.iter().find(|option| option.value == text))
            .map(|option| option.label.as_str()),
        _ => None,
    };
    shown.unwrap_or(text).to_owned()
}

fn list_value(program: &Program, name: &str, list: &[String]) -> String {
    if list.is_empty() {
        return "なし".to_owned();
    }
    let shown: Vec<String> = match name {
        "courses" => list
            .iter()
            .map(|id| {
                program
                    .course(id)
                    .map_or_else(|| id.clone(), |course| course.short_title.clone())
            })
            .collect(),
        _ => list
            .iter()
            .map(|id| labels::pledge_letter(program, id))
            .collect(),
    };
    shown.join("、")
}

fn past_support(list: &[PastSupport]) -> String {
    if list.is_empty() {
        return "なし".to_owned();
    }
    let shown: Vec<String> = list
        .iter()
        .map(|support| {
            let kind = choices::of(SUPPORT_KINDS, support.kind).label;
            format!("{} {kind}", fiscal_year(support.year))
        })
        .collect();
    shown.join("、")
}

/// 「はい」 or 「いいえ」.
pub fn yes_no(yes: bool) -> &'static str {
    if yes { "はい" } else { "いいえ" }
}

/// 「令和6年度」 for 2024. The whole fiscal year 2019 is 「令和元年度」, as the government named its budget.
pub fn fiscal_year(year: i16) -> String {
    match year {
        2019 => "令和元年度".to_owned(),
        2020.. => format!("令和{}年度", year - 2018),
        1989..2019 => format!("平成{}年度", year - 1988),
        _ => format!("{year}年度"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fiscal_years_bear_the_era_of_their_first_day() {
        for (year, expected) in [
            (2000, "平成12年度"),
            (2018, "平成30年度"),
            (2019, "令和元年度"),
            (2020, "令和2年度"),
            (2023, "令和5年度"),
        ] {
            assert_eq!(fiscal_year(year), expected);
        }
    }
}
