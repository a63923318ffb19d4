//! Earlier support, recorded as company × kind of support × fiscal year.
//!
//! Alumni of one kind may take another kind, so a rule can look only at the kinds of the courses now applied for. The company's statement is
//! weighed with the office's records: what both say is decided, what only one says is for a person.

use super::Outcome;
use super::logic::{Case, Judged};
use crate::application::answers::PastSupport;
use crate::earlier_support::{Evidence, shown};
use crate::program::eligibility::EarlierSupportTest;
use crate::program::program::SupportKind;

/// Met when the company was supported before in the sense of the test.
pub(super) fn evaluate(test: &EarlierSupportTest, case: Case<'_>) -> Judged {
    let fields: &[&str] = if test.same_kind_as_course {
        &["past_support", "courses"]
    } else {
        &["past_support"]
    };
    let (outcome, disputes) = outcome(test, case);
    let mut judged = Judged::on(case, outcome, fields);
    judged.records = case.history.records.iter().map(Evidence::shown).collect();
    if outcome == Outcome::NeedsJudgement {
        judged.disputes = disputes;
        if judged.records.is_empty() && !judged.disputes.is_empty() {
            judged.records.push("なし".to_owned());
        }
    }
    judged
}

fn outcome(test: &EarlierSupportTest, case: Case<'_>) -> (Outcome, Vec<String>) {
    let by_test = |kind: SupportKind| test.kinds.is_empty() || test.kinds.contains(&kind);
    if !test.same_kind_as_course {
        return match had(test, case, by_test) {
            Had::Yes => (Outcome::Met, Vec::new()),
            Had::No => (Outcome::NotMet, Vec::new()),
            Had::NotSaid => (Outcome::NeedsJudgement, Vec::new()),
            Had::Disputed(sentence) => (Outcome::NeedsJudgement, vec![sentence]),
        };
    }
    // Each course that may count, with what it would mean. Nobody has chosen yet: every course of the programme may.
    let chosen = case.answers.courses.as_deref().unwrap_or_default();
    let kinds: Vec<SupportKind> = (case.program.courses().iter())
        .filter(|course| chosen.is_empty() || chosen.contains(&course.id))
        .map(|course| course.kind)
        .collect();
    let each: Vec<Had> = kinds
        .iter()
        .map(|wanted| match by_test(*wanted) {
            true => had(test, case, |kind| kind == *wanted),
            // The test does not look at this kind, so no earlier support can count.
            false => Had::No,
        })
        .collect();
    let all = |wanted| each.iter().all(|had| *had == wanted);
    let outcome = if each.is_empty() {
        // No course of this programme is chosen: nothing to compare with.
        Outcome::NeedsJudgement
    } else if all(Had::No) {
        Outcome::NotMet
    } else if all(Had::Yes) || (!chosen.is_empty() && each.contains(&Had::Yes)) {
        Outcome::Met
    } else {
        Outcome::NeedsJudgement
    };
    let disputes = each.into_iter().filter_map(|had| match had {
        Had::Disputed(sentence) => Some(sentence),
        _ => None,
    });
    (outcome, disputes.collect())
}

/// Whether the company had support that counts.
#[derive(Clone, Debug, PartialEq)]
enum Had {
    Yes,
    No,
    /// The company has not answered.
    NotSaid,
    /// The sources disagree, as this sentence says.
    Disputed(String),
}

/// Weighs the company's statement with the office's records.
fn had(test: &EarlierSupportTest, case: Case<'_>, counts: impl Fn(SupportKind) -> bool) -> Had {
    let counts = |support: &PastSupport| {
        counts(support.kind)
            && test.from_year.is_none_or(|from| support.year >= from)
            && test.to_year.is_none_or(|to| support.year <= to)
    };
    let Some(stated) = &case.answers.past_support else {
        return Had::NotSaid;
    };
    let stated: Vec<&PastSupport> = stated.iter().filter(|support| counts(support)).collect();
    let recorded = case
        .history
        .records
        .iter()
        .filter(|one| counts(&one.support));
    let recorded: Vec<&Evidence> = recorded.collect();
    let known = recorded.iter().any(|evidence| evidence.is_known());
    match (stated.is_empty(), recorded.is_empty()) {
        (true, true) => Had::No,
        (false, false) if known => Had::Yes,
        (false, _) => {
            let complete = &case.history.complete;
            let missing = stated.iter().all(|support| complete.contains(support));
            match missing {
                true => Had::Disputed(format!(
                    "{}の支援を受けたとのご回答ですが、その年度の全参加企業の名簿に、同じ企業と確かめられる記録がありません。どちらが正しいかを、事務局が確認して判断します。",
                    listed(stated.into_iter())
                )),
                // A list that is not complete says nothing by its silence.
                false => Had::Yes,
            }
        }
        (true, false) if known => Had::Disputed(format!(
            "ご回答では受けていない支援の記録が、事務局の名簿にあります。{}。どちらが正しいかを、事務局が確認して判断します。",
            listed(
                recorded
                    .iter()
                    .filter(|one| one.is_known())
                    .map(|one| &one.support)
            )
        )),
        (true, false) => Had::Disputed(format!(
            "ご回答では受けていない支援の記録が、同じ企業かもしれない名前で事務局の名簿にあります。{}。同じ企業かどうかを、事務局が確認して判断します。",
            listed(recorded.iter().map(|one| &one.support))
        )),
    }
}

/// Kinds and years, each once. Where a record stands is told among the facts, for the office.
fn listed<'a>(supports: impl Iterator<Item = &'a PastSupport>) -> String {
    let mut listed: Vec<&PastSupport> = supports.collect();
    listed.sort();
    listed.dedup();
    let listed: Vec<String> = listed.into_iter().map(shown).collect();
    listed.join("、")
}
