//! What every handler and job has in hand.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::{Arc, PoisonError, RwLock};

use sonae_core::calendar::Calendar;
use sonae_core::program::Program;
use sonae_db::{Db, Tx};
use sonae_store::StoreError;
use sonae_telemetry::TelemetryError;
use sonae_telemetry::detections::Detections;

use crate::clock::Clock;
use crate::config::ServeArgs;
use crate::intake::Intake;
use crate::links::LinkSecret;
use crate::mail::Mailer;
use crate::mail::maildir::Maildir;
use crate::mail::transport::Transport;
use crate::metrics::Metrics;
use crate::office::revisions::Revisions;
use crate::telemetry::ledger::Ledger;
use crate::telemetry::opened::Opened;
use crate::telemetry::receiving::Receiving;
use crate::telemetry::writer::Writer;
use crate::webhook::client::Client;

/// The running program; cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Inner>);

pub struct Inner {
    pub db: Arc<Db>,
    /// What devices sent, in a database of its own that is opened when it is first asked.
    pub detections: Arc<Opened>,
    /// The one that stores them.
    pub writer: Writer,
    pub receiving: Arc<Receiving>,
    /// Which devices were heard, and what they sent that was not taken.
    pub ledger: Ledger,
    pub clock: Clock,
    pub programs: Arc<Programs>,
    pub intake: Intake,
    pub mailer: Arc<Mailer>,
    pub transport: Transport,
    /// Where incoming mails are laid down, if anywhere.
    pub inbox: Option<Maildir>,
    pub webhooks: Client,
    pub links: LinkSecret,
    /// Programmes in revisions that are no longer served.
    pub revisions: Revisions,
    pub metrics: Metrics,
    /// The beginning of every link we give out, without a slash at the end.
    pub base_url: String,
    pub config: ServeArgs,
}

impl Deref for App {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

/// The programmes this office runs, with the calendar of each, in the revisions that are served now.
///
/// A revision stays in memory as long as the program runs: publishing is a rare act, and whoever reads a programme need not care that
/// another one is served meanwhile.
pub struct Programs(RwLock<BTreeMap<String, &'static Arc<Running>>>);

/// One programme and its office's business days.
pub struct Running {
    pub program: Arc<Program>,
    pub calendar: Calendar,
}

impl Programs {
    pub fn new(programs: Vec<Program>) -> Programs {
        let served = Programs(RwLock::default());
        for program in programs {
            served.serve(Arc::new(Running::new(program)));
        }
        served
    }

    pub fn get(&self, id: &str) -> Option<&Arc<Running>> {
        let served = self.0.read().unwrap_or_else(PoisonError::into_inner);
        served.get(id).copied()
    }

    /// In the order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Running>> {
        let served = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let all: Vec<&'static Arc<Running>> = served.values().copied().collect();
        all.into_iter()
    }

    /// Serves a revision from now on.
    pub fn serve(&self, running: Arc<Running>) {
        let id = running.program.id().to_owned();
        let mut served = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let same = |old: &&'static Arc<Running>| old.program.revision == running.program.revision;
        if served.get(&id).is_none_or(|old| !same(old)) {
            served.insert(id, Box::leak(Box::new(running)));
        }
    }
}

impl Running {
    pub fn new(program: Program) -> Running {
        Running {
            calendar: program.calendar(),
            program: Arc::new(program),
        }
    }
}

impl App {
    pub fn new(inner: Inner) -> App {
        App(Arc::new(inner))
    }

    /// Reads the database on a thread that may block.
    pub async fn read<T: Send + 'static>(
        &self,
        work: impl FnMut(&mut Tx) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let db = self.db.clone();
        blocking(move || db.read(work)).await
    }

    /// Changes the database in one durable transaction, on a thread that may block. `work` may run several times.
    pub async fn write<T: Send + 'static>(
        &self,
        work: impl FnMut(&mut Tx) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let db = self.db.clone();
        blocking(move || db.write(work)).await
    }

    /// Asks the detections, or stores some, on a thread that may block.
    ///
    /// # Errors
    /// Those of `work`, and those of opening the detections.
    pub async fn detections<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Detections) -> Result<T, TelemetryError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let opened = self.detections.clone();
        blocking(move || work(opened.get()?).map_err(stored)).await
    }
}

/// The pages know the store's errors; those of the detections mean the same.
pub(crate) fn stored(error: TelemetryError) -> StoreError {
    match error {
        TelemetryError::Db(error) => StoreError::Db(error),
        TelemetryError::Damaged(what) => StoreError::Damaged(what),
    }
}

pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(stopped) => match stopped.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => Err(StoreError::Damaged("the program is stopping".into())),
        },
    }
}
