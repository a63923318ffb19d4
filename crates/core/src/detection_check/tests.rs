//! The rules of the daily check by tables.

use jiff::civil::{Date, date};

use super::group::Group;
use super::missed::{Watch, missed};
use super::rules::{Day, Line, Standing, after_judgement, is_removed, may_set, may_sign};
use super::suppression::{Suppression, may_hide, may_last};
use super::verdict::{Verdict, reason};
use super::*;

const DAY: Date = date(2026, 3, 10);

fn group(severity: u8, action: u8) -> Group {
    Group {
        device: "SN-1".into(),
        rule: "1:1".into(),
        title: "見本の検知".into(),
        category: "malware".into(),
        severity,
        action,
    }
}

#[test]
fn a_key_tells_every_part_apart() {
    let of = |device: &str, rule: &str, title: &str, category: &str, severity, action| Group {
        device: device.into(),
        rule: rule.into(),
        title: title.into(),
        category: category.into(),
        severity,
        action,
    };
    let groups = [
        of("a", "b", "c", "d", 3, 1),
        of("ab", "", "c", "d", 3, 1),
        of("", "ab", "c", "d", 3, 1),
        of("a", "b", "cd", "", 3, 1),
        of("a", "b", "c", "d", 1, 3),
        of("a", "b", "c", "d", 3, 2),
    ];
    let keys: std::collections::BTreeSet<String> = groups.iter().map(Group::key).collect();
    assert_eq!(keys.len(), groups.len());
    assert!(keys.iter().all(|key| key.len() == 32));
}

#[test]
fn what_was_seen_does_not_depend_on_the_order() {
    let one = (
        group(3, 1),
        Counts {
            lines: 1,
            events: 2,
            ..Counts::default()
        },
    );
    let other = (
        group(4, 1),
        Counts {
            lines: 3,
            events: 3,
            ..Counts::default()
        },
    );
    let seen = Seen::of(4, 2, &[one.clone(), other.clone()]);
    assert_eq!(seen, Seen::of(4, 2, &[other.clone(), one.clone()]));
    assert_ne!(seen.sha256, Seen::of(5, 2, &[one.clone(), other]).sha256);
    assert_ne!(seen.sha256, Seen::of(4, 2, &[one]).sha256);
}

#[test]
fn what_must_be_judged() {
    for (severity, category, judged) in [
        (4, "malware", true),
        (3, "malware", false),
        (0, "malware", true),
        (0, "", true),
        (0, "spam", false),
        (4, "spam", true),
    ] {
        let finding = Group {
            category: category.into(),
            ..group(severity, 3)
        };
        assert_eq!(finding.must_be_judged(), judged, "{severity} {category}");
    }
}

#[test]
fn when_a_day_is_quiet() {
    use Verdict::*;
    // Severity, action, verdict, suppressed: what stands in the way.
    for (severity, action, verdict, suppressed, refused) in [
        (4, 3, None, false, "unjudged"),
        (5, 2, None, false, "unjudged"),
        (6, 0, None, false, "unjudged"),
        (4, 1, None, false, ""),
        (3, 3, None, false, ""),
        (0, 3, None, false, "unjudged"),
        (0, 1, None, false, ""),
        (0, 3, None, true, ""),
        (0, 3, Some(Benign), false, ""),
        (5, 3, None, true, ""),
        (5, 3, Some(FalsePositive), false, ""),
        (5, 3, Some(Benign), false, ""),
        (5, 3, Some(Test), false, ""),
        (5, 3, Some(TruePositive), false, "open_judgement"),
        (2, 3, Some(Suspicious), false, "open_judgement"),
        (2, 2, Some(InsufficientData), false, "open_judgement"),
        (5, 1, Some(TruePositive), false, ""),
        (5, 3, Some(TruePositive), true, "open_judgement"),
        (5, 3, Some(Benign), true, ""),
    ] {
        let finding = Standing {
            group: group(severity, action),
            verdict,
            suppressed,
        };
        let day = Day {
            heard: true,
            findings: vec![finding],
            ..Day::default()
        };
        let said = may_set(State::Quiet, &day, "");
        let code = said.map_or_else(|refusal| refusal.code, |()| "");
        assert_eq!(
            code, refused,
            "{severity} {action} {verdict:?} {suppressed}"
        );
        assert_eq!(may_set(State::Review, &day, ""), Ok(()));
    }
}

