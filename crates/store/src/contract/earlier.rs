//! Lists of earlier participants, and what they tell about a company.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::SignedDuration;
use serde_json::json;
use sonae_core::access::StaffRole;
use sonae_core::application::answers::Answers;
use sonae_core::capacity::PlaceState;
use sonae_core::earlier_support::Record;
use sonae_core::earlier_support::list::Reading;
use sonae_core::flow::Status;
use sonae_core::program::Program;
use sonae_core::program::program::SupportKind;
use sonae_db::Db;

use super::{Fresh, count, now, office, receive, submission};
use crate::act;
use crate::case;
use crate::duplicate;
use crate::earlier_import::{self, Confirmed, Draft, State};
use crate::earlier_support::{self, Source};
use crate::intake::{Answer, Submission};
use crate::staff::{self, NewStaff};

const DAY: SignedDuration = SignedDuration::from_hours(24);

fn record(name: &str, number: Option<&str>, phone: Option<&str>, year: i16) -> Record {
    Record {
        name: name.to_owned(),
        name_kana: None,
        corporate_number: number.map(str::to_owned),
        postcode: None,
        address: None,
        phone: phone.map(str::to_owned),
        kind: SupportKind::Csirt,
        year,
    }
}

fn reading() -> Reading {
    Reading {
        records: vec![
            (2, record("㈱みほん工業", Some("7000012050002"), None, 2023)),
            (3, record("みほん_100%商店", None, Some("0300000001"), 2022)),
            (4, record("髙﨑製作所", None, None, 2023)),
        ],
        ..Reading::default()
    }
}

/// An office with one person, and a list that is tried out.
fn tried_out(fresh: &Fresh<'_>, program: &Arc<Program>) -> (Db, Arc<Program>) {
    let (db, program) = office(fresh, program);
    let person = NewStaff {
        id: "s1",
        email: "a@office.example.jp",
        name: "見本 花子",
        role: StaffRole::Secretariat,
    };
    db.write(|tx| staff::add(tx, &person, now()))
        .expect("added");
    draft(&db, "i1", "hash", &reading());
    (db, program)
}

fn draft(db: &Db, id: &str, file_hash: &str, reading: &Reading) {
    let draft = Draft {
        id,
        file_name: "名簿.xlsx",
        file_hash,
        reading,
        complete: true,
        staff_id: "s1",
    };
    db.write(|tx| earlier_import::draft(tx, &draft, now(), now() + DAY))
        .expect("kept");
}

fn confirm(db: &Db, id: &str) -> Confirmed {
    db.write(|tx| earlier_import::confirm(tx, id, "s1", "secretariat:s1", now()))
        .expect("answered")
}

fn found(db: &Db, query: &str) -> Vec<String> {
    let listed = db
        .read(|tx| earlier_support::list(tx, query, 50, 0))
        .expect("readable");
    listed
        .records
        .into_iter()
        .map(|stored| stored.record.name)
        .collect()
}

fn answers(changes: serde_json::Value) -> Answers {
    serde_json::from_value(changes).expect("answers")
}

pub(super) fn imports(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let (db, _) = tried_out(fresh, program);
    let find = |at| {
        db.read(|tx| earlier_import::find(tx, "i1", at))
            .expect("readable")
    };
    let import = find(now()).expect("a draft");
    assert_eq!(
        (import.state, import.records, &*import.created_by),
        (State::Draft, 3, "見本 花子")
    );
    assert_eq!(import.covers.len(), 2);
    assert!(found(&db, "").is_empty(), "a draft does not count");
    assert_eq!(find(now() + DAY), None, "an expired draft cannot be opened");
    let rows = db
        .read(|tx| earlier_support::of_import(tx, "i1", 2, 1))
        .expect("readable");
    assert_eq!(
        rows.iter()
            .map(|row| row.source.shown())
            .collect::<Vec<_>>(),
        ["名簿.xlsx 3行目", "名簿.xlsx 4行目"]
    );
    let before = count(&db, "audit_entry");
    assert_eq!(
        [confirm(&db, "i1"), confirm(&db, "i1"), confirm(&db, "none")],
        [Confirmed::Done, Confirmed::Before, Confirmed::No]
    );
    assert_eq!(count(&db, "audit_entry"), before + 1);
    assert_eq!(
        find(now() + DAY).map(|import| import.state),
        Some(State::Imported)
    );
    rechecks(&db);
    // The same file a second time, and a list with an error.
    draft(&db, "i2", "hash", &reading());
    assert_eq!(confirm(&db, "i2"), Confirmed::SameFile);
    let wrong = Reading {
        errors: 1,
        ..reading()
    };
    draft(&db, "i3", "other", &wrong);
    assert_eq!(confirm(&db, "i3"), Confirmed::No);
    assert_eq!(count(&db, "earlier_support"), 9);
    let expired = db
        .write(|tx| earlier_import::delete_expired(tx, now() + DAY))
        .expect("deleted");
    assert_eq!(
        (
            expired,
            count(&db, "earlier_support"),
            count(&db, "earlier_import")
        ),
        (2, 3, 1)
    );
    taken_back(&db);
}

