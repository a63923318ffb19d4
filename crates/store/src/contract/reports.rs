//! Monthly reports: frozen once, changed only from the state that was seen, never approved by who checked.

use std::sync::Arc;

use jiff::SignedDuration;
use sonae_core::program::Program;
use sonae_core::report::life::State;
use sonae_core::report::month::Month;

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
    let month = Month::parse("2026-06").expect("a month");
    let which = Which {
        application_id: &arrival.application_id,
        month,
    };
    let laid_out = LaidOut {
        document: "{}".to_owned(),
        pdf: Some(b"%PDF".to_vec()),
        pdf_sha256: Some("p1".to_owned()),
    };
    let new = |revision| New {
        which,
        revision,
        by: "system",
        at: now(),
        figures: "{\"format\":1}",
        figures_sha256: "f1",
        headline: "検知はありませんでした。",
        events: 3,
        open_events: 1,
        laid_out: &laid_out,
    };
    db.write(|tx| {
        assert_eq!(reports::find(tx, which)?, None, "due");
        assert!(reports::add(tx, &new(1))? && !reports::add(tx, &new(1))?);
        let made = reports::find(tx, which)?.expect("made");
        assert_eq!(
            (made.state, made.revision, made.events),
            (State::Made, 1, 3)
        );
        assert_eq!(made.made, act("system"));
        assert!(
            !reports::approve(tx, which, 1, &act("staff:b"))?,
            "not checked"
        );
        let word = LaidOut {
            pdf_sha256: Some("p2".to_owned()),
            ..laid_out.clone()
        };
        let checked = ("ひとこと", Some(&word));
        assert!(
            !reports::check(tx, which, 2, &act("staff:a"), checked)?,
            "another revision"
        );
        assert!(reports::check(tx, which, 1, &act("staff:a"), checked)?);
        assert!(
            !reports::check(tx, which, 1, &act("staff:c"), checked)?,
            "twice"
        );
        let report = reports::find(tx, which)?.expect("checked");
        assert_eq!(
            (report.word.as_str(), report.pdf_sha256.as_deref()),
            ("ひとこと", Some("p2"))
        );
        Ok::<_, StoreError>(())
    })
    .expect("written");
    let same = db.write(|tx| reports::approve(tx, which, 1, &act("staff:a")));
    assert!(same.is_err(), "the row refuses who checked");
    db.write(|tx| {
        assert!(reports::approve(tx, which, 1, &act("staff:b"))?);
        assert!(reports::give_back(
            tx,
            which,
            1,
            &act("staff:b"),
            "数が違う"
        )?);
        let report = reports::find(tx, which)?.expect("given back");
        assert_eq!(
            (report.state, report.checked, report.approved),
            (State::Made, None, None)
        );
        assert_eq!(
            report.returned,
            Some((act("staff:b"), "数が違う".to_owned()))
        );
        assert!(reports::add(tx, &new(2))?);
        assert!(reports::check(tx, which, 2, &act("staff:a"), ("", None))?);
        assert!(reports::approve(tx, which, 2, &act("staff:b"))?);
        let minute = SignedDuration::from_mins(1);
        assert_eq!(reports::to_send(tx, now() - minute, 10)?, []);
        assert_eq!(
            reports::to_send(tx, now(), 10)?,
            [(arrival.receipt_number.clone(), month)]
        );
        assert!(!reports::opened(tx, which, now())?, "not sent");
        assert_eq!(reports::count_out(tx, month)?, 0);
        assert!(reports::sent(tx, which, now())? && !reports::sent(tx, which, now())?);
        assert!(!reports::give_back(tx, which, 2, &act("staff:b"), "遅い")?);
        assert!(reports::opened(tx, which, now())? && !reports::opened(tx, which, now())?);
        let report = reports::find(tx, which)?.expect("read");
        assert_eq!(
            (report.state, report.sent_at, report.read_at),
            (State::Read, Some(now()), Some(now()))
        );
        assert_eq!(reports::of_month(tx, month)?, std::slice::from_ref(&report));
        assert_eq!(reports::of_application(tx, which.application_id)?, [report]);
        assert_eq!(reports::of_month(tx, month.before())?, []);
        assert_eq!(reports::count_out(tx, month)?, 1);
        let frozen = reports::frozen(tx, which, 1)?;
        assert_eq!(frozen, Some(("{\"format\":1}".to_owned(), "{}".to_owned())));
        assert_eq!(reports::pdf(tx, which, 2)?, Some(b"%PDF".to_vec()));
        let revisions = reports::revisions(tx, which)?;
        let numbers: Vec<u32> = revisions.iter().map(|(number, _, _)| *number).collect();
        assert_eq!(numbers, [2, 1]);
        let later = now() + minute;
        assert!(reports::lease(tx, month, now(), later)?);
        assert!(
            !reports::lease(tx, month, now(), later)?,
            "another node has it"
        );
        assert!(
            reports::lease(tx, month, later, later + minute)?,
            "it ran out"
        );
        reports::release(tx, month)?;
        assert!(reports::lease(tx, month, now(), later)?);
        Ok::<_, StoreError>(())
    })
    .expect("written");
}
