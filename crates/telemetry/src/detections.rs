//! The detections of one office, wherever they lie: what pages, jobs and the interface ask and store goes through here, so that none of them knows
//! on which engine they stand.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use sonae_db::Db;

use crate::batch::Prepared;
use crate::ingest::{self, Answer};
use crate::questions::cohort::{self, Cohort};
use crate::questions::findings::{self, DayTotal, Finding};
use crate::questions::month;
use crate::questions::needle::{self, Needle};
use crate::questions::search::{self, Line, Page, Place, Wanted};
use crate::questions::sources::{self, Delivered};
use crate::questions::unread::{self, Unread};
use crate::{Day, Dictionary, Month, TelemetryError};

/// The detections; share it by reference. Errors of every question and of `store`: those of the database, and damaged blocks.
pub struct Detections {
    db: Db,
    /// What writers know to be committed. Held while a group is stored: writers of one database take turns anyway.
    dictionary: Mutex<Dictionary>,
}

impl Detections {
    pub fn new(db: Db) -> Detections {
        Detections {
            db,
            dictionary: Mutex::default(),
        }
    }

    /// The database itself, for what is done by commands: export, verify, forget, retention.
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// Stores batches durably, each once; a batch that cannot be stored harms no other.
    pub fn store(&self, group: &[Prepared]) -> Vec<Result<Answer, TelemetryError>> {
        // A dictionary holds only what is committed, so one that a panic left behind is right.
        let mut dictionary = (self.dictionary.lock()).unwrap_or_else(PoisonError::into_inner);
        ingest::store_each(&self.db, &mut dictionary, group)
    }

    /// How far a file of a source was read, in bytes.
    pub fn read_to(&self, source: &str, file: &str) -> Result<u64, TelemetryError> {
        self.db.read(|tx| ingest::read_to(tx, source, file))
    }

    /// A company's month; `watched` are the first and the last day on which its devices should have been heard.
    pub fn month(
        &self,
        company: &str,
        month: Month,
        watched: (Day, Day),
    ) -> Result<month::Figures, TelemetryError> {
        (self.db).read(|tx| month::figures(tx, company, month, watched))
    }

    /// Many companies' month, nobody recognisable.
    pub fn cohort(&self, cohort: &Cohort, month: Month) -> Result<cohort::Figures, TelemetryError> {
        self.db.read(|tx| cohort::figures(tx, cohort, month))
    }

    /// A company's findings of a day, the gravest first, and how many there are in all.
    pub fn findings(
        &self,
        company: &str,
        day: Day,
    ) -> Result<(Vec<Finding>, usize), TelemetryError> {
        self.db.read(|tx| findings::of_day(tx, company, day))
    }

    /// Every company's totals of a day; a company without any line is not in it.
    pub fn sheet(&self, day: Day) -> Result<BTreeMap<String, DayTotal>, TelemetryError> {
        self.db.read(|tx| findings::sheet(tx, day))
    }

    /// A page of a company's detections, the newest first, within a budget of time.
    pub fn search(
        &self,
        wanted: &Wanted,
        after: Option<Place>,
        limit: usize,
        budget: Duration,
    ) -> Result<Page, TelemetryError> {
        (self.db).read(|tx| search::page(tx, wanted, after, limit, budget))
    }

    /// One line with its raw text.
    pub fn line(
        &self,
        company: &str,
        day: Day,
        number: i64,
    ) -> Result<Option<Line>, TelemetryError> {
        self.db.read(|tx| search::line(tx, company, day, number))
    }

    /// What each source of a company delivered since its beginning; one that delivered nothing is not in it.
    pub fn delivered(&self, company: &str) -> Result<Vec<Delivered>, TelemetryError> {
        self.db.read(|tx| sources::delivered(tx, company))
    }

    /// The lines of a company that nothing could read, within some days: how many and why, and the newest.
    pub fn unread(
        &self,
        company: &str,
        days: (Day, Day),
        limit: usize,
    ) -> Result<Unread, TelemetryError> {
        self.db.read(|tx| unread::unread(tx, company, days, limit))
    }

    /// Where one address or host was met, over every company.
    pub fn needle(&self, address: &str) -> Result<Needle, TelemetryError> {
        self.db.read(|tx| needle::address(tx, address))
    }
}
