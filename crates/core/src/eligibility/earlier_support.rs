//! Earlier support, recorded as company × kind of support × fiscal year.
//!
//! Alumni of one kind may take another kind, so a rule can look only at the kinds of the courses now applied for.

use super::Outcome;
use super::logic::{Case, Judged};
use crate::program::eligibility::EarlierSupportTest;
use crate::program::program::SupportKind;

/// Met when the company was supported before in the sense of the test.
pub(super) fn evaluate(test: &EarlierSupportTest, case: Case<'_>) -> Judged {
    let fields: &[&str] = if test.same_kind_as_course {
        &["past_support", "courses"]
    } else {
        &["past_support"]
    };
    Judged::on(case, outcome(test, case), fields)
}

fn outcome(test: &EarlierSupportTest, case: Case<'_>) -> Outcome {
    let by_test = |kind: SupportKind| test.kinds.is_empty() || test.kinds.contains(&kind);
    if !test.same_kind_as_course {
        return match had(test, case, by_test) {
            Some(true) => Outcome::Met,
            Some(false) => Outcome::NotMet,
            None => Outcome::NeedsJudgement,
        };
    }
    // Each course that may count, with what it would mean. Nobody has chosen yet: every course of the programme may.
    let chosen = case.answers.courses.as_deref().unwrap_or_default();
    let kinds: Vec<SupportKind> = (case.program.courses().iter())
        .filter(|course| chosen.is_empty() || chosen.contains(&course.id))
        .map(|course| course.kind)
        .collect();
    let each: Vec<Option<bool>> = kinds
        .iter()
        .map(|wanted| match by_test(*wanted) {
            true => had(test, case, |kind| kind == *wanted),
            // The test does not look at this kind, so no earlier support can count.
            false => Some(false),
        })
        .collect();
    let known = |wanted| each.iter().all(|had| *had == Some(wanted));
    if each.is_empty() {
        // No course of this programme is chosen: nothing to compare with.
        Outcome::NeedsJudgement
    } else if known(false) {
        Outcome::NotMet
    } else if known(true) || (!chosen.is_empty() && each.contains(&Some(true))) {
        Outcome::Met
    } else {
        Outcome::NeedsJudgement
    }
}

/// Whether the company states support of such a kind within the years; none when it has not answered.
fn had(
    test: &EarlierSupportTest,
    case: Case<'_>,
    counts: impl Fn(SupportKind) -> bool,
) -> Option<bool> {
    let list = case.answers.past_support.as_ref()?;
    Some(list.iter().any(|support| {
        counts(support.kind)
            && test.from_year.is_none_or(|from| support.year >= from)
            && test.to_year.is_none_or(|to| support.year <= to)
    }))
}
