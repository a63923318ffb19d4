//! Every question has the answer that can be counted by hand.

use std::time::Duration;

use super::Fresh;
use super::sample::{HOUR, NOON, Said, detection, sent, stored, today};
use crate::Day;
use crate::detection::{Action, Severity};
use crate::detections::Detections;
use crate::questions::needle;
use crate::questions::search::{Place, Wanted};

pub(super) fn findings(fresh: &Fresh<'_>) {
    let db = fresh();
    let mut lines: Vec<Said> = (0..4)
        .map(|n| detection(NOON + i64::from(n), 0, n))
        .collect();
    lines.push(Said {
        device: 2,
        ..detection(NOON, 0, 1)
    });
    lines.push(detection(NOON, 2, 1));
    stored(&db, &[sent("a", "1", &lines), sent("b", "1", &lines[..1])]);
    let (found, count) = db.findings("a", today()).expect("an answer");
    let told: Vec<(&str, &str, i64, i64)> = (found.iter())
        .map(|one| {
            (
                one.device.as_str(),
                one.rule.as_str(),
                one.lines,
                one.last_us - one.first_us,
            )
        })
        .collect();
    let expected = [
        ("SN-a", "1:2000000", 4, 3),
        ("FG-2", "1:2000000", 1, 0),
        ("SN-a", "1:2000002", 1, 0),
    ];
    assert_eq!((told.as_slice(), count), (expected.as_slice(), 3));
    let sheet = db.sheet(today()).expect("an answer");
    let rows: Vec<(&str, i64, i64, i64)> = (sheet.iter())
        .map(|(id, total)| {
            (
                id.as_str(),
                total.detections,
                total.split.events,
                total.addresses,
            )
        })
        .collect();
    assert_eq!(rows, [("a", 6, 6, 5), ("b", 1, 1, 2)]);
    let tomorrow = db.sheet(Day(today().0 + 1)).expect("an answer");
    assert!(tomorrow.is_empty());
}

/// Three months of two companies, in blocks whose times overlap.
fn three_months(fresh: &Fresh<'_>) -> (Detections, Vec<(i64, u8, u8)>) {
    let db = fresh();
    let mut all = Vec::new();
    for part in 0..12i64 {
        let lines: Vec<Said> = (0..40i64)
            .map(|n| {
                let time = NOON - (n * 49 + part * 7) * HOUR;
                detection(
                    time,
                    ((n * 5 + part) % 11) as u8,
                    ((n + part * 3) % 23) as u8,
                )
            })
            .collect();
        all.extend(
            lines
                .iter()
                .map(|line| (line.time_us, line.rule, line.source)),
        );
        stored(
            &db,
            &[
                sent("a", &part.to_string(), &lines),
                sent("b", &part.to_string(), &lines),
            ],
        );
    }
    (db, all)
}

fn days() -> (Day, Day) {
    (Day(today().0 - 100), today())
}

pub(super) fn search(fresh: &Fresh<'_>) {
    let (db, all) = three_months(fresh);
    let by = |change: fn(&mut Wanted)| {
        let mut wanted = Wanted::all("a", days());
        change(&mut wanted);
        wanted
    };
    type Keep = fn(&(i64, u8, u8)) -> bool;
    let cases: [(Wanted, Keep); 9] = [
        (by(|_| {}), |_| true),
        (by(|w| w.rule = Some("1:2000004".into())), |one| one.1 == 4),
        (by(|w| w.severity_from = Severity::High), |one| {
            one.1 % 3 == 0
        }),
        (by(|w| w.action = Some(Action::Blocked)), |one| {
            one.1 % 2 == 0
        }),
        (by(|w| w.address = Some("203.0.113.6".into())), |one| {
            one.2 == 6
        }),
        (by(|w| w.address = Some("2001:DB8::8".into())), |one| {
            one.2 == 8
        }),
        (by(|w| w.user = Some("見本 太郎".into())), |one| {
            one.1 > 9
        }),
        (
            by(|w| w.text = Some("et sample 見本の検知 7".into())),
            |one| one.1 == 7,
        ),
        (by(|w| w.device = Some("SN-b".into())), |_| false),
    ];
    for (wanted, keep) in cases {
        let mut expected: Vec<(i64, u8)> = (all.iter())
            .filter(|one| keep(one))
            .map(|one| (one.0, one.1))
            .collect();
        expected.sort_unstable();
        for limit in [7, 200] {
            let mut found = Vec::new();
            let mut after: Option<Place> = None;
            loop {
                let page = db
                    .search(&wanted, after, limit, Duration::MAX)
                    .expect("a page");
                assert!(page.hits.len() <= limit && !page.out_of_time);
                for hit in &page.hits {
                    let place = Place {
                        time_us: hit.time_us,
                        number: hit.number,
                    };
                    assert!(after.is_none_or(|after| place < after), "{wanted:?}");
                    after = Some(place);
                    let rule: u32 = hit.rule[2..].parse().expect("a rule of ours");
                    found.push((hit.time_us, (rule - 2_000_000) as u8));
                }
                match page.next {
                    Some(next) => assert_eq!(Some(next), after),
                    None => break,
                }
            }
            found.sort_unstable();
            assert_eq!(found, expected, "{wanted:?} by {limit}");
        }
    }
}

pub(super) fn budget(fresh: &Fresh<'_>) {
    let (db, all) = three_months(fresh);
    let wanted = Wanted::all("a", days());
    let (mut found, mut after, mut pages) = (0, None, 0);
    loop {
        // No time at all: a block is read each time, so the walk ends.
        let page = db
            .search(&wanted, after, 50, Duration::ZERO)
            .expect("a page");
        assert!(
            page.hits
                .iter()
                .all(|hit| hit.time_us >= page.covered_from_us)
        );
        let newer = |time: i64| {
            time >= page.covered_from_us && after.is_none_or(|after: Place| time <= after.time_us)
        };
        let really = all.iter().filter(|one| newer(one.0)).count();
        if page.out_of_time {
            assert_eq!(page.hits.len(), really, "what is said to be covered is");
        }
        found += page.hits.len();
        pages += 1;
        after = page.next;
        if after.is_none() {
            assert_eq!(page.covered_from_us, days().0.start_us());
            break;
        }
    }
    assert_eq!(found, all.len());
    assert!(pages > 20, "{pages}");
}

pub(super) fn needle(fresh: &Fresh<'_>) {
    let (db, all) = three_months(fresh);
    for (address, source) in [
        ("203.0.113.6", 6),
        ("2001:db8::8", 8),
        ("pc-9.EXAMPLE.jp", 9),
    ] {
        let found = db.needle(address).expect("an answer");
        let times: Vec<i64> = all
            .iter()
            .filter(|one| one.2 == source)
            .map(|one| one.0)
            .collect();
        let days: std::collections::BTreeSet<Day> =
            times.iter().map(|time| Day::of(*time)).collect();
        assert_eq!(
            (found.companies, found.days),
            (2, 2 * days.len()),
            "{address}"
        );
        assert_eq!(found.events, 2 * times.len() as i64);
        assert!(
            found
                .met
                .iter()
                .all(|met| met.as_source && !met.as_destination)
        );
        assert!(found.met.is_sorted_by_key(|met| std::cmp::Reverse(met.day)));
    }
    let nothing = needle::Needle::default();
    for address in ["203.0.113.250", "host.example.jp", ""] {
        assert_eq!(db.needle(address).expect("an answer"), nothing);
    }
}
