//! What goes is gone, and what stays still fits together.

use super::sample::{HOUR, NOON, Said, detection, sent, stored, stored_in, today};
use super::{Fresh, FreshDatabase, count, open, sound, whole};
use crate::retention::{self, Keep, Removed};
use crate::{Day, TelemetryError, forget};

fn days(number: i64) -> i64 {
    number * 24 * HOUR
}

pub(super) fn forgotten(fresh: &Fresh<'_>) {
    let db = fresh();
    let shared = detection(NOON, 0, 2);
    let own = Said {
        device: 7,
        ..detection(NOON, 21, 1)
    };
    let store = |company: &str, id: &str, lines: &[Said]| {
        stored(&db, &[sent(company, id, lines)]);
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
    let before = whole(&db);
    let proof = db.forget("a").expect("forgotten");
    assert_eq!(
        (proof.before["block"], proof.before["batch"]),
        (2, 1),
        "{proof:?}"
    );
    assert!(proof.after.values().all(|rows| *rows == 0), "{proof:?}");
    let after = whole(&db);
    assert_eq!(
        (after.companies, after.detections),
        (before.companies - 1, 1)
    );
    // A node that knew the old numbers does not use them; the same batch may come again, since nothing is known of it.
    store("b", "2", std::slice::from_ref(&own));
    store("a", "1", std::slice::from_ref(&shared));
    assert_eq!(whole(&db).detections, 3);
    let nobody = db.forget("nobody").expect("nothing to do");
    assert_eq!(nobody, forget::Proof::default());
}

pub(super) fn by_age(fresh: &Fresh<'_>) {
    let db = fresh();
    let lines: Vec<Said> = (0..120i64)
        .flat_map(|n| {
            [0, 1, 2].map(|kind| Said {
                kind,
                ..detection(NOON - days(n), n as u8, n as u8)
            })
        })
        .collect();
    stored(&db, &[sent("a", "1", &lines), sent("b", "1", &lines)]);
    let before = whole(&db);
    let keep = Keep {
        line_days: 30,
        days: 60,
    };
    let removed = db.by_age(today(), keep).expect("removed");
    // Today is 10 March: November and December of each company are older than 60 days, January is not as a whole.
    assert_eq!(removed.months, 4, "{removed:?}");
    let after = whole(&db);
    assert!(
        after.detections < before.detections && after.raw_lines < after.detections + after.unknown
    );
    assert_eq!(after.detections, 2 * (10 + 28 + 31));
    assert_eq!(db.by_age(today(), keep).expect("again"), Removed::default());
    assert_eq!(whole(&db), after);
    stored(&db, &[sent("a", "late", &lines)]);
    whole(&db);
}

pub(super) fn by_size(fresh: &FreshDatabase<'_>) {
    let db = open(fresh);
    let lines: Vec<Said> = (0..90)
        .map(|n| detection(NOON - days(n), n as u8, n as u8))
        .collect();
    stored_in(&db, &[sent("a", "1", &lines)]);
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
    let db = fresh();
    let lines: Vec<Said> = (0..50)
        .map(|n| detection(NOON - days(n), n as u8, n as u8))
        .collect();
    stored(&db, &[sent("a", "1", &lines), sent("b", "1", &lines)]);
    let mut raw = Vec::new();
    let days = (Day(today().0 - 60), today());
    let walked = db.lines("a", days, |_, line| {
        raw.push(String::from_utf8_lossy(line.unwrap_or_default()).into_owned());
        Ok::<(), TelemetryError>(())
    });
    walked.expect("lines");
    let mut expected: Vec<String> = lines.iter().map(Said::raw).collect();
    expected.reverse();
    assert_eq!(raw, expected);
}
