//! 「都内に主たる事業所を有する」: the prefecture of the main office.

use super::Outcome;
use super::logic::{Case, Judged};

pub(super) fn evaluate(prefectures: &[String], case: Case<'_>) -> Judged {
    let outcome = match &case.answers.prefecture {
        Some(prefecture) if prefectures.contains(prefecture) => Outcome::Met,
        Some(_) => Outcome::NotMet,
        None => Outcome::NeedsJudgement,
    };
    Judged::on(case, outcome, &["prefecture"])
}
