//! The rules as they judged this case, with people's judgements beside them.

use sonae_core::calendar::japanese::date_short;
use sonae_core::calendar::tokyo_date;
use sonae_core::eligibility::{Eligibility, Finding, Outcome};
use sonae_core::flow::transition::judged;

use super::open::Opened;
use crate::pages::public::finding;

/// One rule's line.
pub struct Line {
    pub title: String,
    pub clause: String,
    pub word: &'static str,
    pub kind: &'static str,
    pub sentence: String,
    /// 「従業員数：45人」, as they were when it was judged.
    pub facts: Vec<String>,
    /// What a person decided, by whom and why.
    pub judgement: Option<String>,
}

/// The whole in one word, and the kind of its mark.
pub fn overall(opened: &Opened) -> (&'static str, &'static str) {
    match judged(&opened.stored.verdict, &opened.stored.case).0 {
        Eligibility::Eligible => ("要件をすべて満たす", "success"),
        Eligibility::Ineligible => ("満たさない要件がある", "error"),
        Eligibility::NeedsJudgement => ("人の判断が必要な要件がある", "warning"),
    }
}

/// Every finding: what is not met first, then what needs a person, then what is met.
pub fn lines(opened: &Opened) -> Vec<Line> {
    let mut findings: Vec<&Finding> = opened.stored.verdict.findings.iter().collect();
    findings.sort_by_key(|finding| match finding.outcome {
        Outcome::NotMet => 0,
        Outcome::NeedsJudgement => 1,
        Outcome::Met => 2,
    });
    let findings = findings.into_iter();
    findings.map(|finding| line(opened, finding)).collect()
}

fn line(opened: &Opened, finding: &Finding) -> Line {
    let judgement = opened.stored.case.judgements.get(&finding.rule);
    let outcome = match (finding.outcome, judgement) {
        (Outcome::NeedsJudgement, Some(judgement)) => judgement.outcome,
        (outcome, _) => outcome,
    };
    let (word, kind) = match outcome {
        Outcome::Met => ("満たす", "success"),
        Outcome::NotMet => ("満たさない", "error"),
        Outcome::NeedsJudgement => ("人の判断が必要", "warning"),
    };
    let given = finding.facts.iter().filter(|fact| !fact.value.is_empty());
    Line {
        title: finding::title(opened.program(), &finding.rule),
        clause: finding.clause.clone(),
        word,
        kind,
        sentence: finding.sentence.clone(),
        facts: given
            .map(|fact| format!("{}：{}", fact.label, fact.value))
            .collect(),
        judgement: judgement.map(|judgement| {
            format!(
                "{}さんの判断({})：{}",
                opened.who(&judgement.by),
                date_short(tokyo_date(judgement.at)),
                judgement.reason
            )
        }),
    }
}
