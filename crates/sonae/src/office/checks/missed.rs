//! Days that nobody signed, and days to which detections came late.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::Date;
use sonae_core::access::Action;
use sonae_core::calendar::{tokyo_date, tokyo_midnight};
use sonae_core::detection_check::missed::{LOOKED_BACK, Watch, missed};
use sonae_db::Tx;
use sonae_store::telemetry_source::{self, Watched};
use sonae_store::{StoreError, check_day};

use super::Who;

/// A day that waits for somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    pub day: Date,
    /// Watched companies that are not signed.
    pub unsigned: usize,
    /// Signed companies to which detections came afterwards.
    pub late: usize,
}

/// The days before today that wait for a person, the oldest first.
///
/// # Errors
/// The database could not be read.
pub fn waiting(
    tx: &mut Tx,
    who: &Who,
    action: Action,
    today: Date,
) -> Result<Vec<Waiting>, StoreError> {
    let from = today.saturating_sub(LOOKED_BACK.days());
    let (Ok(since), Ok(until)) = (tokyo_midnight(from), tokyo_midnight(today)) else {
        return Ok(Vec::new());
    };
    let mut watched = telemetry_source::watched(tx, since, until)?;
    watched.retain(|company| who.may(action, company));
    if watched.is_empty() {
        return Ok(Vec::new());
    }
    let rows = check_day::signed_since(tx, from)?;
    let hers: BTreeSet<&str> = (watched.iter())
        .map(|company| &*company.source.application_id)
        .collect();
    let mut days: BTreeMap<Date, Waiting> = BTreeMap::new();
    let new = |day| Waiting {
        day,
        unsigned: 0,
        late: 0,
    };
    for (company, day, late) in &rows {
        if *late && hers.contains(&**company) {
            days.entry(*day).or_insert_with(|| new(*day)).late += 1;
        }
    }
    let signed = rows.iter().map(|(company, day, _)| (&**company, *day));
    let watches: Vec<Watch<'_>> = watched.iter().map(watch).collect();
    for (day, companies) in missed(&watches, &signed.collect(), today) {
        days.entry(day).or_insert_with(|| new(day)).unsigned = companies.len();
    }
    Ok(days.into_values().collect())
}

/// The first day that waits for anybody's signature, or to which detections came that nobody looked at, and that is still asked for.
///
/// # Errors
/// The database could not be read.
pub fn first_waiting(tx: &mut Tx, today: Date) -> Result<Option<Date>, StoreError> {
    let from = today.saturating_sub(LOOKED_BACK.days());
    let (Ok(since), Ok(until)) = (tokyo_midnight(from), tokyo_midnight(today)) else {
        return Ok(None);
    };
    let watched = telemetry_source::watched(tx, since, until)?;
    let rows = check_day::signed_since(tx, from)?;
    let signed = rows.iter().map(|(company, day, _)| (&**company, *day));
    let watches: Vec<Watch<'_>> = watched.iter().map(watch).collect();
    let unsigned = missed(&watches, &signed.collect(), today)
        .into_keys()
        .next();
    // A company that is no longer watched has no page on which anybody could look at them.
    let theirs: BTreeSet<&str> = watches.iter().map(|watch| watch.company).collect();
    let mut late = rows.iter().filter(|(_, _, late)| *late);
    let late = late.find(|(company, _, _)| theirs.contains(&**company));
    let late = late.map(|(_, day, _)| *day);
    Ok(unsigned.into_iter().chain(late).min())
}

/// The companies with a day between two (the second is no longer in it) that nobody signed.
///
/// # Errors
/// The database could not be read.
pub fn unsigned(tx: &mut Tx, from: Date, until: Date) -> Result<BTreeSet<String>, StoreError> {
    let (Ok(since), Ok(end)) = (tokyo_midnight(from), tokyo_midnight(until)) else {
        return Ok(BTreeSet::new());
    };
    let watched = telemetry_source::watched(tx, since, end)?;
    let rows = check_day::signed_since(tx, from)?;
    let signed = rows.iter().map(|(company, day, _)| (&**company, *day));
    let watches: Vec<Watch<'_>> = (watched.iter().map(watch))
        .map(|watch| Watch {
            first: watch.first.max(from),
            ..watch
        })
        .collect();
    let missed = missed(&watches, &signed.collect(), until).into_values();
    Ok(missed.flatten().map(str::to_owned).collect())
}

/// The days of a device's period; its end is no longer in it.
fn watch(company: &Watched) -> Watch<'_> {
    let source = &company.source;
    let end = source.end();
    let last = tokyo_date(
        end.saturating_sub(jiff::SignedDuration::from_millis(1))
            .unwrap_or(end),
    );
    Watch {
        company: &source.application_id,
        first: tokyo_date(source.from),
        last,
    }
}