/// A list that came is to be weighed with the open cases once, and again when it is taken back.
fn rechecks(db: &Db) {
    let waiting = |db: &Db| db.read(earlier_import::to_recheck).expect("readable");
    assert_eq!(waiting(db), Some(("i1".to_owned(), "名簿.xlsx".to_owned())));
    db.write(|tx| earlier_import::rechecked(tx, "i1", 2, now()))
        .expect("noted");
    assert_eq!(waiting(db), None);
}

/// Taken back as a whole; the note of it stays, and the file may come again.
fn taken_back(db: &Db) {
    let take_back = || {
        db.write(|tx| {
            earlier_import::take_back(tx, "i1", "s1", "secretariat:s1", "別の年度でした", now())
        })
    };
    assert_eq!(
        (take_back().expect("done"), take_back().expect("refused")),
        (true, false)
    );
    assert_eq!(count(db, "earlier_support"), 0);
    let all = db.read(earlier_import::all).expect("readable");
    assert_eq!(
        (all.len(), all[0].state, all[0].reason.as_deref()),
        (1, State::TakenBack, Some("別の年度でした"))
    );
    assert_eq!(all[0].rechecked, None, "the open cases are to be looked at");
    draft(db, "i4", "hash", &reading());
    assert!(
        db.write(|tx| earlier_import::discard(tx, "i4"))
            .expect("forgotten")
    );
    assert!(
        !db.write(|tx| earlier_import::discard(tx, "i1"))
            .expect("no draft")
    );
}

pub(super) fn search(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let (db, _) = tried_out(fresh, program);
    confirm(&db, "i1");
    let check = |query: &str, expected: &[&str]| assert_eq!(found(&db, query), expected, "{query}");
    check("", &["みほん_100%商店", "㈱みほん工業", "髙﨑製作所"]);
    check("ﾐﾎﾝ", &["みほん_100%商店", "㈱みほん工業"]);
    check("みほん 工業", &["㈱みほん工業"]);
    check("高崎", &["髙﨑製作所"]);
    check("03-0000", &["みほん_100%商店"]);
    check("7000012050002", &["㈱みほん工業"]);
    // What looks like a pattern is none.
    check("100%", &["みほん_100%商店"]);
    check("%", &["みほん_100%商店"]);
    check("_", &["みほん_100%商店"]);
    check("\\", &[]);
    let page = db
        .read(|tx| earlier_support::list(tx, "", 1, 2))
        .expect("readable");
    assert_eq!((page.records.len(), page.total), (1, 3));
}

pub(super) fn about(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let (db, program) = tried_out(fresh, program);
    let history = |changes| {
        let answers = answers(changes);
        let none = BTreeMap::new();
        let history =
            db.read(|tx| earlier_support::history(tx, program.id(), "none", &answers, &none));
        history.expect("readable")
    };
    let shown = |changes| -> Vec<String> {
        history(changes)
            .records
            .iter()
            .map(|evidence| evidence.shown())
            .collect()
    };
    let mihon = json!({ "name": "別の名前", "corporate_number": "7000012050002" });
    assert_eq!(shown(mihon.clone()), [""; 0], "a draft tells nothing");
    assert!(history(mihon.clone()).complete.is_empty());
    confirm(&db, "i1");
    let csirt = "CSIRT構築(名簿.xlsx";
    assert_eq!(
        shown(mihon.clone()),
        [format!(
            "令和5年度 {csirt} 2行目、法人番号が一致、名称は異なる)"
        )]
    );
    assert_eq!(history(mihon).complete.len(), 2);
    let shop = json!({ "name": "みほん_100%商店", "contact_phone": "0300000001" });
    assert_eq!(
        shown(shop),
        [format!("令和4年度 {csirt} 3行目、名称と電話番号が一致)")]
    );
    what_a_person_said_of_a_record(&db, &program);
    let takasaki = json!({ "name": "高崎製作所株式会社" });
    assert_eq!(
        shown(takasaki),
        [format!("令和5年度 {csirt} 4行目、名称だけが一致)")]
    );
    assert_eq!(shown(json!({ "name": "ほかの会社" })), [""; 0]);
    assert_eq!(shown(json!({})), [""; 0]);
}

/// Said to be another company a record is no evidence, and said to be the same it is knowledge.
fn what_a_person_said_of_a_record(db: &Db, program: &Program) {
    let takasaki = answers(json!({ "name": "高崎製作所株式会社" }));
    let about = db.read(|tx| earlier_support::about(tx, program.id(), "none", &takasaki));
    let record = format!("record:{}", about.expect("readable")[0].0.id);
    for (said, known) in [
        (None, vec![false]),
        (Some(true), vec![true]),
        (Some(false), vec![]),
    ] {
        let said: BTreeMap<String, bool> = said
            .into_iter()
            .map(|same| (record.clone(), same))
            .collect();
        let history =
            db.read(|tx| earlier_support::history(tx, program.id(), "none", &takasaki, &said));
        let records = history.expect("readable").records;
        let found: Vec<bool> = records.iter().map(|evidence| evidence.is_known()).collect();
        assert_eq!(found, known, "{said:?}");
    }
}

