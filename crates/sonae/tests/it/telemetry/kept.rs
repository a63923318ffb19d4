//! Old detections go when the operator says so, and never while somebody needs them.

use jiff::civil::date;
use sonae::commands::telemetry::forget;
use sonae::jobs::remove_detections::{alone, remove};
use sonae::office::checks::compare::compare;
use sonae::telemetry::kept::KeptArgs;
use sonae::telemetry::needed::{Holds, Needed, needed};
use sonae_core::detection_check::{Seen, State};
use sonae_store::telemetry_source::{self, Kind, Source};
use sonae_store::{check_day, job_lease};
use sonae_telemetry::retention::{Keep, Removed};

use crate::checks::Checks;
use crate::telemetry::parsed;

pub(crate) const MONTH: KeptArgs = KeptArgs {
    detections_days: Some(31),
    detections_line_days: None,
    detections_gigabytes: None,
};

fn stored(checks: &Checks) -> i64 {
    let detections = checks.desk.office.app.detections.get().expect("opened");
    let report = detections.verify().expect("readable").expect("whole");
    report.detections
}

/// Somebody saw the only line of a day and signed it.
pub(crate) fn signed(checks: &Checks, day: jiff::civil::Date) {
    let app = &checks.desk.office.app;
    let (company, at) = (checks.company(), app.clock.now());
    let seen = Seen {
        lines: 1,
        groups: 1,
        sha256: String::new(),
    };
    let write = app.db.write(|tx| {
        let new = check_day::New {
            application_id: &company,
            day,
            state: State::Quiet,
            note: "",
            by: "staff:a",
            at,
            seen: &seen,
            log_index: 1,
        };
        check_day::save(tx, &new, None)?;
        check_day::sign(tx, day, std::slice::from_ref(&company), "staff:a", at)
    });
    assert_eq!(write.expect("signed"), 1);
}

fn lent_before(checks: &Checks) {
    let instant = |text: &str| text.parse().expect("an instant");
    let source = Source {
        id: "00000000-0000-7000-8000-000000000009".to_owned(),
        application_id: checks.company(),
        kind: Kind::Utm,
        product: "見本のUTM".to_owned(),
        serial: "SN-9".to_owned(),
        from: instant("2023-01-10T00:00:00+09:00"),
        until: instant("2023-02-01T00:00:00+09:00"),
        created_by: "command".to_owned(),
        created_at: instant("2023-01-10T00:00:00+09:00"),
        ended_at: None,
    };
    let db = &checks.desk.office.app.db;
    db.write(|tx| telemetry_source::add(tx, &source, "another hash"))
        .expect("registered");
}

