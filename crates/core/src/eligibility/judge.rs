//! `judge`: one application under one programme, rule by rule.

use super::logic::{self, Case};
use super::sentence::sentence;
use super::{Eligibility, Fact, Finding, Outcome, Verdict, pledge};
use crate::application::answers::Answers;
use crate::application::show;
use crate::program::Program;
use crate::program::eligibility::Rule;

/// Judges any subset of the answers: what can be decided is decided, the rest needs judgement.
///
/// A decided finding stays whatever is answered later. Findings come in the order of the rules, then of the pledges.
pub fn judge(program: &Program, answers: &Answers) -> Verdict {
    let file = &program.definition.eligibility;
    let case = Case { program, answers };
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
    Finding {
        rule: rule.id.clone(),
        clause: rule.clause.clone(),
        outcome: judged.outcome,
        sentence: sentence(case.program, rule, &judged),
        facts: facts.collect(),
        instead: (rule.instead.clone()).filter(|_| judged.outcome == Outcome::NotMet),
    }
}
