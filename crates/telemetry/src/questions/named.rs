//! Which rules of a month are named: those that spoke most, and, however seldom they spoke, the gravest that were not stopped.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::Split;
use super::month::{MOST_NAMED, RuleFigure};
use crate::detection::Severity;

/// Rules that are named because they were not stopped and may be grave; the gravest first.
const MOST_UNSTOPPED: usize = 200;

type Rules = HashMap<(i64, Severity), Split>;
/// The gravest first, then the most that were not stopped.
type Gravity = (Reverse<Severity>, Reverse<i64>);

/// The rules that may be named before names decide among equals.
pub(super) fn may_be(rules: Rules) -> Vec<((i64, Severity), Split)> {
    let events = |split: &Split| Reverse(split.events);
    let least = nth(rules.values().map(events), MOST_NAMED);
    let unstopped = (rules.iter()).filter_map(|((_, severity), split)| gravity(split, *severity));
    let lightest = nth(unstopped, MOST_UNSTOPPED);
    (rules.into_iter())
        .filter(|((_, severity), split)| {
            let grave = gravity(split, *severity)
                .is_some_and(|one| lightest.is_none_or(|lightest| one <= lightest));
            grave || least.is_none_or(|least| events(split) <= least)
        })
        .collect()
}

/// Keeps those of them that are named, most events first, then by name.
pub(super) fn keep(rules: &mut Vec<RuleFigure>) {
    let mut all: Vec<(bool, RuleFigure)> = rules.drain(..).map(|one| (false, one)).collect();
    all.sort_by(|(_, a), (_, b)| a.gravest().cmp(&b.gravest()));
    for (named, one) in all.iter_mut().take(MOST_UNSTOPPED) {
        *named = gravity(&one.split, one.severity).is_some();
    }
    all.sort_by(|(_, a), (_, b)| a.order().cmp(&b.order()));
    for (named, _) in all.iter_mut().take(MOST_NAMED) {
        *named = true;
    }
    rules.extend(all.into_iter().filter(|one| one.0).map(|(_, one)| one));
}

/// None for what was stopped, and for what is less than medium. A severity that the product does not tell may be any: it stands beside medium.
fn gravity(split: &Split, severity: Severity) -> Option<Gravity> {
    let severity = match severity {
        Severity::Unknown => Severity::Medium,
        told => told,
    };
    let open = split.open();
    (open > 0 && severity >= Severity::Medium).then_some((Reverse(severity), Reverse(open)))
}

/// The last of the first so many; none when there are fewer, and all are among them.
fn nth<K: Ord>(keys: impl Iterator<Item = K>, most: usize) -> Option<K> {
    let mut keys: Vec<K> = keys.collect();
    keys.sort_unstable();
    keys.into_iter().nth(most - 1)
}

impl RuleFigure {
    fn order(&self) -> (i64, [&str; 3], Severity) {
        (-self.split.events, self.names(), self.severity)
    }

    /// What has no gravity comes last.
    fn gravest(&self) -> (bool, Option<Gravity>, [&str; 3], Severity) {
        let gravity = gravity(&self.split, self.severity);
        (gravity.is_none(), gravity, self.names(), self.severity)
    }

    fn names(&self) -> [&str; 3] {
        [&*self.title, &*self.rule, &*self.category]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detection::Action;

    /// Severity, blocked and told only, of rules whose numbers are their places.
    fn check(rules: &[(Severity, i64, i64)], expected: &[usize]) {
        let mut all = Rules::new();
        for (at, (severity, blocked, told)) in rules.iter().enumerate() {
            let mut split = Split::default();
            split.add(*severity, Action::Blocked, *blocked);
            split.add(*severity, Action::Detected, *told);
            all.insert((at as i64, *severity), split);
        }
        let mut named: Vec<RuleFigure> = (may_be(all).into_iter())
            .map(|((number, severity), split)| RuleFigure {
                rule: format!("{number:03}"),
                title: String::new(),
                category: String::new(),
                severity,
                split,
            })
            .collect();
        keep(&mut named);
        let found: Vec<usize> = named.iter().map(|one| one.rule.parse().unwrap()).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn what_was_not_stopped_is_named_however_seldom_it_spoke() {
        use Severity::{Critical, High, Low, Medium, Unknown};
        check(&[], &[]);
        let loud = [(Low, 20, 0); 150];
        let all: Vec<usize> = (0..100).collect();
        check(&loud, &all);
        let with = |quiet: &[(Severity, i64, i64)]| [&loud, quiet].concat();
        let named = |further: &[usize]| [&all, further].concat();
        check(&with(&[(Critical, 0, 1)]), &named(&[150]));
        check(&with(&[(Unknown, 3, 1), (High, 5, 0)]), &named(&[150]));
        check(&with(&[(Medium, 0, 1), (Low, 0, 2)]), &named(&[150]));
        // A limit holds here too: the gravest are named, among equals names decide.
        let many: Vec<_> = [(Medium, 0, 1); 250]
            .into_iter()
            .chain([(High, 0, 1)])
            .collect();
        let further: Vec<usize> = (150..349).chain([400]).collect();
        check(&with(&many), &named(&further));
    }
}