pub(super) fn participants(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let (db, program) = office(fresh, program);
    let batch = [submission(&program, 1), submission(&program, 2)];
    let receipts = receive(&db, &batch).expect("received");
    assert_eq!(receipts.len(), 2);
    let company = answers(
        json!({ "name": "みほん工業株式会社", "prefecture": "13", "address_line1": "新宿区西新宿2-8-1",
        "contact_phone": "0300000001" }),
    );
    let id = &batch[0].application_id;
    let courses: Vec<String> = program
        .courses()
        .iter()
        .map(|course| course.id.clone())
        .collect();
    let record = |courses: &[String]| {
        db.write(|tx| earlier_support::record_participant(tx, &program, id, &company, courses))
            .expect("kept");
    };
    let about = |program_id: &str, id: &str| {
        let about = db
            .read(|tx| earlier_support::about(tx, program_id, id, &company))
            .expect("readable");
        about
            .into_iter()
            .map(|(stored, _)| stored)
            .collect::<Vec<_>>()
    };
    record(&courses);
    record(&courses[..1]);
    assert_eq!(count(&db, "earlier_support"), 1, "kept once, as it is now");
    // It is earlier support for a later programme, and neither for itself nor for another application of its own programme.
    assert!(about(program.id(), id).is_empty() && about(program.id(), "other").is_empty());
    let later = about("a-later-programme", "other");
    assert_eq!(later.len(), 1);
    assert_eq!(
        later[0].record.address.as_deref(),
        Some("東京都新宿区西新宿2-8-1")
    );
    assert!(
        matches!(&later[0].source, Source::Participant { receipt_number, .. } if !receipt_number.is_empty())
    );
    db.write(|tx| earlier_support::forget_participant(tx, id))
        .expect("forgotten");
    assert_eq!(count(&db, "earlier_support"), 0);
}

/// Whoever takes part is on record as long as it does, in the courses in which it holds a place.
fn confirmed(db: &Db, program: &Program, receipt_number: &str) {
    let mark = |before: &case::Stored, after: &case::Stored| {
        db.write(|tx| act::mark_participant(tx, program, before, after))
            .expect("kept");
        count(db, "earlier_support")
    };
    let stored = db.read(|tx| case::by_receipt(tx, receipt_number));
    let open = stored.expect("readable").expect("a case");
    let mut taking_part = open.clone();
    taking_part.case.status = Status::Confirmed;
    assert_eq!(mark(&open, &open), 0);
    assert_eq!(mark(&open, &taking_part), 1);
    let mut moved = taking_part.clone();
    moved.answers.contact_phone = Some("0300000009".to_owned());
    assert_eq!(mark(&taking_part, &moved), 1, "kept as it is now");
    assert_eq!(mark(&moved, &open), 0);
    for state in taking_part.case.places.values_mut() {
        *state = PlaceState::Waiting;
    }
    assert_eq!(mark(&open, &taking_part), 0, "waiting is no support");
}

pub(super) fn duplicates(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let (db, program) = office(fresh, program);
    let mut batch: Vec<Submission> = (1..=4).map(|n| submission(&program, n)).collect();
    let company = json!({ "name": "みほん工業株式会社", "corporate_number": "7000012050002", "contact_phone": "0300000001" });
    let renamed = json!({ "name": "見本テック株式会社", "corporate_number": "7000012050002" });
    let homonym = json!({ "name": "(株)みほん工業" });
    for (submission, answers) in batch.iter_mut().zip([&company, &renamed, &homonym]) {
        submission.answers = answers.to_string();
    }
    let receipts = receive(&db, &batch).expect("received");
    let id = &batch[0].application_id;
    let found = db
        .read(|tx| duplicate::of_company(tx, id, &answers(company.clone())))
        .expect("readable");
    let shown: Vec<(&str, String)> = (found.iter())
        .map(|other| (other.application_id.as_str(), other.found.reason()))
        .collect();
    assert_eq!(
        shown,
        [
            (
                batch[1].application_id.as_str(),
                "法人番号が一致、名称は異なる".to_owned()
            ),
            (
                batch[2].application_id.as_str(),
                "名称だけが一致".to_owned()
            ),
        ]
    );
    assert_eq!(found[0].answers.name.as_deref(), Some("見本テック株式会社"));
    let nobody = db.read(|tx| duplicate::of_company(tx, id, &answers(json!({}))));
    assert_eq!(nobody.expect("readable"), []);
    let Answer::Received(arrival) = &receipts[0] else {
        panic!("received");
    };
    confirmed(&db, &program, &arrival.receipt_number);
}
