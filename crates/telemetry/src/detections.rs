//! The detections of one office, wherever they lie: what pages, jobs and the interface ask and store goes through here, so that none of them knows
//! on which engine they stand.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use sonae_db::Db;

use crate::batch::Prepared;
use crate::block::{Entry, Packer};
use crate::cluster::Cluster;
use crate::forget::Proof;
use crate::ingest::{self, Answer};
use crate::questions::cohort::{self, Cohort};
use crate::questions::findings::{self, DayTotal, Finding};
use crate::questions::month;
use crate::questions::needle::{self, Needle};
use crate::questions::search::{self, Line, Page, Place, Wanted};
use crate::questions::sources::{self, Delivered};
use crate::questions::unread::{self, Unread};
use crate::questions::words::{self, UnknownWord};
use crate::retention::{Keep, Removed, Until};
use crate::verify::{Broken, Report};
use crate::{Day, Dictionary, Month, TelemetryError, export, forget, gather, retention, verify};

use Stands::{InDatabase, OnCluster};

/// The detections; share it by reference. Errors of every question and of `store`: those of the database, and damaged blocks. On a cluster an error
/// says which server did not answer, or holds too little; no answer is ever of a part.
pub struct Detections {
    stands: Stands,
    /// What writers know to be committed. Held while a group is stored: writers of one database take turns anyway.
    dictionary: Mutex<Dictionary>,
}

/// On which engine.
enum Stands {
    InDatabase(Db),
    OnCluster(Cluster),
}

impl Detections {
    pub fn new(db: Db) -> Detections {
        Detections {
            stands: InDatabase(db),
            dictionary: Mutex::default(),
        }
    }

    pub fn on_cluster(cluster: Cluster) -> Detections {
        Detections {
            stands: OnCluster(cluster),
            dictionary: Mutex::default(),
        }
    }

    /// The database in whose transactions batches end: on a cluster that of its ledger.
    pub fn db(&self) -> &Db {
        match &self.stands {
            InDatabase(db) => db,
            OnCluster(cluster) => cluster.ledger(),
        }
    }

    /// Stores batches durably, each once; a batch that cannot be stored harms no other.
    pub fn store(&self, group: &[Prepared]) -> Vec<Result<Answer, TelemetryError>> {
        // A dictionary holds only what is committed, so one that a panic left behind is right.
        let mut dictionary = (self.dictionary.lock()).unwrap_or_else(PoisonError::into_inner);
        match &self.stands {
            InDatabase(db) => ingest::store_each(db, &mut dictionary, group),
            OnCluster(cluster) => cluster.store(group),
        }
    }

    /// How far a file of a source was read, in bytes.
    pub fn read_to(&self, source: &str, file: &str) -> Result<u64, TelemetryError> {
        match &self.stands {
            InDatabase(db) => db.read(|tx| ingest::read_to(tx, source, file)),
            OnCluster(cluster) => cluster.read_to(source, file),
        }
    }

    /// A company's month; `watched` are the first and the last day on which its devices should have been heard.
    pub fn month(
        &self,
        company: &str,
        month: Month,
        watched: (Day, Day),
    ) -> Result<month::Figures, TelemetryError> {
        match &self.stands {
            InDatabase(db) => db.read(|tx| month::figures(tx, company, month, watched)),
            OnCluster(cluster) => cluster.month(company, month, watched),
        }
    }

    /// Many companies' month, nobody recognisable.
    pub fn cohort(&self, cohort: &Cohort, month: Month) -> Result<cohort::Figures, TelemetryError> {
        match &self.stands {
            InDatabase(db) => db.read(|tx| cohort::figures(tx, cohort, month)),
            OnCluster(cluster) => cluster.cohort(cohort, month),
        }
    }

    /// A company's findings of a day, the gravest first, and how many there are in all.
    pub fn findings(
        &self,
        company: &str,
        day: Day,
    ) -> Result<(Vec<Finding>, usize), TelemetryError> {
        match &self.stands {
            InDatabase(db) => db.read(|tx| findings::of_day(tx, company, day)),
            OnCluster(cluster) => cluster.findings(company, day),
        }
    }

    /// Every company's totals of a day; a company without any line is not in it.
    pub fn sheet(&self, day: Day) -> Result<BTreeMap<String, DayTotal>, TelemetryError> {
        match &self.stands {
            InDatabase(db) => db.read(|tx| findings::sheet(tx, day)),
            OnCluster(cluster) => cluster.sheet(day),
        }
    }

