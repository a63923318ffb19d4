//! Monthly reports: frozen once, changed only from the state that was seen, never approved by who checked.

use std::sync::Arc;

use jiff::SignedDuration;
use sonae_core::program::Program;
use sonae_core::report::life::State;
use sonae_core::report::month::Month;
use sonae_db::Db;

use super::{Fresh, now, office, receive, submission};
use crate::StoreError;
use crate::intake::Answer;
use crate::monthly_report::{self as reports, Act, LaidOut, New, Which};

fn act(by: &str) -> Act {
    Act {
        by: by.to_owned(),
        at: now(),
    }
}

pub(super) fn life(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let (db, program) = office(fresh, program);
    let answers = receive(&db, &[submission(&program, 1)]).expect("received");
    let Answer::Received(arrival) = &answers[0] else {
        panic!("not received");
    };
    let which = Which {
        application_id: &arrival.application_id,
        month: month(),
    };
    made_and_checked(&db, which);
    given_back_and_sent(&db, which, &arrival.receipt_number);
    leased(&db);
}

fn month() -> Month {
    Month::parse("2026-06").expect("a month")
}

fn laid_out(sha256: &str) -> LaidOut {
    LaidOut {
        document: "{}".to_owned(),
        pdf: Some(b"%PDF".to_vec()),
        pdf_sha256: Some(sha256.to_owned()),
    }
}

fn new<'a>(which: Which<'a>, revision: u32, laid_out: &'a LaidOut) -> New<'a> {
    New {
        which,
        revision,
        by: "system",
        at: now(),
        figures: "{\"format\":1}",
        figures_sha256: "f1",
        headline: "検知はありませんでした。",
        events: 3,
        open_events: 1,
        laid_out,
    }
}

fn made_and_checked(db: &Db, which: Which<'_>) {
    let (plain, word) = (laid_out("p1"), laid_out("p2"));
    db.write(|tx| {
        assert_eq!(reports::find(tx, which)?, None, "due");
        let new = new(which, 1, &plain);
        assert!(reports::add(tx, &new)? && !reports::add(tx, &new)?);
        let made = reports::find(tx, which)?.expect("made");
        assert_eq!(
            (made.state, made.revision, made.events),
            (State::Made, 1, 3)
        );
        assert_eq!(made.made, act("system"));
        let approved = reports::approve(tx, which, 1, &act("staff:b"))?;
        assert!(!approved, "not checked");
        let checked = ("ひとこと", Some(&word));
        let other = reports::check(tx, which, 2, &act("staff:a"), checked)?;
        assert!(!other, "another revision");
        assert!(reports::check(tx, which, 1, &act("staff:a"), checked)?);
        let twice = reports::check(tx, which, 1, &act("staff:c"), checked)?;
        assert!(!twice, "twice");
        let report = reports::find(tx, which)?.expect("checked");
        assert_eq!(report.word, "ひとこと");
        assert_eq!(report.pdf_sha256.as_deref(), Some("p2"));
        Ok::<_, StoreError>(())
    })
    .expect("written");
    let same = db.write(|tx| reports::approve(tx, which, 1, &act("staff:a")));
    assert!(same.is_err(), "the row refuses who checked");
}

fn given_back_and_sent(db: &Db, which: Which<'_>, receipt_number: &str) {
    let plain = laid_out("p1");
    let minute = SignedDuration::from_mins(1);
    db.write(|tx| {
        assert!(reports::approve(tx, which, 1, &act("staff:b"))?);
        let why = "数が違う";
        assert!(reports::give_back(tx, which, 1, &act("staff:b"), why)?);
        let report = reports::find(tx, which)?.expect("given back");
        assert_eq!(
            (report.state, report.checked, report.approved),
            (State::Made, None, None)
        );
        assert_eq!(report.returned, Some((act("staff:b"), why.to_owned())));
        assert!(reports::add(tx, &new(which, 2, &plain))?);
        assert!(reports::check(tx, which, 2, &act("staff:a"), ("", None))?);
        assert!(reports::approve(tx, which, 2, &act("staff:b"))?);
        assert_eq!(reports::to_send(tx, now() - minute, 10)?, []);
        let ready = [(receipt_number.to_owned(), month())];
        assert_eq!(reports::to_send(tx, now(), 10)?, ready);
        assert!(!reports::opened(tx, which, now())?, "not sent");
        assert_eq!(reports::count_out(tx, month())?, 0);
        assert!(reports::sent(tx, which, now())? && !reports::sent(tx, which, now())?);
        assert!(!reports::give_back(tx, which, 2, &act("staff:b"), "遅い")?);
        assert!(reports::opened(tx, which, now())? && !reports::opened(tx, which, now())?);
        let report = reports::find(tx, which)?.expect("read");
        let times = (report.sent_at, report.read_at);
        assert_eq!(
            (report.state, times),
            (State::Read, (Some(now()), Some(now())))
        );
        let all = std::slice::from_ref(&report);
        assert_eq!(reports::of_month(tx, month())?, all);
        assert_eq!(reports::of_application(tx, which.application_id)?, all);
        assert_eq!(reports::of_month(tx, month().before())?, []);
        assert_eq!(reports::count_out(tx, month())?, 1);
        let frozen = ("{\"format\":1}".to_owned(), "{}".to_owned());
        assert_eq!(reports::frozen(tx, which, 1)?, Some(frozen));
        assert_eq!(reports::pdf(tx, which, 2)?, Some(b"%PDF".to_vec()));
        let revisions = reports::revisions(tx, which)?;
        let numbers: Vec<u32> = revisions.iter().map(|(number, _, _)| *number).collect();
        assert_eq!(numbers, [2, 1]);
        Ok::<_, StoreError>(())
    })
    .expect("written");
}

fn leased(db: &Db) {
    let minute = SignedDuration::from_mins(1);
    let later = now() + minute;
    db.write(|tx| {
        assert!(reports::lease(tx, month(), now(), later)?);
        let other = reports::lease(tx, month(), now(), later)?;
        assert!(!other, "another node has it");
        let over = reports::lease(tx, month(), later, later + minute)?;
        assert!(over, "it ran out");
        reports::release(tx, month())?;
        assert!(reports::lease(tx, month(), now(), later)?);
        Ok::<_, StoreError>(())
    })
    .expect("written");
}
