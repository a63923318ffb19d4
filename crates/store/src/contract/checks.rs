//! The daily check: what is said of a company's day, judgements, suppressions, and findings at the desk.

use std::sync::Arc;

use jiff::civil::{Date, date};
use sonae_core::detection_check::group::Group;
use sonae_core::detection_check::suppression::Suppression;
use sonae_core::detection_check::verdict::Verdict;
use sonae_core::detection_check::{Seen, State};
use sonae_core::program::Program;
use sonae_db::{Db, Tx};

use super::{Fresh, now, office, receive, submission};
use crate::desk_finding::{self, Finding, Stage, Wanted};
use crate::finding_judgement::{self, Judgement};
use crate::intake::Answer;
use crate::suppression::{self, Kept};
use crate::{StoreError, check_day, staff};

const DAY: Date = date(2026, 3, 9);

fn company(fresh: &Fresh<'_>, program: &Arc<Program>) -> (Db, String) {
    let (db, program) = office(fresh, program);
    let answers = receive(&db, &[submission(&program, 1)]).expect("received");
    let Answer::Received(arrival) = &answers[0] else {
        panic!("not received");
    };
    (db, arrival.application_id.clone())
}

fn group() -> Group {
    Group {
        device: "SN-1".into(),
        rule: "1:1".into(),
        title: "見本の検知".into(),
        category: "malware".into(),
        severity: 5,
        action: 3,
    }
}

pub(super) fn days(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let (db, company) = company(fresh, program);
    let seen = Seen {
        lines: 3,
        groups: 1,
        sha256: "a".into(),
    };
    let new = |state, note| check_day::New {
        application_id: &company,
        day: DAY,
        state,
        note,
        by: "staff:a",
        at: now(),
        seen: &seen,
        log_index: 0,
    };
    db.write(|tx| {
        assert_eq!(check_day::find(tx, &company, DAY)?, None);
        assert_eq!(check_day::save(tx, &new(State::Review, "見る"), None)?, 1);
        let first = check_day::find(tx, &company, DAY)?.expect("saved");
        assert_eq!((first.state, first.version), (State::Review, 1));
        assert_eq!((&first.seen, first.is_late()), (&seen, false));
        let quiet = new(State::Quiet, "");
        assert_eq!(check_day::save(tx, &quiet, Some(&first))?, 2);
        let companies = [company.clone(), "nobody".to_owned()];
        assert_eq!(check_day::sign(tx, DAY, &companies, "staff:b", now())?, 1);
        assert_eq!(check_day::sign(tx, DAY, &companies, "staff:c", now())?, 0);
        let signed = check_day::find(tx, &company, DAY)?.expect("saved");
        assert_eq!(signed.signed, Some(("staff:b".to_owned(), now())));
        late(tx, &company)?;
        // What is said of a signed day corrects it, and the former entries stay.
        let corrected = new(State::Review, "見直し");
        assert_eq!(check_day::save(tx, &corrected, Some(&signed))?, 3);
        let now_said = check_day::of_day(tx, DAY)?.remove(&company).expect("saved");
        assert_eq!(now_said.signed, Some(("staff:a".to_owned(), now())));
        assert_eq!((now_said.is_late(), now_said.lines_gone), (false, 0));
        let history = check_day::history(tx, &company, DAY)?;
        let told: Vec<_> = (history.iter())
            .map(|said| (said.version, said.state, said.corrects))
            .collect();
        let expected = [
            (1, State::Review, false),
            (2, State::Quiet, false),
            (3, State::Review, true),
        ];
        assert_eq!(told, expected);
        reminded(tx)
    })
    .expect("written");
}

/// Lines that come after a signature are noted once.
fn late(tx: &mut Tx, company: &str) -> Result<(), StoreError> {
    assert!(check_day::compare(tx, company, DAY, 5)?);
    assert!(!check_day::compare(tx, company, DAY, 5)?);
    let late = vec![(company.to_owned(), DAY, true)];
    assert_eq!(check_day::signed_since(tx, DAY)?, late);
    assert_eq!(check_day::signed_since(tx, date(2026, 3, 10))?, []);
    // Of three lines that were seen none is kept any more, and then two come.
    for (now, gone, is_late) in [(0, 3, false), (2, 3, true), (1, 3, true), (0, 3, false)] {
        assert!(check_day::compare(tx, company, DAY, now)?);
        let found = check_day::find(tx, company, DAY)?.expect("saved");
        assert_eq!(
            (found.lines_gone, found.is_late()),
            (gone, is_late),
            "{now}"
        );
        let late = vec![(company.to_owned(), DAY, is_late)];
        assert_eq!(check_day::signed_since(tx, DAY)?, late, "{now}");
    }
    Ok(())
}

/// A person is reminded of a day once.
fn reminded(tx: &mut Tx) -> Result<(), StoreError> {
    let person = staff::NewStaff {
        id: "s",
        email: "s@example.jp",
        name: "見本",
        role: sonae_core::access::StaffRole::Technician,
    };
    staff::add(tx, &person, now())?;
    assert!(check_day::remind(tx, DAY, "s", now())?);
    assert!(!check_day::remind(tx, DAY, "s", now())?);
    Ok(())
}

