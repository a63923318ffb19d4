//! Batches are stored once, together or not at all.

use sonae_db::{Db, DbError, Kind};

use super::sample::{HOUR, NOON, Said, batch, detection, sent, stored, stored_in, today};
use super::{Fresh, FreshDatabase, count, open, read, sound, whole};
use crate::batch::{Counts, Origin};
use crate::block::Packer;
use crate::detection::{Action, Severity, Why};
use crate::detections::Detections;
use crate::ingest::{Answer, store, store_each};
use crate::questions::search::Wanted;
use crate::{Dictionary, TelemetryError, gather};

fn lines() -> Vec<Said> {
    let mut lines: Vec<Said> = (0..20)
        .map(|n| detection(NOON - i64::from(n) * HOUR, n, n))
        .collect();
    lines.push(Said {
        kind: 1,
        ..lines[0].clone()
    });
    lines.push(Said {
        kind: 2,
        ..lines[0].clone()
    });
    lines
}

pub(super) fn once(fresh: &Fresh<'_>) {
    let db = fresh();
    let counts = Counts {
        lines: 22,
        detections: 20,
        activities: 1,
        unknown: 1,
    };
    let group = || {
        [
            sent("a", "1", &lines()),
            sent("a", "1", &lines()),
            sent("b", "1", &lines()),
        ]
    };
    let expected = [
        Answer::Stored(counts),
        Answer::Before(counts),
        Answer::Stored(counts),
    ];
    assert_eq!(stored(&db, &group()), expected);
    let report = whole(&db);
    assert_eq!(
        (report.detections, report.unknown, report.raw_lines),
        (40, 2, 42)
    );
    let again = stored(&db, &group());
    assert!(again.iter().all(|answer| *answer == Answer::Before(counts)));
    // Another content under the same id is neither stored nor answered as if it were.
    assert_eq!(
        stored(&db, &[sent("a", "1", &lines()[..3])]),
        [Answer::Conflict]
    );
    assert_eq!(whole(&db), report);
}

pub(super) fn files(fresh: &Fresh<'_>) {
    let db = fresh();
    let part = |from, to, lines: &[Said]| {
        let file = "eve.json 8:77".to_owned();
        batch("a", Origin::Read { file, from, to }, lines)
    };
    let lines = lines();
    let answers = stored(
        &db,
        &[part(0, 100, &lines[..5]), part(100, 250, &lines[5..9])],
    );
    assert!(
        answers
            .iter()
            .all(|answer| matches!(answer, Answer::Stored(_))),
        "{answers:?}"
    );
    let report = whole(&db);
    assert_eq!(report.detections, 9);
    // Read again from the beginning, or from beyond what was read: nothing is stored, and where to go on is told.
    for from in [0, 100, 300] {
        assert_eq!(
            stored(&db, &[part(from, 400, &lines)]),
            [Answer::ReadTo(250)]
        );
    }
    assert_eq!(whole(&db), report);
    let position = |file| db.read_to("source of a", file).expect("a position");
    assert_eq!(
        (position("eve.json 8:77"), position("eve.json 8:78")),
        (250, 0)
    );
}

pub(super) fn failures(fresh: &FreshDatabase<'_>) {
    let db = open(fresh);
    let mut dictionary = Dictionary::default();
    store(&db, &mut dictionary, &[sent("a", "1", &lines())]).expect("stored");
    let before = sound(&db);
    // The process dies before the commit: what the transaction learned must not be believed afterwards.
    let group = [sent("new", "2", &lines()), sent("a", "2", &lines())];
    let died: Result<(), TelemetryError> = db.write(|tx| {
        let mut learning = crate::dictionary::Learning::begin(&dictionary, tx)?;
        crate::ingest::within(tx, &mut learning, &group)?;
        Err(DbError::new(Kind::Other, "the plug is pulled").into())
    });
    assert!(died.is_err());
    assert_eq!(sound(&db), before);
    store(&db, &mut dictionary, &group).expect("stored after all");
    assert_eq!(sound(&db).detections, before.detections + 40);
}

