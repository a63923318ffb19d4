//! Whether answers exist that meet a test, and answers that do not: by trying every answer that could make a difference.
//!
//! A yes/no answer has two values; of a number only the values beside each bound matter; of a text only those that a test
//! names and one other. What is not an answer (company size, earlier support, a person's judgement) may go either way.

use super::fields::Kind;
use crate::program::eligibility::{AnswerTest, Test};

/// How many combinations are tried. A test with more is not judged: no message is better than a slow one.
const MOST_COMBINATIONS: usize = 4096;

/// What the answers can make of a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reach {
    pub(super) can_hold: bool,
    pub(super) can_fail: bool,
}

/// Tries the test over `kind_of` its fields. None when there are too many combinations or a comparison does not fit its
/// field.
pub(super) fn reach(test: &Test, kind_of: &dyn Fn(&str) -> Option<Kind>) -> Option<Reach> {
    let mut unknowns = Vec::new();
    collect(test, kind_of, &mut unknowns)?;
    let combinations = unknowns
        .iter()
        .try_fold(1usize, |product, unknown| {
            product.checked_mul(unknown.values.len())
        })
        .filter(|product| *product <= MOST_COMBINATIONS)?;
    let mut reach = Reach {
        can_hold: false,
        can_fail: false,
    };
    for combination in 0..combinations {
        if holds(test, &unknowns, combination) {
            reach.can_hold = true;
        } else {
            reach.can_fail = true;
        }
    }
    Some(reach)
}

/// Whether the two tests look at one same thing.
pub(super) fn related(one: &Test, other: &Test, kind_of: &dyn Fn(&str) -> Option<Kind>) -> bool {
    let (mut left, mut right) = (Vec::new(), Vec::new());
    collect(one, kind_of, &mut left).is_some()
        && collect(other, kind_of, &mut right).is_some()
        && left
            .iter()
            .any(|unknown| right.iter().any(|second| second.about == unknown.about))
}

/// Something that a test depends on, with the values worth trying.
struct Unknown<'a> {
    about: About<'a>,
    values: Vec<Value>,
}

#[derive(PartialEq)]
enum About<'a> {
    Field(&'a str),
    /// A test that is not looked into: it may hold or not.
    Whole(&'a Test),
}

#[derive(Clone, Debug, PartialEq)]
enum Value {
    YesNo(bool),
    Number(i64),
    /// None stands for any text that no test names.
    Text(Option<String>),
}

fn collect<'a>(
    test: &'a Test,
    kind_of: &dyn Fn(&str) -> Option<Kind>,
    unknowns: &mut Vec<Unknown<'a>>,
) -> Option<()> {
    match test {
        Test::All(tests) | Test::Any(tests) => tests
            .iter()
            .try_for_each(|test| collect(test, kind_of, unknowns)),
        Test::Not(test) => collect(test, kind_of, unknowns),
        Test::Place { prefectures } => {
            let values = prefectures
                .iter()
                .cloned()
                .map(Some)
                .chain([None])
                .map(Value::Text);
            add(About::Field("prefecture"), values.collect(), unknowns);
            Some(())
        }
        Test::Answer(answer) => {
            let kind = kind_of(&answer.field)?;
            if matches!(kind, Kind::List(_)) && !wanted(answer).is_empty() {
                // A list may hold one wanted value or not, together with any others.
                add(
                    About::Whole(test),
                    vec![Value::YesNo(true), Value::YesNo(false)],
                    unknowns,
                );
                return Some(());
            }
            add(About::Field(&answer.field), values(answer, kind)?, unknowns);
            Some(())
        }
        Test::Sme(_) | Test::EarlierSupport(_) | Test::Judgement { .. } => {
            add(
                About::Whole(test),
                vec![Value::YesNo(true), Value::YesNo(false)],
                unknowns,
            );
            Some(())
        }
    }
}

fn add<'a>(about: About<'a>, values: Vec<Value>, unknowns: &mut Vec<Unknown<'a>>) {
    let index = unknowns
        .iter()
        .position(|unknown| unknown.about == about)
        .unwrap_or_else(|| {
            unknowns.push(Unknown {
                about,
                values: Vec::new(),
            });
            unknowns.len() - 1
        });
    for value in values {
        if !unknowns[index].values.contains(&value) {
            unknowns[index].values.push(value);
        }
    }
}

/// The values of a field on which this comparison could turn; none when it does not fit the field.
fn values(answer: &AnswerTest, kind: Kind) -> Option<Vec<Value>> {
    match kind {
        Kind::YesNo => Some(vec![Value::YesNo(true), Value::YesNo(false)]),
        Kind::Number => {
            let beside = |bound: i64| [bound.saturating_sub(1), bound, bound.saturating_add(1)];
            let bounds = [answer.at_least, answer.at_most]
                .into_iter()
                .flatten()
                .flat_map(beside);
            Some(
                bounds
                    .chain([0])
                    .filter(|n| *n >= 0)
                    .map(Value::Number)
                    .collect(),
            )
        }
        Kind::Text => {
            let named = wanted(answer).into_iter().cloned().map(Some);
            Some(named.chain([None]).map(Value::Text).collect())
        }
        Kind::Choice(options) => Some(options.into_iter().map(|o| Value::Text(Some(o))).collect()),
        Kind::List(_) => Some(vec![Value::Text(None)]),
        Kind::PastSupport => None,
    }
}

fn wanted(answer: &AnswerTest) -> Vec<&String> {
    answer
        .equals
        .iter()
        .chain(answer.one_of.iter().flatten())
        .collect()
}

fn holds(test: &Test, unknowns: &[Unknown<'_>], combination: usize) -> bool {
    let value = |about: About<'_>| {
        let mut rest = combination;
        for unknown in unknowns {
            let index = rest % unknown.values.len();
            rest /= unknown.values.len();
            if unknown.about == about {
                return unknown.values.get(index);
            }
        }
        None
    };
    match test {
        Test::All(tests) => tests.iter().all(|test| holds(test, unknowns, combination)),
        Test::Any(tests) => tests.iter().any(|test| holds(test, unknowns, combination)),
        Test::Not(test) => !holds(test, unknowns, combination),
        Test::Place { prefectures } => match value(About::Field("prefecture")) {
            Some(Value::Text(Some(code))) => prefectures.contains(code),
            _ => false,
        },
        Test::Answer(answer) => {
            match value(About::Whole(test)).or(value(About::Field(&answer.field))) {
                // Only comparisons of lists are tried as a whole, with the value that they hold or not.
                Some(Value::YesNo(yes)) if answer.is.is_none() => *yes,
                Some(Value::YesNo(yes)) => answer.is == Some(*yes),
                Some(Value::Number(number)) => {
                    answer.at_least.is_none_or(|least| *number >= least)
                        && answer.at_most.is_none_or(|most| *number <= most)
                }
                Some(Value::Text(Some(text))) => wanted(answer).contains(&text),
                Some(Value::Text(None)) | None => false,
            }
        }
        Test::Sme(_) | Test::EarlierSupport(_) | Test::Judgement { .. } => {
            value(About::Whole(test)) == Some(&Value::YesNo(true))
        }
    }
}
