//! The one writer of this node's detections: batches queue in the order they come and are stored in groups, one durable transaction a group.
//!
//! Whoever receives lines prepares a batch (`Batch::prepare`) on a thread that may block, then either
//! - [`Writer::offer`]s it: with the queue full it is refused at once, so that the sender can be told to come back (HTTPS), or
//! - [`Writer::store`]s it: waits for room, so that the receiver reads no further meanwhile (syslog over TCP).
//!
//! Both answer after the commit that holds the batch, never before. A caller that gives up (its future is dropped) does not take the batch back:
//! it is stored all the same, and the same batch again is answered as one that was stored before.
//!
//! Architecture invariant: what waits here is bounded in bytes and in number by the permits of one semaphore, whoever sends.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use sonae_db::DbError;
use sonae_telemetry::TelemetryError;
use sonae_telemetry::batch::Prepared;
use sonae_telemetry::ingest::{Answer, MOST_BATCHES};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, TryAcquireError, oneshot};

use super::opened::Opened;

/// Kibibytes of batches that may wait or be stored at once.
const QUEUE_KIB: u32 = 48 * 1024;
/// What a batch takes of it at least, so that at most 1,536 wait.
const LEAST_KIB: u32 = 32;
/// Bytes that a line's figures may take beside its block, at most as a rule.
const FIGURES: usize = 128;
/// Kibibytes of a group; a larger one does not commit faster, it only answers later.
const GROUP_KIB: u32 = 16 * 1024;

/// Why a batch was not stored. It can be given again as it was.
#[derive(Debug, thiserror::Error)]
pub enum NotStored {
    /// Too much waits already.
    #[error("the queue of detections is full")]
    Full,
    /// The program is stopping.
    #[error("the writer of detections is stopping")]
    Closing,
    #[error(transparent)]
    Failed(#[from] TelemetryError),
    /// A defect: the work panicked. Nothing of the group was stored.
    #[error("storing detections panicked")]
    Panicked,
}

type Reply = oneshot::Sender<Result<Answer, NotStored>>;

struct Waiting {
    batch: Prepared,
    reply: Reply,
    kib: u32,
    /// Goes back when the batch was stored.
    _room: OwnedSemaphorePermit,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Waiting>,
    closing: bool,
}

#[derive(Default)]
struct Desk {
    queue: Mutex<Queue>,
    arrived: Condvar,
    counters: Counters,
}

/// What the writer did since the program began.
#[derive(Default)]
struct Counters {
    batches: AtomicU64,
    lines: AtomicU64,
    again: AtomicU64,
    refused: AtomicU64,
    failed: AtomicU64,
    groups: AtomicU64,
}

/// The same as numbers, for `/metrics`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// Batches that were stored, and their lines.
    pub batches: u64,
    pub lines: u64,
    /// Batches that came again, or under the id of another one, or from another place of a file.
    pub again: u64,
    /// Batches that found the queue full.
    pub refused: u64,
    /// Batches that could not be stored.
    pub failed: u64,
    /// Transactions.
    pub groups: u64,
    /// Batches that wait now, and the kibibytes of the queue that they and those that are being stored take.
    pub waiting: u64,
    pub kib: u64,
}