#[test]
fn what_else_may_be_said() {
    let heard = Day {
        heard: true,
        ..Day::default()
    };
    let escalated = Day {
        escalated: true,
        ..heard.clone()
    };
    let signed = Day {
        signed: true,
        ..heard.clone()
    };
    let cut = Day {
        cut: true,
        ..heard.clone()
    };
    let removed = Day {
        signed: true,
        removed: true,
        ..Day::default()
    };
    let long = "あ".repeat(1_001);
    for (state, day, note, refused) in [
        (State::Quiet, &heard, "", ""),
        (State::Quiet, &Day::default(), " ", "silent"),
        (State::Quiet, &Day::default(), "休業日です。", ""),
        (State::Review, &Day::default(), "", ""),
        (State::Handling, &heard, "", "no_finding"),
        (State::Handling, &escalated, "", ""),
        (State::Quiet, &escalated, "", "escalated"),
        (State::Review, &escalated, "", "escalated"),
        (State::Review, &signed, "", "no_reason"),
        (State::Review, &signed, "見直しました。", ""),
        (State::Quiet, &cut, "", "too_many"),
        (State::Review, &heard, &long, "note_too_long"),
        (State::Quiet, &removed, "見直しました。", "removed"),
        (State::Review, &removed, "見直しました。", "removed"),
    ] {
        let said = may_set(state, day, note);
        let code = said.map_or_else(|refusal| refusal.code, |()| "");
        assert_eq!(code, refused, "{state:?} {day:?} {note}");
    }
}

#[test]
fn what_was_seen_and_is_gone_is_removed() {
    for (heard, state, note, seen, removed) in [
        (false, State::Quiet, "", 3, true),
        (false, State::Review, "見る", 3, true),
        (true, State::Quiet, "", 3, false),
        // Without a note only what was heard is quiet.
        (false, State::Quiet, " ", 0, true),
        (false, State::Quiet, "休業日です。", 0, false),
        (false, State::Review, "", 0, false),
    ] {
        let said = is_removed(heard, (state, note, seen));
        assert_eq!(said, removed, "{heard} {state:?} {note} {seen}");
    }
}

#[test]
fn what_a_judgement_makes_of_the_day() {
    use State::*;
    let standing = |action, verdict| Standing {
        group: group(5, action),
        verdict: Some(verdict),
        suppressed: false,
    };
    let attack = standing(3, Verdict::TruePositive);
    let stopped = standing(1, Verdict::TruePositive);
    let benign = standing(3, Verdict::Benign);
    for (judged, said, becomes) in [
        (&attack, None, None),
        (&attack, Some((Quiet, false)), Some(Review)),
        (&attack, Some((Quiet, true)), Some(Review)),
        (&attack, Some((Review, false)), None),
        (&attack, Some((Handling, true)), Some(Handling)),
        (&stopped, Some((Quiet, false)), None),
        (&stopped, Some((Quiet, true)), Some(Quiet)),
        (&benign, Some((Quiet, false)), None),
        (&benign, Some((Review, true)), Some(Review)),
    ] {
        let found = after_judgement(judged, said);
        assert_eq!(found, becomes, "{judged:?} {said:?}");
    }
}

#[test]
fn when_a_day_may_be_signed() {
    let line = |checked, now| Line {
        checked,
        now,
        open: false,
    };
    let quiet = Some((State::Quiet, 3));
    let open = Line {
        open: true,
        ..line(quiet, 3)
    };
    for (day, lines, refused) in [
        (DAY, vec![line(quiet, 3)], "not_over"),
        (date(2026, 3, 9), vec![], "nothing"),
        (
            date(2026, 3, 9),
            vec![line(quiet, 3), line(None, 0)],
            "unchecked",
        ),
        (date(2026, 3, 9), vec![line(quiet, 4)], "grown"),
        (date(2026, 3, 9), vec![line(quiet, 3), open], "open"),
        // Lines that are no longer kept stand in nobody's way.
        (date(2026, 3, 9), vec![line(quiet, 0)], ""),
        (
            date(2026, 3, 9),
            vec![line(quiet, 3), line(Some((State::Review, 0)), 0)],
            "",
        ),
    ] {
        let said = may_sign(day, DAY, &lines);
        let code = said.map_or_else(|refusal| refusal.code, |()| "");
        assert_eq!(code, refused, "{day} {lines:?}");
    }
}

/// Of every company and device.
fn everywhere() -> Suppression {
    Suppression {
        company: None,
        device: None,
        rule: "1:1".into(),
        title: "見本の検知".into(),
        category: Some("malware".into()),
        severity: 3,
        action: 3,
        from: date(2026, 3, 1),
        until: date(2026, 3, 31),
        ended: None,
    }
}

