//! What every handler and job has in hand.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::Arc;

use sonae_core::calendar::Calendar;
use sonae_core::program::Program;
use sonae_db::{Db, Tx};
use sonae_store::StoreError;

use crate::clock::Clock;
use crate::config::ServeArgs;
use crate::intake::Intake;
use crate::links::LinkSecret;
use crate::mail::Mailer;
use crate::mail::maildir::Maildir;
use crate::mail::transport::Transport;
use crate::metrics::Metrics;
use crate::office::revisions::Revisions;
use crate::webhook::client::Client;

/// The running program; cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Inner>);

pub struct Inner {
    pub db: Arc<Db>,
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

/// The programmes this office runs, with the calendar of each.
pub struct Programs(BTreeMap<String, Arc<Running>>);

/// One programme and its office's business days.
pub struct Running {
    pub program: Arc<Program>,
    pub calendar: Calendar,
}

impl Programs {
    pub fn new(programs: Vec<Program>) -> Programs {
        let running = programs.into_iter().map(|program| {
            let calendar = program.calendar();
            (
                program.id().to_owned(),
                Arc::new(Running {
                    program: Arc::new(program),
                    calendar,
                }),
            )
        });
        Programs(running.collect())
    }

    pub fn get(&self, id: &str) -> Option<&Arc<Running>> {
        self.0.get(id)
    }

    /// In the order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Running>> {
        self.0.values()
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
}

async fn blocking<T: Send + 'static>(
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
