//! The sentence a company reads under one rule.

use super::Outcome;
use super::logic::Judged;
use crate::application::labels;
use crate::program::Program;
use crate::program::eligibility::Rule;

/// The rule's own sentence for the outcome where it has one and it fits; otherwise one made from its title.
///
/// Missing answers are always named, because only that tells the company what to do; so are sources that disagree.
pub(super) fn sentence(program: &Program, rule: &Rule, judged: &Judged) -> String {
    if !judged.missing.is_empty() {
        return missing(program, &judged.missing);
    }
    if judged.outcome == Outcome::NeedsJudgement && !judged.disputes.is_empty() {
        return judged.disputes.concat();
    }
    let own = match judged.outcome {
        Outcome::Met => &rule.met,
        Outcome::NotMet => &rule.not_met,
        Outcome::NeedsJudgement => &rule.needs_judgement,
    };
    let first = own.clone().unwrap_or_else(|| made(rule, judged.outcome));
    // An own sentence for an open rule says by itself who decides; why a rule is not met is always said in figures.
    let explained = judged.outcome == Outcome::NotMet || own.is_none();
    match explained {
        true => (judged.reasons.iter()).fold(first, |text, reason| text + reason),
        false => first,
    }
}

fn missing(program: &Program, fields: &[String]) -> String {
    let labels: Vec<String> = fields
        .iter()
        .map(|field| format!("「{}」", labels::label_in(program, field)))
        .collect();
    format!(
        "{}の回答がまだないため、判定できません。回答してください。",
        labels.join("")
    )
}

fn made(rule: &Rule, outcome: Outcome) -> String {
    let condition = &rule.title;
    match outcome {
        Outcome::Met => format!("「{condition}」の条件を満たしています。"),
        Outcome::NotMet => format!("「{condition}」の条件を満たしていません。"),
        Outcome::NeedsJudgement => {
            format!("「{condition}」の条件は、事務局が確認して判断します。")
        }
    }
}
