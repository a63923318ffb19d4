//! Monthly reports: their figures against a known truth, what the daily check adds, how kinds are explained, when they are made, and their life through the pages.

mod explained;
mod judged;
mod lengthened;
mod life;
mod many;
mod truth;
mod waits;

use sonae::app::App;
use sonae_core::report::month::Month;
use sonae_store::telemetry_source::{self, Kind, Source};

/// The month before the office's clock.
const MAY: &str = "2024-05";

fn may() -> Month {
    Month::parse(MAY).expect("a month")
}

/// A device of a company that is watched for the whole of May.
fn source(application_id: &str) -> Source {
    let instant = |text: &str| text.parse().expect("an instant");
    Source {
        id: "00000000-0000-7000-8000-000000000005".to_owned(),
        application_id: application_id.to_owned(),
        kind: Kind::Utm,
        product: "見本のUTM".to_owned(),
        serial: "SN-1".to_owned(),
        from: instant("2024-05-01T00:00:00+09:00"),
        until: instant("2024-06-01T00:00:00+09:00"),
        created_by: "command".to_owned(),
        created_at: instant("2024-05-01T00:00:00+09:00"),
        ended_at: None,
    }
}

fn watch(app: &App, application_id: &str) {
    let source = source(application_id);
    let added = app.db.write(|tx| telemetry_source::add(tx, &source, "may"));
    added.expect("registered");
}

#[track_caller]
fn check(page: &str, pieces: &[&str], not: &[&str]) {
    for piece in pieces {
        assert!(page.contains(piece), "{piece} is missing in {page}");
    }
    for piece in not {
        assert!(!page.contains(piece), "{piece} is there: {page}");
    }
}
