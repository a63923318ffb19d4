//! What goes is gone, and what stays still fits together.

use super::sample::{HOUR, NOON, Said, detection, sent, stored, today};
use super::{Fresh, count, open, read, sound};
use crate::retention::{self, Keep, Removed};
use crate::{Day, Dictionary, TelemetryError, export, forget, ingest};

fn days(number: i64) -> i64 {
    number * 24 * HOUR
}

pub(super) fn forgotten(fresh: &Fresh<'_>) {
    let db = open(fresh);
    let shared = detection(NOON, 0, 2);
    let own = Said {
        device: 7,
        ..detection(NOON, 21, 1)
    };
    let mut dictionary = Dictionary::default();
    let mut store = |company: &str, id: &str, lines: &[Said]| {
        ingest::store(&db, &mut dictionary, &[sent(company, id, lines)]).expect("stored")
    };
    store(
        "a",
        "1",
        &[
            shared.clone(),
            own.clone(),
            Said {
                kind: 1,
                ..own.clone()
            },
            Said {
                kind: 2,
                ..own.clone()
            },
        ],
    );
    store("b", "1", std::slice::from_ref(&shared));
    let before = sound(&db);
    let proof = forget::forget(&db, "a").expect("forgotten");
    assert_eq!(
        (proof.before["block"], proof.before["source"], proof.rules),
        (2, 1, 1),
        "{proof:?}"
    );
    assert!(
        proof.before.values().filter(|rows| **rows == 0).count() <= 1,
        "{proof:?}"
    );
    assert!(proof.after.values().all(|rows| *rows == 0), "{proof:?}");
    let after = sound(&db);
    assert_eq!(
        (after.companies, after.detections),
        (before.companies - 1, 1)
    );
    // A node that knew the old numbers does not use them; the same batch may come again, since nothing is known of it.
    store("b", "2", std::slice::from_ref(&own));
    store("a", "1", std::slice::from_ref(&shared));
    assert_eq!(sound(&db).detections, 3);
    assert_eq!(
        forget::forget(&db, "nobody").expect("nothing to do"),
        forget::Proof::default()
    );
}

pub(super) fn by_age(fresh: &Fresh<'_>) {
    let db = open(fresh);
    let lines: Vec<Said> = (0..120i64)
        .flat_map(|n| {
            [0, 1, 2].map(|kind| Said {
                kind,
                ..detection(NOON - days(n), n as u8, n as u8)
            })
        })
        .collect();
    stored(&db, &[sent("a", "1", &lines), sent("b", "1", &lines)]);
    let before = sound(&db);
    let keep = Keep {
        line_days: 30,
        days: 60,
    };
    let removed = retention::by_age(&db, today(), keep).expect("removed");
    // Today is 10 March: November and December of each company are older than 60 days, January is not as a whole.
    assert_eq!(removed.months, 4, "{removed:?}");
    let after = sound(&db);
    assert!(
        after.detections < before.detections && after.raw_lines < after.detections + after.unknown
    );
    assert_eq!(after.detections, 2 * (10 + 28 + 31));
    assert_eq!(
        retention::by_age(&db, today(), keep).expect("again"),
        Removed::default()
    );
    assert_eq!(sound(&db), after);
    stored(&db, &[sent("a", "late", &lines)]);
    sound(&db);
}

pub(super) fn by_size(fresh: &Fresh<'_>) {
    let db = open(fresh);
    let lines: Vec<Said> = (0..90)
        .map(|n| detection(NOON - days(n), n as u8, n as u8))
        .collect();
    stored(&db, &[sent("a", "1", &lines)]);
    let all = retention::stored(&db).expect("a size");
    let removed = retention::by_size(&db, today(), all).expect("nothing to do");
    assert_eq!(removed, Removed::default());
    let removed = retention::by_size(&db, today(), all * 9 / 10).expect("removed");
    assert!(removed.lines > 0 && removed.months == 0, "{removed:?}");
    assert!(retention::stored(&db).expect("a size") <= all * 9 / 10);
    assert_eq!(sound(&db).detections, 90);
    retention::by_size(&db, today(), 0).expect("removed");
    // The running month stays, whatever the size.
    assert_eq!(sound(&db).detections, 10);
    assert_eq!(count(&db, "block_line"), 10);
}

pub(super) fn exported(fresh: &Fresh<'_>) {
    let db = open(fresh);
    let lines: Vec<Said> = (0..50)
        .map(|n| detection(NOON - days(n), n as u8, n as u8))
        .collect();
    stored(&db, &[sent("a", "1", &lines), sent("b", "1", &lines)]);
    let mut raw = Vec::new();
    read(&db, |tx| {
        raw.clear();
        export::lines(tx, "a", (Day(today().0 - 60), today()), |_, line| {
            raw.push(String::from_utf8_lossy(line.unwrap_or_default()).into_owned());
            Ok::<(), TelemetryError>(())
        })
    });
    let mut expected: Vec<String> = lines.iter().map(Said::raw).collect();
    expected.reverse();
    assert_eq!(raw, expected);
}
