//! What goes is gone, and what stays still fits together.

use super::sample::{HOUR, NOON, Said, detection, sent, stored, today};
use super::{Fresh, whole};
use crate::retention::{Keep, Removed, Until};
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
    let removed = db.by_age(Until::today(today()), keep).expect("removed");
    // Today is 10 March: November and December of each company are older than 60 days, January is not as a whole.
    assert_eq!(removed.months, 4, "{removed:?}");
    let after = whole(&db);
    assert!(
        after.detections < before.detections && after.raw_lines < after.detections + after.unknown
    );
    assert_eq!(after.detections, 2 * (10 + 28 + 31));
    assert_eq!(
        db.by_age(Until::today(today()), keep).expect("again"),
        Removed::default()
    );
    assert_eq!(whole(&db), after);
    stored(&db, &[sent("a", "late", &lines)]);
    whole(&db);
}

pub(super) fn by_size(fresh: &Fresh<'_>) {
    let db = fresh();
    let lines: Vec<Said> = (0..90)
        .map(|n| detection(NOON - days(n), n as u8, n as u8))
        .collect();
    stored(&db, &[sent("a", "1", &lines)]);
    let until = Until::today(today());
    let all = db.stored().expect("a size");
    let removed = db.by_size(until, all).expect("nothing to do");
    assert_eq!(removed, Removed::default());
    let removed = db.by_size(until, all * 9 / 10).expect("removed");
    assert!(removed.lines > 0 && removed.months == 0, "{removed:?}");
    assert!(db.stored().expect("a size") <= all * 9 / 10);
    assert_eq!(whole(&db).detections, 90);
    db.by_size(until, 0).expect("removed");
    // The running month stays, whatever the size.
    let left = whole(&db);
    assert_eq!((left.detections, left.raw_lines), (10, 10));
    assert_eq!(db.by_size(until, 0).expect("again"), Removed::default());
}

/// Somebody has to look at the 20th of January yet: neither age nor size takes it, nor what is younger.
pub(super) fn needed(fresh: &Fresh<'_>) {
    let db = fresh();
    let lines: Vec<Said> = (0..120i64)
        .map(|n| detection(NOON - days(n), n as u8, n as u8))
        .collect();
    stored(&db, &[sent("a", "1", &lines)]);
    let keep = Keep {
        line_days: 10,
        days: 10,
    };
    let until = Until {
        today: today(),
        needed: Day(today().0 - 49),
    };
    db.by_age(until, keep).expect("removed");
    let left = whole(&db);
    // 31 of January, 28 of February, 10 of March; lines from the 20th of January on.
    assert_eq!((left.detections, left.raw_lines), (69, 50));
    let removed = db.by_size(until, 0).expect("nothing that may go");
    assert_eq!(removed, Removed::default());
    assert_eq!(whole(&db), left);
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