    /// A page of a company's detections, the newest first, within a budget of time.
    pub fn search(
        &self,
        wanted: &Wanted,
        after: Option<Place>,
        limit: usize,
        budget: Duration,
    ) -> Result<Page, TelemetryError> {
        match &self.stands {
            InDatabase(db) => db.read(|tx| search::page(tx, wanted, after, limit, budget)),
            OnCluster(cluster) => cluster.search(wanted, after, limit, budget),
        }
    }

    /// One line with its raw text.
    pub fn line(
        &self,
        company: &str,
        day: Day,
        number: i64,
    ) -> Result<Option<Line>, TelemetryError> {
        match &self.stands {
            InDatabase(db) => db.read(|tx| search::line(tx, company, day, number)),
            OnCluster(cluster) => cluster.line(company, day, number),
        }
    }

    /// What each source of a company delivered since its beginning; one that delivered nothing is not in it.
    pub fn delivered(&self, company: &str) -> Result<Vec<Delivered>, TelemetryError> {
        match &self.stands {
            InDatabase(db) => db.read(|tx| sources::delivered(tx, company)),
            OnCluster(cluster) => cluster.delivered(company),
        }
    }

    /// The lines of a company that nothing could read, within some days: how many and why, and the newest.
    pub fn unread(
        &self,
        company: &str,
        days: (Day, Day),
        limit: usize,
    ) -> Result<Unread, TelemetryError> {
        match &self.stands {
            InDatabase(db) => db.read(|tx| unread::unread(tx, company, days, limit)),
            OnCluster(cluster) => cluster.unread(company, days, limit),
        }
    }

    /// Words of a company's devices that mean nothing to us yet, the commonest first.
    pub fn unknown_words(&self, company: &str) -> Result<Vec<UnknownWord>, TelemetryError> {
        match &self.stands {
            InDatabase(db) => db.read(|tx| words::unknown(tx, company)),
            OnCluster(cluster) => cluster.unknown_words(company),
        }
    }

    /// Where one address or host was met, over every company.
    pub fn needle(&self, address: &str) -> Result<Needle, TelemetryError> {
        match &self.stands {
            InDatabase(db) => db.read(|tx| needle::address(tx, address)),
            OnCluster(cluster) => cluster.needle(address),
        }
    }

    /// Every stored line of a company within some days, as `export::lines`.
    ///
    /// # Errors
    /// Those of the database, and of `each`, which ends the walk.
    pub fn lines<E: From<TelemetryError> + From<sonae_db::DbError>>(
        &self,
        company: &str,
        days: (Day, Day),
        mut each: impl FnMut(&Entry, Option<&[u8]>) -> Result<(), E>,
    ) -> Result<(), E> {
        match &self.stands {
            InDatabase(db) => db.read(|tx| export::lines(tx, company, days, &mut each)),
            OnCluster(cluster) => cluster.lines(company, days, each),
        }
    }

    /// Puts the small blocks of a day together; gives how many are fewer. On a cluster they stay as they are.
    ///
    /// # Errors
    /// Those of the database, and of damaged blocks.
    pub fn gather(&self, day: Day) -> Result<usize, TelemetryError> {
        match &self.stands {
            InDatabase(db) => gather::day(db, day, &mut Packer::new()),
            OnCluster(_) => Ok(0),
        }
    }

    /// Proves that figures equal what is stored.
    pub fn verify(&self) -> Result<Result<Report, Broken>, TelemetryError> {
        match &self.stands {
            InDatabase(db) => db.read(verify::verify),
            OnCluster(cluster) => cluster.verify(),
        }
    }

    /// Deletes everything of a company, with proof; see `forget::forget`.
    pub fn forget(&self, company: &str) -> Result<Proof, TelemetryError> {
        match &self.stands {
            InDatabase(db) => forget::forget(db, company),
            OnCluster(cluster) => cluster.forget(company),
        }
    }

    /// Removes what is older than it is kept; see `retention::by_age`.
    pub fn by_age(&self, until: Until, keep: Keep) -> Result<Removed, TelemetryError> {
        match &self.stands {
            InDatabase(db) => retention::by_age(db, until, keep),
            OnCluster(cluster) => cluster.by_age(until, keep),
        }
    }

    /// Removes from the old end until no more than `most` bytes are stored; see `retention::by_size`.
    pub fn by_size(&self, until: Until, most: i64) -> Result<Removed, TelemetryError> {
        match &self.stands {
            InDatabase(db) => retention::by_size(db, until, most),
            OnCluster(cluster) => cluster.by_size(until, most),
        }
    }

    /// Bytes of blocks and raw lines: as they are in a database, as they lie on the disks of a cluster (one copy of each).
    pub fn stored(&self) -> Result<i64, TelemetryError> {
        match &self.stands {
            InDatabase(db) => retention::stored(db),
            OnCluster(cluster) => cluster.stored(),
        }
    }
}