pub(super) fn one_bad(fresh: &FreshDatabase<'_>) {
    let db = open(fresh);
    let mut bad = sent("a", "2", &lines()[..20]);
    // More entries than a company can count, which either engine refuses: it stands for whatever one batch may bring.
    bad.blocks.truncate(1);
    bad.blocks[0].2.entries = i64::MAX as usize;
    let mut dictionary = Dictionary::default();
    let group = [
        sent("a", "1", &lines()),
        bad,
        sent("b", "1", &lines()),
        sent("a", "2", &lines()),
    ];
    let answers = store_each(&db, &mut dictionary, &group);
    let told: Vec<bool> = answers.iter().map(Result::is_ok).collect();
    assert_eq!(told, [true, false, true, true]);
    // Nothing of the bad one stayed, so the same batch could be stored whole.
    assert!(matches!(answers[3], Ok(Answer::Stored(_))));
    assert_eq!(sound(&db).detections, 60);
}

pub(super) fn two_nodes(fresh: &Fresh<'_>) {
    let (db, other) = (fresh(), fresh());
    let store_all = |db: &Detections, node: usize| {
        for n in 0..8 {
            // Half of the batches are sent to both nodes.
            let id = format!("{}", if n % 2 == 0 { n } else { n + 100 * node });
            let company = format!("company {}", n % 3);
            stored(db, &[sent(&company, &id, &lines())]);
        }
    };
    std::thread::scope(|scope| {
        scope.spawn(|| store_all(&db, 1));
        scope.spawn(|| store_all(&other, 2));
    });
    assert_eq!(whole(&db).detections, 20 * 12);
}

pub(super) fn entries(fresh: &Fresh<'_>) {
    let db = fresh();
    let mut lines = lines();
    // A clock that went back to its beginning.
    lines.push(Said {
        time_us: 0,
        ..detection(0, 12, 12)
    });
    stored(&db, &[sent("a", "1", &lines)]);
    let wanted = Wanted::all("a", (today(), today()));
    let page = db.search(&wanted, None, 100, std::time::Duration::MAX);
    let page = page.expect("a page");
    let odd = page
        .hits
        .iter()
        .find(|hit| hit.device_us == Some(0))
        .expect("the doubtful one");
    assert_eq!((odd.time_us, odd.received_us, odd.count), (NOON, NOON, 1));
    assert_eq!(
        (odd.severity, odd.action, &*odd.said),
        (Severity::High, Action::Blocked, "dropped")
    );
    assert_eq!(
        (odd.user.as_deref(), odd.country.as_deref()),
        (Some("見本 太郎"), Some("NL"))
    );
    assert_eq!(
        (odd.source_port, odd.destination_port),
        (Some(40_012), None)
    );
    let line = db.line("a", today(), odd.number).expect("an answer");
    let (entry, raw) = line.expect("the line");
    assert_eq!(
        (&entry, raw.expect("its raw text")),
        (odd, lines[22].raw().into_bytes())
    );
    let mut unknown = None;
    let lines_of_today = db.lines("a", (today(), today()), |entry, raw| {
        if entry.why.is_some() {
            unknown = Some((entry.why, raw.map(<[u8]>::to_vec)));
        }
        Ok::<(), TelemetryError>(())
    });
    lines_of_today.expect("lines");
    assert_eq!(
        unknown,
        Some((Some(Why::Format), Some(lines[21].raw().into_bytes())))
    );
}

pub(super) fn gathered(fresh: &FreshDatabase<'_>) {
    let db = open(fresh);
    for n in 0..12 {
        stored_in(&db, &[sent("a", &n.to_string(), &lines())]);
    }
    assert_eq!(count(&db, "unknown_word"), 2);
    let before = sound(&db);
    let all = |db: &Db| {
        let mut all = Vec::new();
        read(db, |tx| {
            all.clear();
            let days = (crate::Day(today().0 - 1), today());
            crate::export::lines(tx, "a", days, |entry, raw| {
                all.push((entry.number, entry.clone(), raw.map(<[u8]>::to_vec)));
                Ok::<(), TelemetryError>(())
            })
        });
        all.sort_by_key(|(number, _, _)| *number);
        all
    };
    let lines_before = all(&db);
    assert_eq!(lines_before.len(), 12 * 21);
    let fewer = gather::day(&db, today(), &mut Packer::new()).expect("gathered");
    assert_eq!(fewer, 22);
    assert_eq!(all(&db), lines_before);
    let after = sound(&db);
    assert_eq!(after.blocks, before.blocks - 22);
    assert_eq!(
        (after.detections, after.raw_lines),
        (before.detections, before.raw_lines)
    );
    assert_eq!(
        gather::day(&db, today(), &mut Packer::new()).expect("nothing left"),
        0
    );
}
