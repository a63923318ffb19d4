//! The papers of a case: answers with their history, states, versions that never change, comments, changed words, files.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use sonae_core::paper::desk::State;
use sonae_core::program::Program;
use sonae_db::Db;

use super::{Fresh, count, now, office, receive, submission};
use crate::paper_answer::{self, Save};
use crate::paper_attachment::{self, Added, Attachment, MOST_FILES};
use crate::paper_comment::{self, Comment};
use crate::paper_own_text::{self, OwnText};
use crate::paper_version::{self, End, New, Which};
use crate::{StoreError, paper};

/// An office with one application; its id.
fn case(fresh: &Fresh<'_>, program: &Arc<Program>) -> (Db, String) {
    let (db, program) = office(fresh, program);
    let one = submission(&program, 1);
    let id = one.application_id.clone();
    receive(&db, &[one]).expect("received");
    (db, id)
}

fn later(minutes: i64) -> Timestamp {
    now() + SignedDuration::from_mins(minutes)
}

fn write<T>(db: &Db, work: impl Fn(&mut sonae_db::Tx) -> Result<T, StoreError>) -> T {
    db.write(work).expect("written")
}

pub(super) fn answers(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let (db, id) = case(fresh, program);
    let save = |values: &[(&str, Option<serde_json::Value>)], by: &str, at| {
        let values: Vec<_> = (values.iter())
            .map(|(question, value)| ((*question).to_owned(), value.clone()))
            .collect();
        let save = Save {
            application_id: &id,
            values: &values,
            by,
            at,
        };
        write(&db, |tx| paper_answer::save(tx, save))
    };
    let current = || db.read(|tx| paper_answer::current(tx, &id)).expect("read");
    assert_eq!(current().sequence, 0);
    let rows = json!([{ "id": "r1", "name": "髙﨑" }]);
    let first = [
        ("people", Some(rows.clone())),
        ("telework", Some(json!(true))),
    ];
    assert_eq!(save(&first, "company", now()), Some(1));
    assert_eq!(save(&[("telework", None)], "staff:a", later(1)), Some(2));
    let found = current();
    assert_eq!(
        (found.sequence, found.values.get("people")),
        (2, Some(&rows))
    );
    assert_eq!(found.values.get("telework"), None);
    let emptied = &found.changed["telework"];
    assert_eq!(
        (emptied.sequence, emptied.by.as_str(), emptied.at),
        (2, "staff:a", later(1))
    );
    let as_of = |sequence| {
        db.read(|tx| paper_answer::as_of(tx, &id, "telework", sequence))
            .expect("read")
    };
    assert_eq!(
        [as_of(0), as_of(1), as_of(2)],
        [None, Some(json!(true)), None]
    );
    let history = |question| {
        let found = db.read(|tx| paper_answer::history(tx, &id, question, 10));
        let found = found.expect("read").into_iter();
        found
            .map(|change| (change.question, change.sequence))
            .collect::<Vec<_>>()
    };
    let of = |question: &str, sequence| (question.to_owned(), sequence);
    assert_eq!(history(Some("people")), [of("people", 1)]);
    assert_eq!(
        history(None),
        [of("telework", 2), of("people", 1), of("telework", 1)]
    );
}

pub(super) fn versions(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let (db, id) = case(fresh, program);
    let state = || {
        db.read(|tx| paper::state(tx, &id, "basic-policy"))
            .expect("read")
    };
    assert_eq!(state(), State::BEGIN);
    for next in [
        State::InReview { version: 1 },
        State::Accepted { version: 1 },
    ] {
        write(&db, |tx| paper::save(tx, &id, "basic-policy", next, now()));
        assert_eq!(state(), next);
    }
    assert_eq!(count(&db, "paper"), 1);
    never_change(&db, &id);
}

