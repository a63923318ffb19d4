//! From which day on detections must stay, whatever is set about how long they are kept: what nobody signed yet, and what a monthly report still counts.

use std::fmt;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use sonae_core::calendar::tokyo_date;
use sonae_core::report::month::Month;
use sonae_db::Tx;
use sonae_store::StoreError;
use sonae_store::telemetry_source::{self, MOST_WATCHED};
use sonae_telemetry::retention::Keep;

use crate::office::checks::missed;
use crate::office::reports::due;

/// What must stay, and what somebody can do about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Needed {
    /// The first day that somebody still needs; today when no company was ever watched.
    pub from: Date,
    /// None when nothing waits: the last two months stay anyway.
    pub held_by: Option<Holds>,
}

/// What keeps old detections. Its words go to the program's log and name no person and no company.
#[derive(Clone, Debug, PartialEq)]
pub enum Holds {
    /// A day that nobody signed, or to which detections came that nobody looked at.
    Day(Date),
    /// A report that its company does not have.
    Report {
        receipt_number: String,
        month: Month,
    },
    /// More devices are watched than are looked at.
    TooMany,
}

impl fmt::Display for Holds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Holds::Day(day) => write!(f, "the daily check of {day} is not finished"),
            Holds::Report {
                receipt_number,
                month,
            } => write!(f, "the report {month} of {receipt_number} is not out"),
            Holds::TooMany => f.write_str("more devices are watched than can be looked at"),
        }
    }
}

impl Needed {
    /// What somebody should finish so that what is older than it is kept can go; none when nothing is held for longer.
    pub fn held(&self, today: Date, keep: Keep) -> Option<&Holds> {
        let kept_from = today.saturating_sub(keep.line_days.min(keep.days).days());
        self.held_by.as_ref().filter(|_| self.from < kept_from)
    }
}

/// What somebody still needs.
///
/// A report compares with the month before, so that one is needed too: last month and its predecessor always, and those of every report that its
/// company does not have. A report that is out is frozen and needs nothing. Days that nobody signed, and days with late detections that nobody
/// looked at, are needed as long as they are asked for.
///
/// # Errors
/// The database could not be read.
pub fn needed(tx: &mut Tx, now: Timestamp) -> Result<Needed, StoreError> {
    let today = tokyo_date(now);
    let watched = telemetry_source::watched(tx, Timestamp::UNIX_EPOCH, now)?;
    let Some(first) = watched.iter().map(|one| one.source.from).min() else {
        return Ok(Needed {
            from: today,
            held_by: None,
        });
    };
    if watched.len() >= MOST_WATCHED as usize {
        // Nobody knows whom we do not see, so everything stays.
        return Ok(Needed {
            from: Date::MIN,
            held_by: Some(Holds::TooMany),
        });
    }
    let last = due::last_month(now);
    let mut needed = Needed {
        from: last.before().first_day(),
        held_by: None,
    };
    if let Some(day) = missed::first_waiting(tx, today)?.filter(|day| *day < needed.from) {
        needed = Needed {
            from: day,
            held_by: Some(Holds::Day(day)),
        };
    }
    let mut month = Month::of(tokyo_date(first));
    while month <= last && month.before().first_day() < needed.from {
        let mut due = due::of_month(tx, month)?.into_iter();
        if let Some(open) = due.find(|line| !line.state().is_out()) {
            needed = Needed {
                from: month.before().first_day(),
                held_by: Some(Holds::Report {
                    receipt_number: open.receipt_number,
                    month,
                }),
            };
        }
        month = month.after();
    }
    Ok(needed)
}
