//! A report is not made by itself before the daily checks of its month are signed, but never later than on the third business day.

use sonae::app::App;
use sonae::jobs::make_reports::round;
use sonae_core::detection_check::{Seen, State};
use sonae_store::check_day;

use super::{may, watch};
use crate::portal::stand::Stand;

/// How many reports of May the job makes now.
async fn made(app: &App) -> usize {
    let (_going, stop) = tokio::sync::watch::channel(false);
    round(app, may(), &stop).await.expect("it ran")
}

/// Says 異常なし of a company's days of May, and signs those before a day.
fn checked(app: &App, company: &str, signed_before: i8) {
    let at = app.clock.now();
    let seen = Seen {
        lines: 0,
        groups: 0,
        sha256: String::new(),
    };
    let ids = [company.to_owned()];
    let write = app.db.write(|tx| {
        for day in may().days() {
            if check_day::find(tx, company, day)?.is_none() {
                let new = check_day::New {
                    application_id: company,
                    day,
                    state: State::Quiet,
                    note: "",
                    by: "staff:a",
                    at,
                    seen: &seen,
                    log_index: 1,
                };
                check_day::save(tx, &new, None)?;
            }
            if day.day() < signed_before {
                check_day::sign(tx, day, &ids, "staff:a", at)?;
            }
        }
        Ok::<_, sonae_store::StoreError>(())
    });
    write.expect("written");
}

async fn stand() -> (Stand, String) {
    let stand = Stand::at("confirmed").await;
    let company = stand.stored().await.application_id;
    watch(&stand.office.app, &company);
    (stand, company)
}

#[tokio::test]
async fn a_report_is_made_when_the_last_day_is_signed() {
    // The office's clock stands on Monday, the third of June, the first business day.
    let (stand, company) = stand().await;
    let app = &stand.office.app;
    assert_eq!(made(app).await, 0, "nobody checked");
    checked(app, &company, 31);
    assert_eq!(made(app).await, 0, "the last day is not signed");
    checked(app, &company, 32);
    assert_eq!(made(app).await, 1);
    assert_eq!(made(app).await, 0, "it is there");
}

#[tokio::test]
async fn a_report_waits_no_longer_than_until_the_third_business_day() {
    let (stand, _) = stand().await;
    let stand = stand.later("2024-06-04T23:59:00+09:00");
    assert_eq!(made(&stand.office.app).await, 0);
    let stand = stand.later("2024-06-05T00:01:00+09:00");
    assert_eq!(made(&stand.office.app).await, 1);
}
