//! Small blocks of past days become large ones, and nobody who asks sees a difference.

use sonae::jobs::gather_blocks::gather;
use sonae_telemetry::questions::search::Wanted;
use sonae_telemetry::verify::Report;
use sonae_telemetry::{Day, detections::Detections};
use tokio::sync::watch;

use crate::checks::Checks;

fn proved(detections: &Detections) -> Report {
    let report = detections.verify().expect("readable");
    report.expect("whole")
}

/// The office's clock stands on the third of June.
#[tokio::test]
async fn small_blocks_of_past_days_are_put_together() {
    let checks = Checks::new().await;
    let app = &checks.desk.office.app;
    for (day, most) in [("2024-06-03", 2), ("2024-06-02", 5), ("2024-05-01", 3)] {
        for number in 0..most {
            checks.detected(day, "blocked", number);
        }
    }
    let detections = app.detections.get().expect("opened");
    let before = proved(detections);
    assert_eq!((before.blocks, before.detections), (10, 10));
    let company = checks.company();
    let found = || {
        let days = "2024-04-01".parse().map(Day::of_date).expect("a day");
        let wanted = Wanted::all(&company, (days, Day(days.0 + 90)));
        let page = detections.search(&wanted, None, 50, std::time::Duration::MAX);
        page.expect("readable").hits
    };
    let hits = found();
    let (stop, stopping) = watch::channel(false);
    // Today still grows.
    assert_eq!(gather(app, &stopping).await.expect("gathered"), 6);
    let after = proved(detections);
    assert_eq!((after.blocks, after.detections), (4, 10));
    assert_eq!(found(), hits);
    assert_eq!(gather(app, &stopping).await.expect("nothing left"), 0);
    checks.detected("2024-06-02", "blocked", 9);
    stop.send(true).expect("somebody listens");
    assert_eq!(gather(app, &stopping).await.expect("stopped"), 0);
}
