//! From which day on detections must stay, whatever is set about how long they are kept: what nobody signed yet, and what a monthly report still counts.

use jiff::Timestamp;
use jiff::civil::Date;
use sonae_core::calendar::tokyo_date;
use sonae_core::report::month::Month;
use sonae_db::Tx;
use sonae_store::StoreError;
use sonae_store::telemetry_source::{self, MOST_WATCHED};

use crate::office::checks::missed;
use crate::office::reports::due;

/// The first day that somebody still needs; today when no company was ever watched.
///
/// A report compares with the month before, so that one is needed too: last month and its predecessor always, and those of every report that its
/// company does not have. A report that is out is frozen and needs nothing. Days that nobody signed are needed as long as they are asked for.
///
/// # Errors
/// The database could not be read.
pub fn first_needed(tx: &mut Tx, now: Timestamp) -> Result<Date, StoreError> {
    let today = tokyo_date(now);
    let watched = telemetry_source::watched(tx, Timestamp::UNIX_EPOCH, now)?;
    let Some(first) = watched.iter().map(|one| one.source.from).min() else {
        return Ok(today);
    };
    if watched.len() >= MOST_WATCHED as usize {
        // Nobody knows whom we do not see, so everything stays.
        return Ok(Date::MIN);
    }
    let last = due::last_month(now);
    let mut needed = last.before().first_day();
    if let Some(unsigned) = missed::first_unsigned(tx, today)? {
        needed = needed.min(unsigned);
    }
    let mut month = Month::of(tokyo_date(first));
    while month <= last && month.before().first_day() < needed {
        if (due::of_month(tx, month)?.iter()).any(|line| !line.state().is_out()) {
            needed = month.before().first_day();
        }
        month = month.after();
    }
    Ok(needed)
}