#[test]
fn a_suppression_hides_what_it_names_and_nothing_else() {
    let everywhere = everywhere();
    let of = |company: &str| Suppression {
        company: Some(company.into()),
        ..everywhere.clone()
    };
    let device = Suppression {
        device: Some("SN-2".into()),
        ..everywhere.clone()
    };
    let ended = Suppression {
        ended: Some(DAY),
        ..everywhere.clone()
    };
    let same = group(3, 3);
    for (suppression, group, day, hidden) in [
        (&everywhere, &same, DAY, true),
        (&everywhere, &same, date(2026, 2, 28), false),
        (&everywhere, &same, date(2026, 3, 31), true),
        (&everywhere, &same, date(2026, 4, 1), false),
        (&everywhere, &group(4, 3), DAY, false),
        (&everywhere, &group(3, 2), DAY, false),
        (&of("a"), &same, DAY, true),
        (&of("b"), &same, DAY, false),
        (&device, &same, DAY, false),
        (&ended, &same, DAY, false),
        (&ended, &same, date(2026, 3, 9), true),
    ] {
        assert_eq!(
            suppression.hides("a", group, day),
            hidden,
            "{suppression:?} {group:?} {day}"
        );
    }
    let code = |until| may_last(until, DAY).map_or_else(|refusal| refusal.code, |()| "");
    assert_eq!(code(date(2026, 3, 9)), "past");
    assert_eq!(code(DAY), "");
    assert_eq!(code(date(2027, 3, 10)), "");
    assert_eq!(code(date(2027, 3, 11)), "too_far");
}

#[test]
fn a_suppression_hides_no_other_finding_of_the_same_class() {
    let everywhere = everywhere();
    // From the time when the category was not kept.
    let old = Suppression {
        category: None,
        ..everywhere.clone()
    };
    let nameless = Suppression {
        rule: String::new(),
        title: String::new(),
        ..everywhere.clone()
    };
    let titled = Group {
        title: "別の検知".into(),
        ..group(3, 3)
    };
    let filed = Group {
        category: "別の分類".into(),
        ..group(3, 3)
    };
    let unnamed = Group {
        rule: String::new(),
        title: String::new(),
        ..group(3, 3)
    };
    for (suppression, group, hidden) in [
        (&everywhere, &group(3, 3), true),
        (&everywhere, &titled, false),
        (&everywhere, &filed, false),
        (&old, &filed, true),
        (&old, &titled, false),
        (&nameless, &unnamed, false),
    ] {
        let hides = suppression.hides("a", group, DAY);
        assert_eq!(hides, hidden, "{suppression:?} {group:?}");
    }
}

#[test]
fn what_nothing_names_cannot_be_suppressed() {
    let of = |rule: &str, title: &str| Group {
        rule: rule.into(),
        title: title.into(),
        ..group(3, 3)
    };
    for (rule, title, wide, refused) in [
        ("1:1", "見本の検知", true, ""),
        ("1:1", "", true, ""),
        (" ", "見本の検知", false, ""),
        ("", "見本の検知", true, "no_rule"),
        ("", " ", false, "nameless"),
    ] {
        let said = may_hide(&of(rule, title), wide);
        let code = said.map_or_else(|refusal| refusal.code, |()| "");
        assert_eq!(code, refused, "{rule:?} {title:?} {wide}");
    }
}

#[test]
fn missed_days_are_those_that_were_watched_and_not_signed() {
    let watch = |company, first, last| Watch {
        company,
        first,
        last,
    };
    let watches = [
        watch("a", date(2026, 3, 7), date(2027, 1, 1)),
        watch("a", date(2026, 3, 8), date(2027, 1, 1)),
        watch("b", date(2026, 3, 8), date(2026, 3, 8)),
        watch("old", date(2020, 1, 1), date(2020, 2, 1)),
    ];
    let signed = [("a", date(2026, 3, 8))].into();
    let found = missed(&watches, &signed, DAY);
    let told: Vec<(String, Vec<&str>)> = (found.into_iter())
        .map(|(day, companies)| (day.to_string(), companies.into_iter().collect()))
        .collect();
    let expected = [
        ("2026-03-07".to_owned(), vec!["a"]),
        ("2026-03-08".to_owned(), vec!["b"]),
        ("2026-03-09".to_owned(), vec!["a"]),
    ];
    assert_eq!(told, expected);
}

#[test]
fn words_read_back() {
    for state in State::ALL {
        assert_eq!(State::parse(state.as_str()), Some(state));
    }
    for verdict in Verdict::ALL {
        assert_eq!(Verdict::parse(verdict.as_str()), Some(verdict));
    }
    assert_eq!(reason(" 見本 "), Ok("見本".to_owned()));
    assert!(reason(" ").is_err() && reason(&"あ".repeat(1_001)).is_err());
}