/// The office's clock stands on the third of June; its device is watched since the first.
#[tokio::test]
async fn what_is_old_goes_and_what_somebody_needs_stays() {
    let checks = Checks::new().await;
    let app = &checks.desk.office.app;
    for (number, day) in [
        "2023-01-15",
        "2024-03-15",
        "2024-04-15",
        "2024-05-15",
        "2024-06-02",
    ]
    .iter()
    .enumerate()
    {
        checks.detected(day, "blocked", number as u32);
    }
    signed(&checks, date(2024, 3, 15));
    assert_eq!(compare(app).expect("compared"), 0);
    let nothing = remove(app, &KeptArgs::default())
        .await
        .expect("nothing set");
    assert_eq!(nothing, Removed::default());
    // June's report compares with May, May's with April.
    let now = app.clock.now();
    let found = app.db.read(|tx| needed(tx, now)).expect("readable");
    let nothing_waits = Needed {
        from: date(2024, 4, 1),
        held_by: None,
    };
    assert_eq!(found, nothing_waits);
    let removed = remove(app, &MONTH).await.expect("removed");
    assert_eq!((removed.months, stored(&checks)), (2, 3), "{removed:?}");
    assert_eq!(
        remove(app, &MONTH).await.expect("again"),
        Removed::default()
    );
    let log = checks.desk.log();
    assert_eq!(log.matches("telemetry.removed").count(), 1, "{log}");
    assert!(log.contains(r#""kept_from":"2024-04-01""#), "{log}");
    // A signed day whose lines went does not ask to be looked at again.
    assert_eq!(compare(app).expect("compared"), 0);
    // A company that never got its report of last year's January keeps it.
    lent_before(&checks);
    checks.detected("2023-01-16", "blocked", 9);
    assert_eq!(
        remove(app, &MONTH).await.expect("needed"),
        Removed::default()
    );
    assert_eq!(stored(&checks), 4);
    // The log says what is waited for, unless it would be kept anyway.
    let found = app.db.read(|tx| needed(tx, now)).expect("readable");
    let report = format!("the report 2023-01 of {} is not out", checks.desk.number);
    let today = date(2024, 6, 3);
    for (days, held) in [(31, Some(report)), (550, None)] {
        let keep = Keep {
            line_days: days,
            days,
        };
        let said = found.held(today, keep).map(Holds::to_string);
        assert_eq!(said, held, "{days}");
    }
}

/// Nobody has compared anything since the second line came.
#[tokio::test]
async fn what_came_late_stays_until_somebody_looked_at_it() {
    let checks = Checks::new().await;
    let app = &checks.desk.office.app;
    let day = date(2024, 3, 15);
    checks.detected("2024-03-15", "blocked", 1);
    signed(&checks, day);
    checks.detected("2024-03-15", "blocked", 2);
    let removed = remove(app, &MONTH).await.expect("nothing removed");
    assert_eq!((removed, stored(&checks)), (Removed::default(), 2));
    let now = app.clock.now();
    let found = app.db.read(|tx| needed(tx, now)).expect("readable");
    let held = Needed {
        from: day,
        held_by: Some(Holds::Day(day)),
    };
    assert_eq!(found, held);
}

#[tokio::test]
async fn of_several_nodes_one_removes() {
    let checks = Checks::new().await;
    let app = &checks.desk.office.app;
    checks.detected("2023-01-15", "blocked", 1);
    let now = app.clock.now();
    let minute = jiff::SignedDuration::from_mins(1);
    let other = |until| {
        app.db
            .write(move |tx| job_lease::take(tx, "remove_detections", now, until))
    };
    assert!(other(now + minute).expect("leased"));
    assert_eq!(alone(app, &MONTH).await.expect("asked"), None);
    assert_eq!(stored(&checks), 1);
    let end = |tx: &mut sonae_db::Tx| job_lease::give_back(tx, "remove_detections", now + minute);
    app.db.write(end).expect("given back");
    let removed = alone(app, &MONTH).await.expect("removed");
    assert_eq!(removed.map(|removed| removed.months), Some(1));
    // It was given back, so that the next round begins at once.
    let again = alone(app, &MONTH).await.expect("again");
    assert_eq!(again, Some(Removed::default()));
}

#[tokio::test]
async fn the_log_says_that_a_company_s_detections_were_removed() {
    let checks = Checks::new().await;
    checks.detected("2024-06-02", "blocked", 1);
    let folder = checks
        .desk
        .office
        .app
        .config
        .data
        .data
        .display()
        .to_string();
    let words = ["--data", &folder, "--company", &checks.desk.number];
    forget::forget(&parsed(&words), &mut Vec::new()).expect("forgotten");
    assert_eq!(stored(&checks), 0);
    let log = checks.desk.log();
    let mut lines = log
        .lines()
        .filter(|line| line.contains("telemetry.forgotten"));
    let line = lines.next().expect("a line");
    for piece in [
        &*checks.company(),
        &*checks.desk.number,
        r#""rows_after":0"#,
    ] {
        assert!(line.contains(piece), "{piece}: {line}");
    }
    assert_eq!(lines.next(), None);
}