fn never_change(db: &Db, id: &str) {
    let add = |version, pdf: Option<&'static [u8]>| {
        db.write(|tx| {
            let new = New {
                application_id: id,
                kind: "basic-policy",
                version,
                at: now(),
                by: "staff:a",
                note: "ご確認ください。",
                sequence: 3,
                answers: "{}",
                document: "{\"title\":\"髙\"}",
                edition: "1",
                pdf,
                document_sha256: "ab",
                pdf_sha256: pdf.map(|_| "cd"),
            };
            paper_version::add(tx, new)
        })
    };
    add(1, Some(b"%PDF")).expect("stored");
    assert!(add(1, None).is_err(), "a version is made once");
    add(2, None).expect("stored");
    let which = |version| Which {
        application_id: id,
        kind: "basic-policy",
        version,
    };
    let end = |how, reason: &str| {
        write(db, |tx| {
            paper_version::end(tx, which(1), (how, reason), "company", later(5))
        })
    };
    assert!(end(End::Returned, "第5条"));
    assert!(!end(End::Accepted, ""), "a review ends once");
    let (first, document) = db
        .read(|tx| paper_version::find(tx, which(1)))
        .expect("read")
        .expect("there");
    assert_eq!(document, "{\"title\":\"髙\"}");
    let ended = first.end.expect("ended");
    assert_eq!(
        (
            ended.how,
            ended.by.as_str(),
            ended.reason.as_str(),
            ended.at
        ),
        (End::Returned, "company", "第5条", later(5))
    );
    let pdf = |version| {
        db.read(|tx| paper_version::pdf(tx, which(version)))
            .expect("read")
    };
    assert_eq!(
        (pdf(1), pdf(2), pdf(3)),
        (Some(b"%PDF".to_vec()), None, None)
    );
    let all = db
        .read(|tx| paper_version::of_application(tx, id))
        .expect("read");
    let numbers: Vec<u32> = all.iter().map(|version| version.version).collect();
    assert_eq!((numbers, all[0].end.is_none()), (vec![2, 1], true));
    let one = db
        .read(|tx| paper_version::of_paper(tx, id, "basic-policy"))
        .expect("read");
    assert_eq!(one, all);
}

pub(super) fn comments(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let (db, id) = case(fresh, program);
    let comment = |n: i64, block: Option<&str>| Comment {
        id: format!("c{n}"),
        block: block.map(str::to_owned),
        version: 1,
        author: "company".to_owned(),
        text: "分かりにくいです。".to_owned(),
        at: later(n),
        resolved: None,
    };
    for (n, block) in [(1, None), (2, Some("purpose"))] {
        assert!(write(&db, |tx| {
            paper_comment::add(tx, &id, "it-bcp", &comment(n, block))
        }));
    }
    let resolve = |kind: &str, comment: &str| {
        write(&db, |tx| {
            paper_comment::resolve(tx, (&id, kind), comment, "staff:a", later(9))
        })
    };
    assert!(!resolve("basic-policy", "c1"), "of another paper");
    assert!(resolve("it-bcp", "c1") && !resolve("it-bcp", "c1"));
    let found = db
        .read(|tx| paper_comment::of_paper(tx, &id, "it-bcp"))
        .expect("read");
    let resolved = Some(("staff:a".to_owned(), later(9)));
    assert_eq!(
        found,
        [
            Comment {
                resolved,
                ..comment(1, None)
            },
            comment(2, Some("purpose"))
        ]
    );
    let open = db
        .read(|tx| paper_comment::open_counts(tx, &id))
        .expect("read");
    assert_eq!(open, [("it-bcp".to_owned(), 1)]);
}

pub(super) fn files(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let (db, id) = case(fresh, program);
    let own = |n: i64| OwnText {
        id: format!("o{n}"),
        block: (n > 1).then(|| "purpose".to_owned()),
        change: json!({ "after": n }),
        author: "company".to_owned(),
        at: later(n),
    };
    for n in 1..=3 {
        assert!(write(&db, |tx| {
            paper_own_text::add(tx, &id, "it-bcp", &own(n))
        }));
    }
    let remove = || {
        write(&db, |tx| {
            paper_own_text::remove(tx, (&id, "it-bcp"), "o2", "staff:a", later(9))
        })
    };
    assert!(remove() && !remove());
    let standing = db
        .read(|tx| paper_own_text::of_paper(tx, &id, "it-bcp"))
        .expect("read");
    assert_eq!(standing, [own(1), own(3)]);
    let room = db.read(|tx| paper_own_text::room(tx, &id, "it-bcp"));
    let room = i64::try_from(room.expect("read")).expect("a number");
    assert_eq!(room, paper_own_text::MOST_CHANGES - 3);
    let file = |n: i64| Attachment {
        id: format!("f{n}"),
        name: "戻し.docx".to_owned(),
        media_type: "application/pdf".to_owned(),
        sha256: format!("{n}"),
        size: 3,
        author: "company".to_owned(),
        at: later(n),
    };
    let add = |file: &Attachment| {
        write(&db, |tx| {
            paper_attachment::add(tx, (&id, "it-bcp"), file, b"abc")
        })
    };
    for n in 1..=MOST_FILES {
        assert_eq!(add(&file(n)), Added::Kept);
    }
    let again = Attachment {
        id: "again".to_owned(),
        ..file(2)
    };
    assert_eq!(add(&again), Added::Known("f2".to_owned()));
    assert_eq!(add(&file(MOST_FILES + 1)), Added::TooMany);
    let find = |kind: &str| {
        db.read(|tx| paper_attachment::find(tx, (&id, kind), "f1"))
            .expect("read")
    };
    assert_eq!(find("it-bcp"), Some((file(1), b"abc".to_vec())));
    assert_eq!(find("basic-policy"), None);
}
