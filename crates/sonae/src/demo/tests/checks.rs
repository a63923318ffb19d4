//! The daily checks of the demonstration: what a visitor finds on the morning on which it begins.

use jiff::civil::{Date, date};
use sonae_core::access::{Action, StaffRole};
use sonae_core::calendar::tokyo_date;
use sonae_store::desk_finding::Stage;
use sonae_store::{check_day, desk_finding, finding_judgement, suppression};
use sonae_telemetry::Day;

use super::{StoreError, asker};
use crate::app::App;
use crate::office::checks::facts::{Known, found};
use crate::office::checks::missed::waiting;
use crate::office::checks::sheet::{Line, lines};
use crate::office::checks::{Who, compare};

const MISSED: Date = date(2026, 3, 12);
const YESTERDAY: Date = date(2026, 3, 22);

pub(super) fn check(app: &App) {
    let (_, technician) = asker(app, StaffRole::Technician);
    let who = Who {
        id: technician.staff_id,
        role: StaffRole::Technician,
    };
    waits(app, &who);
    half_done(app, &who);
    let since = date(2026, 1, 12);
    let (signed, suppressions, findings) = app
        .db
        .read(|tx| {
            let signed = check_day::signed_since(tx, since)?;
            let findings = [1, 2].map(|number| desk_finding::find(tx, number));
            Ok::<_, StoreError>((signed, suppression::since(tx, YESTERDAY)?, findings))
        })
        .expect("readable");
    assert!(signed.len() > 500, "{} company-days", signed.len());
    assert_eq!(
        compare::compare(app).expect("readable"),
        0,
        "nothing came late"
    );
    let [hides] = &suppressions[..] else {
        panic!("{suppressions:?}")
    };
    assert!(
        hides.hidden > 1 && hides.last.is_some() && !hides.reason.is_empty(),
        "{hides:?}"
    );
    let stages = findings.map(|found| {
        let (finding, _) = found.expect("readable").expect("it was made");
        finding.stage
    });
    assert_eq!(stages, [Stage::Closed, Stage::Open]);
    let again = (app.db).write(|tx| check_day::remind(tx, MISSED, &who.id, app.clock.now()));
    assert!(!again.expect("writable"), "she was reminded in time");
}

/// A day that was missed, and yesterday.
fn waits(app: &App, who: &Who) {
    let today = tokyo_date(app.clock.now());
    let days = app
        .db
        .read(|tx| waiting(tx, who, Action::CheckDetections, today));
    let days = days.expect("readable").into_iter().map(|wait| wait.day);
    assert_eq!(days.collect::<Vec<_>>(), [MISSED, YESTERDAY]);
}

/// Yesterday's sheet is under way: companies with a state, one that is quiet, one of whose findings some are judged and some wait.
fn half_done(app: &App, who: &Who) {
    let detections = app.detections.get().expect("they open");
    let totals = detections.sheet(Day::of_date(YESTERDAY)).expect("readable");
    let asked = (YESTERDAY, who, Action::CheckDetections);
    let sheet = app.db.read(|tx| lines(tx, asked, &totals));
    let sheet = sheet.expect("readable");
    let said = sheet.iter().filter(|line| line.checked.is_some()).count();
    assert!(said > 3 && said < sheet.len(), "{said} of {}", sheet.len());
    assert!(sheet.iter().any(Line::is_plainly_quiet));
    let half = sheet.iter().filter(|line| {
        let id = line.company_id();
        let facts = found(detections, (id, YESTERDAY), line.total).expect("readable");
        let (judged, known) = app
            .db
            .read(|tx| {
                let judged = finding_judgement::of_day(tx, id, YESTERDAY)?;
                Ok::<_, StoreError>((judged, Known::read(tx, id, YESTERDAY)?))
            })
            .expect("readable");
        let day = known.day(id, YESTERDAY, &facts);
        let open = day.findings.iter().filter(|one| one.is_open()).count();
        line.checked.is_none() && !judged.is_empty() && open > 0
    });
    assert_eq!(half.count(), 1);
}
