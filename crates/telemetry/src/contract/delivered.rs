//! What sources delivered, and what nothing could read.

use super::Fresh;
use super::sample::{HOUR, NOON, Said, detection, sent, stored, today};
use crate::Day;
use crate::batch::Counts;
use crate::detection::Why;
use crate::questions::sources::Delivered;
use crate::questions::unread::Unread;

fn unknown(rule: u8) -> Said {
    Said {
        kind: 2,
        ..detection(NOON, rule, 0)
    }
}

pub(super) fn sources(fresh: &Fresh<'_>) {
    let db = fresh();
    let told = |company: &str| db.delivered(company).expect("an answer");
    assert_eq!(told("a"), []);
    let lines = [detection(NOON, 0, 2), unknown(0)];
    stored(&db, &[sent("a", "1", &lines), sent("b", "1", &lines)]);
    stored(&db, &[sent("a", "2", &[detection(NOON - HOUR, 1, 2)])]);
    let expected = Delivered {
        source: "source of a".to_owned(),
        counts: Counts {
            lines: 3,
            detections: 2,
            activities: 0,
            unknown: 1,
        },
        heard_us: NOON,
    };
    assert_eq!(told("a"), [expected]);
}

pub(super) fn unread_lines(fresh: &Fresh<'_>) {
    let db = fresh();
    let day = (today(), today());
    let told = |company: &str, days, limit| db.unread(company, days, limit).expect("an answer");
    assert_eq!(told("a", day, 9), Unread::default());
    let lines = [unknown(0), detection(NOON, 0, 2), unknown(1), unknown(2)];
    stored(&db, &[sent("a", "1", &lines), sent("b", "1", &lines)]);
    let found = told("a", day, 9);
    assert_eq!(found.counts, [(Why::Format, 2), (Why::Broken, 1)]);
    assert_eq!(found.newest.len(), 3);
    for (entry, raw) in &found.newest {
        assert!(entry.why.is_some());
        assert!(
            raw.as_ref()
                .is_some_and(|raw| raw.starts_with(b"{\"sample\""))
        );
    }
    assert_eq!(told("a", day, 2).newest.len(), 2);
    let before = (Day(today().0 - 9), Day(today().0 - 1));
    assert_eq!(told("a", before, 9), Unread::default());
}

pub(super) fn words(fresh: &Fresh<'_>) {
    let db = fresh();
    let told = |company: &str| {
        let words = db.unknown_words(company).expect("an answer").into_iter();
        words
            .map(|one| (one.field, one.word, one.lines))
            .collect::<Vec<_>>()
    };
    assert_eq!(told("a"), []);
    // Every second rule does what no table knows, every third is graded so.
    let lines = [0, 1, 2, 3, 5].map(|rule| detection(NOON, rule, 2));
    stored(&db, &[sent("a", "1", &lines), sent("b", "1", &lines[..2])]);
    stored(&db, &[sent("a", "2", &lines[1..])]);
    let word = |field: &str, word: &str, lines| (field.to_owned(), word.to_owned(), lines);
    let of_a = [word("action", "pondered", 6), word("severity", "7", 4)];
    assert_eq!(told("a"), of_a);
    assert_eq!(told("b"), [word("action", "pondered", 1)]);
}
