//! Every question that is asked of detections, all in one place. Figures read daily and monthly summaries, so they cost the same at any number of
//! events; search and needle read blocks of one company, newest first, and only those that may hold an answer.

pub mod cohort;
pub mod coverage;
pub mod findings;
pub mod month;
pub mod needle;
pub mod search;
pub mod sources;
pub mod unread;
pub mod words;

pub(crate) mod blocks;
pub(crate) mod filter;
mod named;

use sonae_db::Row;

use crate::block;
use crate::detection::{Action, Severity};

/// Events by severity and action, in the order of their numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Split {
    /// Index is `Severity as usize`.
    pub by_severity: [i64; 7],
    /// Index is `Action as usize`.
    pub by_action: [i64; 5],
    pub events: i64,
}

impl Split {
    pub(crate) fn add(&mut self, severity: Severity, action: Action, events: i64) {
        self.by_severity[severity as usize] += events;
        self.by_action[action as usize] += events;
        self.events += events;
    }

    /// What was let through, told only, or of which nobody said what was done.
    pub(crate) fn open(&self) -> i64 {
        let [unknown, _, allowed, detected, _] = self.by_action;
        unknown + allowed + detected
    }
}

fn severity(row: &Row, column: usize) -> Severity {
    block::severity(row.int(column) as u64)
}

fn action(row: &Row, column: usize) -> Action {
    block::action(row.int(column) as u64)
}

/// Statements whose way is checked: name, text, number of values. One that names every company reads one row of each.
pub(crate) const PLANS: &[(&str, &str, usize)] = &[
    ("blocks newest first", blocks::LIST, 6),
    ("needle: months of every company", needle::MONTHS, 1),
    ("needle: months of a host", needle::HOST_MONTHS, 3),
    ("needle: days", needle::DAYS, 4),
    ("cohort", cohort::MONTH, 1),
    ("month", month::SUMMARIES, 3),
    ("month: addresses", month::ADDRESSES, 2),
    ("coverage", coverage::HOURS, 4),
    ("sources", sources::DELIVERED, 2),
    ("findings of every company", findings::SHEET, 1),
];
