//! What the rules say about a company, in words for its owner: on the check, before sending, and when the conditions are not met.

use sonae_core::eligibility::{Eligibility, Finding, Outcome, Verdict};
use sonae_core::program::Program;

/// What the rule of a pledge's finding begins with.
const PLEDGE: &str = "pledge_";

/// One finding as a page shows it.
#[derive(Clone, Debug)]
pub(super) struct Shown {
    pub title: String,
    pub clause: String,
    pub outcome: Outcome,
    pub sentence: String,
    /// 「従業員数 45人」, the answers it rests on.
    pub facts: Vec<String>,
    /// What else is open.
    pub instead: Option<String>,
}

impl Shown {
    fn of(program: &Program, finding: &Finding) -> Shown {
        let given = finding.facts.iter().filter(|fact| !fact.value.is_empty());
        let facts = given.map(|fact| format!("{}：{}", fact.label, fact.value));
        Shown {
            title: title(program, &finding.rule),
            clause: finding.clause.clone(),
            outcome: finding.outcome,
            sentence: finding.sentence.clone(),
            facts: facts.collect(),
            instead: finding.instead.clone(),
        }
    }

    /// 満たす, 満たさない, 確認が必要, or 未回答 where nothing was answered that could be looked at.
    pub(super) fn word(&self) -> &'static str {
        match self.outcome {
            Outcome::Met => "満たす",
            Outcome::NotMet => "満たさない",
            Outcome::NeedsJudgement if self.facts.is_empty() => "未回答",
            Outcome::NeedsJudgement => "確認が必要",
        }
    }

    /// The kind of the mark beside the word.
    pub(super) fn kind(&self) -> &'static str {
        match self.outcome {
            Outcome::Met => "success",
            Outcome::NotMet => "warning",
            Outcome::NeedsJudgement => "info",
        }
    }
}

/// What a finding's rule is called.
pub fn title(program: &Program, rule: &str) -> String {
    let file = &program.definition.eligibility;
    let named = file.rule.iter().find(|known| known.id == rule);
    match (named, rule.strip_prefix(PLEDGE)) {
        (Some(rule), _) => rule.title.clone(),
        (None, Some(pledge)) => format!(
            "誓約事項{}",
            sonae_core::application::labels::pledge_letter(program, pledge)
        ),
        (None, None) => rule.to_owned(),
    }
}

/// Every finding: what is not met first, then what is open, then what is met. Pledges that stand alike are one line.
pub(super) fn all(program: &Program, verdict: &Verdict) -> Vec<Shown> {
    let mut findings = with(program, verdict, |_| true);
    let pledges: Vec<&Finding> = (verdict.findings.iter())
        .filter(|finding| finding.rule.starts_with(PLEDGE))
        .collect();
    let alike = |outcome| pledges.iter().all(|pledge| pledge.outcome == outcome);
    let sentence = match pledges.first() {
        Some(_) if alike(Outcome::Met) => "誓約事項のすべてに該当すると回答しています。",
        Some(_) if alike(Outcome::NeedsJudgement) => {
            "誓約事項の回答がまだありません。申込みのときに、1つずつうかがいます。"
        }
        _ => "",
    };
    if let (Some(first), false) = (pledges.first(), sentence.is_empty()) {
        findings.truncate(findings.len() - pledges.len());
        findings.push(Shown {
            title: "誓約事項".to_owned(),
            clause: first.clause.trim_end_matches('ア').to_owned(),
            outcome: first.outcome,
            sentence: sentence.to_owned(),
            facts: Vec::new(),
            instead: None,
        });
    }
    findings.sort_by_key(|finding| match finding.outcome {
        Outcome::NotMet => 0,
        Outcome::NeedsJudgement => 1,
        Outcome::Met => 2,
    });
    findings
}

/// What is not met.
pub(super) fn not_met(program: &Program, verdict: &Verdict) -> Vec<Shown> {
    with(program, verdict, |outcome| outcome == Outcome::NotMet)
}

/// What a person will look at.
pub(super) fn open(program: &Program, verdict: &Verdict) -> Vec<Shown> {
    with(program, verdict, |outcome| {
        outcome == Outcome::NeedsJudgement
    })
}

fn with(program: &Program, verdict: &Verdict, wanted: impl Fn(Outcome) -> bool) -> Vec<Shown> {
    let findings = verdict.findings.iter();
    findings
        .filter(|finding| wanted(finding.outcome))
        .map(|finding| Shown::of(program, finding))
        .collect()
}

/// The whole in one sentence, on the check.
pub(super) fn overall(verdict: Eligibility, complete: bool) -> &'static str {
    match (verdict, complete) {
        (Eligibility::Eligible, _) => "ご回答の内容では、参加の要件をすべて満たしています。",
        (Eligibility::Ineligible, _) => "ご回答の内容では、満たしていない要件があります。",
        (Eligibility::NeedsJudgement, false) => {
            "ご回答の範囲では、満たさない要件はありません。まだ答えていない項目は、申込みのときにうかがいます。"
        }
        (Eligibility::NeedsJudgement, true) => {
            "満たさない要件はありませんが、事務局の確認が必要なものがあります。このままお申し込みいただけます。"
        }
    }
}

/// The whole in one sentence, before sending.
pub(super) fn before_sending(verdict: Eligibility) -> &'static str {
    match verdict {
        Eligibility::Eligible => {
            "ご回答の内容は、参加の要件をすべて満たしています。受付の後に、事務局が改めて確認します。"
        }
        Eligibility::NeedsJudgement => {
            "次の要件は、受付の後に事務局が確認します。このまま送信いただけます。"
        }
        Eligibility::Ineligible => {
            "ご回答の内容では満たしていない要件があります。送信いただいた後、事務局が判断してご連絡します。"
        }
    }
}
