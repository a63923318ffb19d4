//! Compares what was seen with what is there now, so that detections that came late are noticed wherever they fall.

use jiff::ToSpan;
use jiff::civil::Date;
use sonae_core::calendar::tokyo_date;
use sonae_core::detection_check::missed::LOOKED_BACK;
use sonae_db::Tx;
use sonae_store::{StoreError, check_day};
use sonae_telemetry::Day;

use crate::app::App;

/// Compares every signed day that is looked back to. Gives to how many companies' days lines came.
///
/// Lines are only ever added. Fewer are there when old ones are no longer kept: that is noted as what later lines are measured by, and is
/// nothing to look at.
///
/// # Errors
/// A database failed; what was compared stays.
pub fn compare(app: &App) -> Result<u64, StoreError> {
    let from = tokyo_date(app.clock.now()).saturating_sub(LOOKED_BACK.days());
    let signed = app.db.read(|tx| check_day::signed_since(tx, from))?;
    let mut days: Vec<Date> = signed.iter().map(|(_, day, _)| *day).collect();
    days.dedup();
    let mut changed = 0;
    for day in days {
        let detections = app.detections.get().map_err(StoreError::Db)?;
        let totals = detections
            .sheet(Day::of_date(day))
            .map_err(crate::app::stored)?;
        let news = app.db.read(|tx| {
            let checked = check_day::of_day(tx, day)?;
            let now = checked.into_iter().map(|(company, one)| {
                let lines = totals.get(&company).map_or(0, |total| total.detections);
                (company, one.lines_now, lines)
            });
            Ok::<_, StoreError>(
                now.filter(|(_, before, now)| now != before)
                    .collect::<Vec<_>>(),
            )
        })?;
        if news.is_empty() {
            continue;
        }
        changed += app.db.write(|tx| note(tx, day, &news))?;
    }
    Ok(changed)
}

fn note(tx: &mut Tx, day: Date, news: &[(String, i64, i64)]) -> Result<u64, StoreError> {
    let mut changed = 0;
    for (company, before, now) in news {
        let is_news = check_day::compare(tx, company, day, *now)?;
        changed += u64::from(is_news && now > before);
    }
    Ok(changed)
}
