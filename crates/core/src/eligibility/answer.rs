//! Comparison of one answer with what a rule wants.

use super::Outcome;
use super::logic::{Case, Judged};
use crate::application::lookup::{Answer, answer};
use crate::program::eligibility::AnswerTest;

/// Met or not met when the answer is given and can be compared; otherwise open.
pub(super) fn evaluate(test: &AnswerTest, case: Case<'_>) -> Judged {
    let outcome = match answer(case.answers, &test.field).and_then(|found| holds(test, found)) {
        Some(true) => Outcome::Met,
        Some(false) => Outcome::NotMet,
        None => Outcome::NeedsJudgement,
    };
    Judged::on(case, outcome, &[&test.field])
}

/// None when the answer is of a kind that none of the comparisons fits: such a rule cannot be evaluated.
fn holds(test: &AnswerTest, found: Answer<'_>) -> Option<bool> {
    let wanted: Option<Vec<&String>> = match (&test.equals, &test.one_of) {
        (Some(one), None) => Some(vec![one]),
        (None, Some(list)) => Some(list.iter().collect()),
        _ => None,
    };
    match found {
        Answer::YesNo(yes) => test.is.map(|wanted| wanted == yes),
        Answer::Number(number) => {
            let least = test.at_least.map(|least| number >= least);
            let most = test.at_most.map(|most| number <= most);
            match (least, most) {
                (None, None) => None,
                (least, most) => Some(least != Some(false) && most != Some(false)),
            }
        }
        Answer::Text(text) => wanted.map(|wanted| wanted.iter().any(|value| *value == text)),
        Answer::List(list) => wanted.map(|wanted| list.iter().any(|entry| wanted.contains(&entry))),
        Answer::PastSupport(_) => None,
    }
}
