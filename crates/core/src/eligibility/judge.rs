//! `judge`: one application under one programme, rule by rule.

use super::logic::{self, Case};
use super::sentence::sentence;
use super::{Eligibility, Fact, Finding, Outcome, Verdict, pledge};
use crate::application::answers::Answers;
use crate::application::show;
use crate::earlier_support::History;
use crate::program::Program;
use crate::program::eligibility::Rule;

/// The name of the fact that holds what the office's records say; no answer has it.
const RECORDS: &str = "office_records";

/// Judges any subset of the answers: what can be decided is decided, the rest needs judgement.
///
/// A decided finding stays whatever is answered later. Findings come in the order of the rules, then of the pledges. Earlier support is
/// judged by the company's own statement alone.
pub fn judge(program: &Program, answers: &Answers) -> Verdict {
    judge_with_history(program, answers, &History::default())
}

/// Like [`judge`], with what the office knows about earlier support as evidence beside the company's statement. Where the two agree it is
/// decided; where they disagree a person judges, who reads both among the facts: a list can be wrong as well as a company.
pub fn judge_with_history(program: &Program, answers: &Answers, history: &History) -> Verdict {
    let file = &program.definition.eligibility;
    let case = Case {
        program,
        answers,
        history,
    };
    let rules = file.rule.iter().map(|rule| finding(rule, case));
    let pledges = (file.pledge.iter()).map(|pledge| pledge::judge(program, answers, pledge));
    let findings: Vec<Finding> = rules.chain(pledges).collect();
    Verdict {
        verdict: overall(&findings),
        revision: program.revision.clone(),
        findings,
    }
}

/// The answers that the programme's rules and pledges look at, by name, in the order of the rules: what a self-check must ask.
pub fn asked(program: &Program) -> Vec<String> {
    let file = &program.definition.eligibility;
    let mut asked: Vec<String> = Vec::new();
    let by_rules = file.rule.iter().flat_map(|rule| logic::fields(&rule.test));
    let by_pledges = (!file.pledge.is_empty()).then(|| "pledges".to_owned());
    for field in by_rules.chain(by_pledges) {
        if !asked.contains(&field) {
            asked.push(field);
        }
    }
    asked
}

fn overall(findings: &[Finding]) -> Eligibility {
    let any = |outcome| findings.iter().any(|finding| finding.outcome == outcome);
    if any(Outcome::NotMet) {
        Eligibility::Ineligible
    } else if any(Outcome::NeedsJudgement) {
        Eligibility::NeedsJudgement
    } else {
        Eligibility::Eligible
    }
}

fn finding(rule: &Rule, case: Case<'_>) -> Finding {
    let judged = logic::evaluate(&rule.test, case);
    let fields = judged.facts.iter().chain(&judged.missing);
    let facts = fields.map(|field| {
        let shown = show::show(case.program, case.answers, field);
        Fact {
            field: shown.field,
            label: shown.label,
            value: shown.value,
        }
    });
    let records = (!judged.records.is_empty()).then(|| Fact {
        field: RECORDS.to_owned(),
        label: "事務局の記録".to_owned(),
        value: judged.records.join("、"),
    });
    let facts = facts.chain(records);
    Finding {
        rule: rule.id.clone(),
        clause: rule.clause.clone(),
        outcome: judged.outcome,
        sentence: sentence(case.program, rule, &judged),
        facts: facts.collect(),
        instead: (rule.instead.clone()).filter(|_| judged.outcome == Outcome::NotMet),
    }
}
