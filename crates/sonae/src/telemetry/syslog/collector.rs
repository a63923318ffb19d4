//! From what came at the ports to the store: lines of at most a second are put together, one batch for each device, and handed to the writer.
//!
//! A batch is known by this run of the program and its place within it, as if the run were a file: trying again after a failure whose outcome is
//! not known never counts a line twice, and a device leaves one row for each run instead of one for each batch.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use sonae_telemetry::TelemetryError;
use sonae_telemetry::batch::{self, Batch, Origin, Prepared};
use sonae_telemetry::block::Packer;
use sonae_telemetry::detection::{Record, Why as Unread};
use sonae_telemetry::device_clock::Arrival;
use sonae_telemetry::ingest::Answer;
use sonae_telemetry::lines::Piece;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout, timeout_at};

use super::gate::Delivery;
use super::parcel::Mark;
use crate::app::App;
use crate::chance;
use crate::telemetry::ledger::Why;
use crate::telemetry::reading::Reader;
use crate::telemetry::writer::NotStored;

/// How long lines wait for others: what a crash can lose, at most, beside what is being stored.
const GATHER: Duration = Duration::from_secs(1);
/// Lines after which nothing is waited for.
const ENOUGH: usize = 10_000;
/// How long to rest after a failure, doubled each time up to the second.
const RESTS: (Duration, Duration) = (Duration::from_millis(500), Duration::from_secs(30));
/// How often lines are tried that fail though the database answers.
const MOST_ATTEMPTS: u32 = 5;

/// Lines of one device that are stored together.
struct Pile {
    deliveries: Vec<Delivery>,
    received: Timestamp,
    from: u64,
    to: u64,
}

/// What became of a pile.
enum Outcome {
    Stored,
    /// It may be tried again; whether the fault may be its own.
    Failed {
        own: bool,
    },
}

pub(super) struct Collector {
    app: App,
    queue: UnboundedReceiver<Delivery>,
    stop: watch::Receiver<bool>,
    run: String,
    /// How many lines of each device this run has stored or given up.
    reached: HashMap<String, u64>,
}

impl Collector {
    pub(super) fn new(
        app: App,
        queue: UnboundedReceiver<Delivery>,
        stop: watch::Receiver<bool>,
    ) -> Collector {
        let run = format!("syslog-{}", chance::id(app.clock.now()));
        Collector {
            app,
            queue,
            stop,
            run,
            reached: HashMap::new(),
        }
    }

    /// Stores what comes until every port is closed.
    pub(super) async fn work(mut self) {
        while let Some(piles) = self.gather().await {
            self.store(piles).await;
        }
    }

    async fn gather(&mut self) -> Option<Vec<Pile>> {
        let first = self.queue.recv().await?;
        let (deadline, received) = (Instant::now() + GATHER, self.app.clock.now());
        let mut lines = 0;
        let mut piles: BTreeMap<String, Vec<Delivery>> = BTreeMap::new();
        let mut next = Some(first);
        while let Some(delivery) = next {
            lines += delivery.parcel.len();
            piles
                .entry(delivery.source.id.clone())
                .or_default()
                .push(delivery);
            next = match lines < ENOUGH {
                true => timeout_at(deadline, self.queue.recv()).await.ok().flatten(),
                false => None,
            };
        }
        let pile = |(id, deliveries): (String, Vec<Delivery>)| {
            let from = self.reached.get(&id).copied().unwrap_or(0);
            let lines: usize = deliveries.iter().map(|one| one.parcel.len()).sum();
            let to = from + lines as u64;
            self.reached.insert(id, to);
            Pile {
                deliveries,
                received,
                from,
                to,
            }
        };
        Some(piles.into_iter().map(pile).collect())
    }

    /// Stores piles, again and again while the database does not answer; meanwhile those who can wait do, and the others' lines are counted.
    async fn store(&mut self, piles: Vec<Pile>) {
        let mut waiting: Vec<Arc<Pile>> = piles.into_iter().map(Arc::new).collect();
        let mut rest = RESTS.0;
        for attempt in 1.. {
            let mut work = JoinSet::new();
            for pile in waiting.drain(..) {
                let (app, run) = (self.app.clone(), self.run.clone());
                work.spawn(async move { (attempt_one(&app, run, pile.clone()).await, pile) });
            }
            let stopping = *self.stop.borrow();
            for (outcome, pile) in work.join_all().await {
                match outcome {
                    Outcome::Stored => {
                        (self.app.ledger).heard(&pile.deliveries[0].source.id, pile.received)
                    }
                    Outcome::Failed { own } if stopping || own && attempt >= MOST_ATTEMPTS => {
                        self.give_up(&pile)
                    }
                    Outcome::Failed { .. } => waiting.push(pile),
                }
            }
            if waiting.is_empty() {
                return;
            }
            let _ = timeout(rest, self.stop.wait_for(|stop| *stop)).await;
            rest = RESTS.1.min(rest * 2);
        }
    }

    fn give_up(&mut self, pile: &Pile) {
        let id = &pile.deliveries[0].source.id;
        let lines = pile.to - pile.from;
        tracing::error!(source = id, lines, "lines could not be stored and are lost");
        (self.app.ledger).refused(id, Why::Lost, lines, self.app.clock.now(), None);
        // What follows begins where the last stored line ended.
        self.reached.insert(id.clone(), pile.from);
    }
}

async fn attempt_one(app: &App, run: String, pile: Arc<Pile>) -> Outcome {
    let to = pile.to;
    let prepared = tokio::task::spawn_blocking(move || prepare(&pile, run)).await;
    let Ok(prepared) = prepared else {
        return Outcome::Failed { own: true };
    };
    match app.writer.store(prepared).await {
        Ok(Answer::ReadTo(place)) if place != to => {
            tracing::error!("lines of this run were stored by somebody else");
            Outcome::Failed { own: true }
        }
        Ok(_) => Outcome::Stored,
        Err(NotStored::Failed(TelemetryError::Damaged(_)) | NotStored::Panicked) => {
            Outcome::Failed { own: true }
        }
        Err(_) => Outcome::Failed { own: false },
    }
}

fn prepare(pile: &Pile, run: String) -> Prepared {
    let source = &pile.deliveries[0].source;
    let received_us = pile.received.as_microsecond();
    let mut packer = Packer::new();
    let mut batch = Batch::begin(
        batch::Source {
            id: source.id.clone(),
            company: source.application_id.clone(),
            device: source.serial.clone(),
        },
        Origin::Read {
            file: run,
            from: pile.from,
            to: pile.to,
        },
        Arrival {
            received_us,
            live: true,
        },
        &mut packer,
    );
    let mut reader = Reader::new(None, received_us);
    for (bytes, mark) in pile.deliveries.iter().flat_map(|one| one.parcel.lines()) {
        match mark {
            Mark::Broken => batch.add(&Record::Unknown(Unread::Broken), bytes),
            Mark::Whole | Mark::TooLong => {
                let too_long = mark == Mark::TooLong;
                reader.add(
                    &mut batch,
                    &Piece {
                        bytes,
                        offset: 0,
                        too_long,
                    },
                );
            }
        }
    }
    batch.prepare()
}
