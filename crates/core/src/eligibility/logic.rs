//! Three-valued logic: what a test says about answers of which some may be missing.
//!
//! Architecture invariant: a decided outcome stays under every completion of the answers; only needs judgement may change.

use super::{Outcome, answer, earlier_support, place, sme};
use crate::application::answers::Answers;
use crate::application::lookup::answer;
use crate::earlier_support::History;
use crate::program::Program;
use crate::program::eligibility::Test;

/// What is judged: one application under one programme, with what the office knows beside it.
#[derive(Clone, Copy)]
pub(super) struct Case<'a> {
    pub(super) program: &'a Program,
    pub(super) answers: &'a Answers,
    pub(super) history: &'a History,
}

/// What a test said, and on what it rests.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Judged {
    pub(super) outcome: Outcome,
    /// The answers that were looked at, by name.
    pub(super) facts: Vec<String>,
    /// The answers that are missing and could still decide.
    pub(super) missing: Vec<String>,
    /// Sentences that explain the outcome further than the rule's own words.
    pub(super) reasons: Vec<String>,
    /// What the office's records say, where it was looked at.
    pub(super) records: Vec<String>,
    /// Sentences that name the sources which disagree. They leave it to a person, and replace the rule's own words.
    pub(super) disputes: Vec<String>,
}

impl Judged {
    /// Decided, or left to a person, on these answers. Those that are missing count as missing only when nothing is decided.
    pub(super) fn on(case: Case<'_>, outcome: Outcome, fields: &[&str]) -> Self {
        let (given, missing): (Vec<_>, Vec<_>) = fields
            .iter()
            .map(|field| (*field).to_owned())
            .partition(|field| answer(case.answers, field).is_some());
        let open = outcome == Outcome::NeedsJudgement;
        Self {
            outcome,
            facts: given,
            missing: if open { missing } else { Vec::new() },
            reasons: Vec::new(),
            records: Vec::new(),
            disputes: Vec::new(),
        }
    }

    pub(super) fn because(mut self, reason: impl Into<String>) -> Self {
        self.reasons.push(reason.into());
        self
    }

    pub(super) fn negated(mut self) -> Self {
        self.outcome = match self.outcome {
            Outcome::Met => Outcome::NotMet,
            Outcome::NotMet => Outcome::Met,
            Outcome::NeedsJudgement => Outcome::NeedsJudgement,
        };
        self
    }
}

/// What a test says about the answers.
pub(super) fn evaluate(test: &Test, case: Case<'_>) -> Judged {
    match test {
        Test::All(tests) => combine(tests, case, Outcome::NotMet),
        Test::Any(tests) => combine(tests, case, Outcome::Met),
        Test::Not(test) => evaluate(test, case).negated(),
        Test::Answer(test) => answer::evaluate(test, case),
        Test::Sme(test) => sme::evaluate(test, case),
        Test::Place { prefectures } => place::evaluate(prefectures, case),
        Test::EarlierSupport(test) => earlier_support::evaluate(test, case),
        Test::Judgement { .. } => Judged::on(case, Outcome::NeedsJudgement, &[]),
    }
}

/// Joins tests of which one with the outcome `decisive` decides the whole; otherwise an open one leaves it open.
fn combine(tests: &[Test], case: Case<'_>, decisive: Outcome) -> Judged {
    let parts: Vec<Judged> = tests.iter().map(|test| evaluate(test, case)).collect();
    let any = |outcome| parts.iter().any(|part| part.outcome == outcome);
    let outcome = if any(decisive) {
        decisive
    } else if parts.is_empty() || any(Outcome::NeedsJudgement) {
        // An empty list cannot be evaluated, so a person decides; `program check` refuses it anyway.
        Outcome::NeedsJudgement
    } else {
        parts[0].outcome
    };
    let mut joined = Judged::on(case, outcome, &[]);
    for part in parts {
        let speaks = part.outcome == outcome;
        if speaks || outcome != decisive {
            add(&mut joined.facts, part.facts);
            add(&mut joined.records, part.records);
        }
        if speaks {
            add(&mut joined.disputes, part.disputes);
            add(&mut joined.missing, part.missing);
            add(&mut joined.reasons, part.reasons);
        }
    }
    joined
}

fn add(list: &mut Vec<String>, more: Vec<String>) {
    for entry in more {
        if !list.contains(&entry) {
            list.push(entry);
        }
    }
}

/// The answers a test may look at, by name, each once.
pub(super) fn fields(test: &Test) -> Vec<String> {
    let named = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    match test {
        Test::All(tests) | Test::Any(tests) => {
            let mut all = Vec::new();
            for test in tests {
                add(&mut all, fields(test));
            }
            all
        }
        Test::Not(test) => fields(test),
        Test::Answer(test) => vec![test.field.clone()],
        Test::Sme(test) => sme::fields(test),
        Test::Place { .. } => named(&["prefecture"]),
        Test::EarlierSupport(test) if test.same_kind_as_course => {
            named(&["past_support", "courses"])
        }
        Test::EarlierSupport(_) => named(&["past_support"]),
        Test::Judgement { .. } => Vec::new(),
    }
}