pub(super) fn findings(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let (db, company) = company(fresh, program);
    let judgement = |version, verdict| Judgement {
        day: DAY,
        group: group(),
        version,
        verdict,
        reason: "見本".into(),
        by: "staff:a".into(),
        at: now(),
    };
    let group = group();
    let new = desk_finding::New {
        application_id: &company,
        day: DAY,
        group: &group,
        verdict: Verdict::TruePositive,
        words: "遮断されていません。",
        evidence: ("{}", "hash"),
        by: "staff:a",
        at: now(),
    };
    db.write(|tx| {
        finding_judgement::add(tx, &company, &judgement(1, Verdict::Suspicious), 0)?;
        finding_judgement::add(tx, &company, &judgement(2, Verdict::TruePositive), 1)?;
        let of_day = finding_judgement::of_day(tx, &company, DAY)?;
        let counts = judgement(2, Verdict::TruePositive);
        assert_eq!(of_day.get(&group.key()), Some(&counts));
        let of_rule = finding_judgement::of_rule(tx, &company, "1:1", 9)?;
        assert_eq!(of_rule, [counts, judgement(1, Verdict::Suspicious)]);
        assert_eq!(finding_judgement::of_rule(tx, &company, "1:2", 9)?, []);
        let number = desk_finding::next_number(tx)?;
        assert_eq!(number, 1);
        desk_finding::add(tx, number, &new, 2)?;
        assert_eq!(desk_finding::next_number(tx)?, 2);
        let (found, evidence) = desk_finding::find(tx, 1)?.expect("made");
        assert_eq!((found.stage, &*evidence), (Stage::Open, "{}"));
        assert_eq!(
            desk_finding::of_day(tx, &company, DAY)?,
            std::slice::from_ref(&found)
        );
        listed(tx, &found)?;
        assert!(
            !desk_finding::close(tx, 1, "見本", "staff:b", now())?,
            "nobody took it"
        );
        assert!(desk_finding::take(tx, 1, "staff:b", now())?);
        assert!(!desk_finding::take(tx, 1, "staff:c", now())?);
        assert_eq!(desk_finding::not_closed(tx)?, 1);
        assert!(desk_finding::close(tx, 1, "見本", "staff:b", now())?);
        assert_eq!(desk_finding::not_closed(tx)?, 0);
        let (closed, _) = desk_finding::find(tx, 1)?.expect("made");
        assert_eq!((closed.stage, &*closed.closing), (Stage::Closed, "見本"));
        Ok::<_, StoreError>(())
    })
    .expect("written");
    let twice = db.write(|tx| desk_finding::add(tx, 2, &new, 3));
    assert!(twice.is_err(), "a group of a day is handed on once");
}

/// The only finding, an open one, is listed by what is wanted.
fn listed(tx: &mut Tx, found: &Finding) -> Result<(), StoreError> {
    for (stage, number, before, there) in [
        (Some(Stage::Open), None, 9, true),
        (Some(Stage::Closed), None, 9, false),
        (None, Some(&*found.receipt_number), 9, true),
        (Some(Stage::Open), Some("none"), 9, false),
        (None, None, 1, false),
    ] {
        let wanted = Wanted {
            stage,
            receipt_number: number.map(str::to_owned),
        };
        let listed = desk_finding::list(tx, &wanted, before, 9)?;
        let expected = [found].into_iter().filter(|_| there);
        assert!(listed.iter().eq(expected), "{wanted:?} before {before}");
    }
    Ok(())
}

pub(super) fn suppressions(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let (db, company) = company(fresh, program);
    let kept = Kept {
        id: "a".into(),
        what: Suppression {
            company: Some(company.clone()),
            device: None,
            rule: "1:1".into(),
            title: "見本の検知".into(),
            category: Some("malware".into()),
            severity: 3,
            action: 3,
            from: DAY,
            until: date(2026, 4, 9),
            ended: None,
        },
        reason: "点検".into(),
        owner: "staff:a".into(),
        created_at: now(),
        ended: None,
        hidden: 0,
        last: None,
    };
    db.write(|tx| {
        suppression::add(tx, &kept)?;
        let named = suppression::company(tx, &company)?.expect("a company");
        assert_eq!((&*named.status, named.assignee), ("open", None));
        assert_eq!(suppression::company(tx, "nobody")?, None);
        assert_eq!(suppression::find(tx, "a")?, Some(kept.clone()));
        assert_eq!(suppression::since(tx, date(2026, 4, 10))?, []);
        let next = date(2026, 3, 10);
        suppression::hit(tx, "a", &company, DAY, 5)?;
        suppression::hit(tx, "a", &company, DAY, 7)?;
        suppression::hit(tx, "a", &company, next, 0)?;
        let hidden = suppression::since(tx, DAY)?;
        assert_eq!((hidden[0].hidden, hidden[0].last), (7, Some(DAY)));
        // As they were kept before their category was.
        let mut old = kept.clone();
        (old.id, old.what.category) = ("b".into(), None);
        suppression::add(tx, &old)?;
        assert_eq!(suppression::find(tx, "b")?, Some(old));
        assert!(suppression::end(tx, "a", next, "staff:b", now())?);
        assert!(!suppression::end(tx, "a", next, "staff:b", now())?);
        let ended = suppression::find(tx, "a")?.expect("kept");
        assert_eq!(ended.what.ended, Some(next));
        assert_eq!(ended.ended, Some(("staff:b".to_owned(), now())));
        Ok::<_, StoreError>(())
    })
    .expect("written");
}