/// The writer of this node.
pub struct Writer {
    desk: Arc<Desk>,
    room: Arc<Semaphore>,
    /// How much the whole room is.
    kib: usize,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Writer {
    /// Begins to write: one thread takes the groups.
    pub fn open(detections: Arc<Opened>) -> Writer {
        Writer::with_room(detections, QUEUE_KIB)
    }

    /// The same with another queue, for tests.
    pub fn with_room(detections: Arc<Opened>, kib: u32) -> Writer {
        let desk = Arc::new(Desk::default());
        let thread = std::thread::Builder::new()
            .name("detections".into())
            .spawn({
                let desk = desk.clone();
                move || desk.work(&detections)
            })
            .expect("a thread can be started at start-up");
        Writer {
            desk,
            room: Arc::new(Semaphore::new(kib as usize)),
            kib: kib as usize,
            thread: Mutex::new(Some(thread)),
        }
    }

    /// Stores a batch durably, if there is room for it now.
    ///
    /// # Errors
    /// `Full` at once; the others after the attempt.
    pub async fn offer(&self, batch: Prepared) -> Result<Answer, NotStored> {
        let kib = weight(&batch);
        match self.room.clone().try_acquire_many_owned(kib) {
            Ok(room) => self.put(batch, kib, room).await,
            Err(TryAcquireError::NoPermits) => {
                self.desk.counters.refused.fetch_add(1, Relaxed);
                Err(NotStored::Full)
            }
            Err(TryAcquireError::Closed) => Err(NotStored::Closing),
        }
    }

    /// Stores a batch durably, as soon as there is room for it; those who wait get it in the order they came.
    ///
    /// # Errors
    /// All but `Full`.
    pub async fn store(&self, batch: Prepared) -> Result<Answer, NotStored> {
        let kib = weight(&batch);
        match self.room.clone().acquire_many_owned(kib).await {
            Ok(room) => self.put(batch, kib, room).await,
            Err(_) => Err(NotStored::Closing),
        }
    }

    async fn put(
        &self,
        batch: Prepared,
        kib: u32,
        room: OwnedSemaphorePermit,
    ) -> Result<Answer, NotStored> {
        let (reply, answer) = oneshot::channel();
        {
            let mut queue = self.desk.lock();
            if queue.closing {
                return Err(NotStored::Closing);
            }
            queue.waiting.push_back(Waiting {
                batch,
                reply,
                kib,
                _room: room,
            });
        }
        self.desk.arrived.notify_one();
        answer.await.unwrap_or(Err(NotStored::Panicked))
    }

    /// What was done so far and what waits now.
    pub fn counted(&self) -> Counted {
        let count = |counter: &AtomicU64| counter.load(Relaxed);
        let counters = &self.desk.counters;
        let queue = self.desk.lock();
        Counted {
            batches: count(&counters.batches),
            lines: count(&counters.lines),
            again: count(&counters.again),
            refused: count(&counters.refused),
            failed: count(&counters.failed),
            groups: count(&counters.groups),
            waiting: queue.waiting.len() as u64,
            kib: self.kib.saturating_sub(self.room.available_permits()) as u64,
        }
    }

    /// Stores what waits, takes nothing more, and waits for the thread.
    pub fn close(&self) {
        self.room.close();
        self.desk.lock().closing = true;
        self.desk.arrived.notify_one();
        let thread = (self.thread.lock())
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(thread) = thread {
            // Its panics are caught at each group, so there is nothing to learn from a failed join.
            let _ = thread.join();
        }
    }
}

impl Drop for Writer {
    /// The thread ends by itself when nothing waits any more; nobody waits for it here.
    fn drop(&mut self) {
        self.desk.lock().closing = true;
        self.desk.arrived.notify_one();
    }
}

/// What a batch takes of the queue; never more than a group, so that the largest one fits too.
fn weight(batch: &Prepared) -> u32 {
    let bytes = batch.bytes() + batch.counts().lines as usize * FIGURES;
    u32::try_from(bytes.div_ceil(1024))
        .unwrap_or(u32::MAX)
        .clamp(LEAST_KIB, GROUP_KIB)
}

impl Desk {
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn work(&self, detections: &Opened) {
        while let Some(group) = self.next_group() {
            let (batches, rest): (Vec<_>, Vec<_>) = (group.into_iter())
                .map(|one| (one.batch, (one.reply, one._room)))
                .unzip();
            let answers = attempt(detections, &batches);
            self.counters.groups.fetch_add(1, Relaxed);
            drop(batches);
            for ((reply, room), answer) in rest.into_iter().zip(answers) {
                self.count(&answer);
                drop(room);
                // The sender may have gone; what is stored stays stored and the batch's id gives the answer again.
                let _ = reply.send(answer);
            }
        }
    }

    fn count(&self, answer: &Result<Answer, NotStored>) {
        let counters = &self.counters;
        match answer {
            Ok(Answer::Stored(counts)) => {
                counters.batches.fetch_add(1, Relaxed);
                counters.lines.fetch_add(counts.lines as u64, Relaxed);
            }
            Ok(_) => {
                counters.again.fetch_add(1, Relaxed);
            }
            Err(error) => {
                counters.failed.fetch_add(1, Relaxed);
                tracing::warn!(%error, "a batch of detections was not stored");
            }
        }
    }

    /// Waits for the next group; none when the writer is closed and nothing waits.
    fn next_group(&self) -> Option<Vec<Waiting>> {
        let mut queue = self.lock();
        while queue.waiting.is_empty() {
            if queue.closing {
                return None;
            }
            queue = (self.arrived.wait(queue)).unwrap_or_else(PoisonError::into_inner);
        }
        let mut kib = 0;
        let fits = |one: &&Waiting| {
            kib += one.kib;
            kib <= GROUP_KIB
        };
        let size = queue.waiting.iter().take(MOST_BATCHES).take_while(fits);
        let size = size.count().max(1);
        Some(queue.waiting.drain(..size).collect())
    }
}

fn attempt(detections: &Opened, group: &[Prepared]) -> Vec<Result<Answer, NotStored>> {
    let work = || match detections.get() {
        Ok(detections) => (detections.store(group).into_iter())
            .map(|answer| answer.map_err(NotStored::from))
            .collect(),
        Err(error) => group.iter().map(|_| Err(closed(&error))).collect(),
    };
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| group.iter().map(|_| Err(NotStored::Panicked)).collect())
}

fn closed(error: &DbError) -> NotStored {
    NotStored::Failed(TelemetryError::Db(error.clone()))
}
