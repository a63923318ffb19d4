//! Figures of a company's month and of many companies are those that can be counted by hand.

use super::Fresh;
use super::sample::{HOUR, NOON, Said, detection, sent, stored, today};
use crate::detection::{Action, Severity, Why};
use crate::questions::{cohort, month};
use crate::{Day, Month};

fn march() -> Month {
    today().month()
}

pub(super) fn month(fresh: &Fresh<'_>) {
    let db = fresh();
    let watched = (march().first_day(), march().last_day());
    let figures = |company| db.month(company, march(), watched).expect("an answer");
    // A company that was never heard of has a report of zeros.
    assert_eq!(figures("a"), month::Figures::default());
    let day = 24 * HOUR;
    let mut lines = vec![
        detection(NOON, 0, 2),
        detection(NOON, 0, 3),
        detection(NOON - day, 0, 2),
    ];
    lines.push(Said {
        count: 5,
        ..detection(NOON - day, 1, 5)
    });
    lines.push(Said {
        kind: 1,
        ..detection(NOON, 0, 0)
    });
    lines.push(Said {
        kind: 2,
        ..detection(NOON, 1, 0)
    });
    lines.push(detection(NOON - 40 * day, 0, 9));
    stored(&db, &[sent("a", "1", &lines), sent("b", "1", &lines)]);
    let found = figures("a");
    assert_eq!((found.detections, found.total.events), (4, 8));
    assert_eq!(found.total.by_severity[Severity::High as usize], 3);
    assert_eq!(found.total.by_severity[Severity::Low as usize], 5);
    assert_eq!(found.total.by_action[Action::Blocked as usize], 3);
    let days: Vec<(Day, i64)> = found
        .days
        .iter()
        .map(|(day, split)| (*day, split.events))
        .collect();
    assert_eq!(days, [(Day(today().0 - 1), 6), (today(), 2)]);
    let rules: Vec<(&str, i64)> = (found.rules.iter())
        .map(|rule| (rule.rule.as_str(), rule.split.events))
        .collect();
    assert_eq!(rules, [("1:2000001", 5), ("1:2000000", 3)]);
    assert_eq!(found.distinct_rules, 2);
    // 2 and 3 stand outside, 5 is a name, and one host inside is the destination of all.
    let addresses = month::Addresses {
        all: 4,
        sources: 3,
        destinations: 1,
        outside: 2,
    };
    assert_eq!(found.addresses, addresses);
    assert_eq!(found.activities, [("kind.0".to_owned(), 1)]);
    assert_eq!(found.unknown, [(Why::Broken, 1)]);
    let coverage = &found.coverage[0];
    assert_eq!(
        (coverage.device.as_str(), coverage.hours, coverage.of_hours),
        ("SN-a", 2, 31 * 24)
    );
    assert_eq!((coverage.lines, coverage.gaps.len()), (6, 3));
}

/// More rules than are named: a hundred by events, and the one that was not stopped.
pub(super) fn named(fresh: &Fresh<'_>) {
    let db = fresh();
    let blocked = (0..=u8::MAX).filter(|rule| rule.is_multiple_of(2));
    let mut lines: Vec<Said> = blocked
        .flat_map(|rule| [detection(NOON, rule, 2), detection(NOON + 1, rule, 2)])
        .collect();
    // High and told only; low and told only.
    lines.push(detection(NOON, 255, 2));
    lines.push(detection(NOON, 253, 2));
    stored(&db, &[sent("a", "1", &lines)]);
    let watched = (march().first_day(), march().last_day());
    let found = db.month("a", march(), watched).expect("an answer");
    assert_eq!((found.distinct_rules, found.rules.len()), (130, 101));
    assert_eq!(found.rules[100].rule, "1:2000255");
}

pub(super) fn cohort(fresh: &Fresh<'_>) {
    let db = fresh();
    let ids: Vec<String> = (0..20).map(|n| format!("c{n}")).collect();
    for (n, id) in ids.iter().enumerate().take(15) {
        // Each of fifteen met rule 0 as often as its number says, and four of them a rule that would give them away.
        let mut lines: Vec<Said> = (0..=n as i64)
            .map(|at| detection(NOON + at, 0, 2))
            .collect();
        if n < 4 {
            lines.push(detection(NOON, 3, 2));
        }
        stored(&db, &[sent(id, "1", &lines)]);
    }
    stored(
        &db,
        &[sent("stranger", "1", &vec![detection(NOON, 5, 2); 500])],
    );
    let members = ids.iter().cloned().collect();
    let declared = cohort::declare(vec![("all".to_owned(), members)]).expect("a cohort of twenty");
    let found = db.cohort(&declared[0], march()).expect("an answer");
    assert_eq!((found.members, found.without_findings), (20, 25));
    assert_eq!(found.events, cohort::Quartiles(0, 5, 10));
    assert_eq!(found.blocked, cohort::Quartiles(0, 5, 10));
    let rules: Vec<(&str, usize)> = (found.rules.iter())
        .map(|rule| (rule.rule.as_str(), rule.share))
        .collect();
    assert_eq!(rules, [("1:2000000", 75)]);
}
