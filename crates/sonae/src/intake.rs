//! The door: submissions queue in the order they arrive and are received in groups, one durable transaction a group.
//!
//! A commit costs a write to the disk whatever it holds, so while one group is being committed the next one gathers. Each submission is
//! answered after the commit that holds it, never before.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use sonae_db::Db;
use sonae_store::StoreError;
use sonae_store::intake::{Answer, Arrival, Effects, Submission, receive};
use tokio::sync::oneshot;

use crate::clock::Clock;

/// The most that one transaction takes: large enough to share the cost of a commit, small enough to answer soon.
const GROUP: usize = 256;
/// The most that may stand in the queue; beyond it visitors are asked to try again, and memory stays bounded.
const QUEUE: usize = 20_000;

/// What an arrival causes: the caller's rules about mail and clocks.
pub type EffectsOf = dyn Fn(&Submission, &Arrival) -> Effects + Send + Sync;

#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    /// Too many stand in the queue.
    #[error("the queue is full")]
    Crowded,
    /// The program is stopping.
    #[error("the door is closing")]
    Closing,
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A defect: the group's work panicked. Nothing of it was stored.
    #[error("receiving failed")]
    Panicked,
}

type Reply = oneshot::Sender<Result<Answer, IntakeError>>;

#[derive(Default)]
struct Queue {
    waiting: VecDeque<(Submission, Reply)>,
    closing: bool,
}

struct Door {
    queue: Mutex<Queue>,
    arrived: Condvar,
}

/// The door of this node.
pub struct Intake {
    door: Arc<Door>,
    clock: Clock,
    clerk: Mutex<Option<JoinHandle<()>>>,
}

impl Intake {
    /// Opens the door: one thread takes the groups.
    pub fn open(db: Arc<Db>, clock: Clock, effects: Box<EffectsOf>) -> Intake {
        let door = Arc::new(Door {
            queue: Mutex::default(),
            arrived: Condvar::new(),
        });
        let clerk = std::thread::Builder::new()
            .name("intake".into())
            .spawn({
                let door = door.clone();
                move || door.work(&db, &*effects)
            })
            .expect("a thread can be started at start-up");
        Intake {
            door,
            clock,
            clerk: Mutex::new(Some(clerk)),
        }
    }

    /// Puts a submission at the end of the queue and waits until it is durably received or refused.
    ///
    /// Its `arrived_at` is set here, under the queue's lock, so that order and time of arrival agree.
    pub async fn submit(&self, mut submission: Submission) -> Result<Answer, IntakeError> {
        let (reply, answer) = oneshot::channel();
        {
            let mut queue = self.door.lock();
            if queue.closing {
                return Err(IntakeError::Closing);
            }
            if queue.waiting.len() >= QUEUE {
                return Err(IntakeError::Crowded);
            }
            submission.arrived_at = self.clock.now();
            queue.waiting.push_back((submission, reply));
        }
        self.door.arrived.notify_one();
        answer.await.unwrap_or(Err(IntakeError::Panicked))
    }

    /// How many stand in the queue now.
    pub fn waiting(&self) -> usize {
        self.door.lock().waiting.len()
    }

    /// Receives everything that stands in the queue, takes nothing more, and waits for the clerk.
    pub fn close(&self) {
        self.door.lock().closing = true;
        self.door.arrived.notify_one();
        if let Some(clerk) = self
            .clerk
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
        {
            // The clerk's own panics are caught at each group, so there is nothing to learn from a failed join.
            let _ = clerk.join();
        }
    }
}

impl Door {
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn work(&self, db: &Db, effects: &EffectsOf) {
        while let Some((group, replies)) = self.next_group() {
            let answers = take(db, &group, effects);
            for (reply, answer) in replies.into_iter().zip(answers) {
                // The visitor may have gone; what is received stays received and the key gives the receipt again.
                let _ = reply.send(answer);
            }
        }
    }

    /// Waits for the next group; none when the door is closed and the queue is empty.
    fn next_group(&self) -> Option<(Vec<Submission>, Vec<Reply>)> {
        let mut queue = self.lock();
        while queue.waiting.is_empty() {
            if queue.closing {
                return None;
            }
            queue = self
                .arrived
                .wait(queue)
                .unwrap_or_else(PoisonError::into_inner);
        }
        let size = queue.waiting.len().min(GROUP);
        Some(queue.waiting.drain(..size).unzip())
    }
}

/// Receives a group; when the group as a whole fails, each by itself, so that one bad submission harms nobody else.
fn take(db: &Db, group: &[Submission], effects: &EffectsOf) -> Vec<Result<Answer, IntakeError>> {
    match attempt(db, group, effects) {
        Ok(answers) => answers.into_iter().map(Ok).collect(),
        Err(error) if group.len() == 1 => vec![Err(error)],
        Err(error) => {
            tracing::warn!(group = group.len(), %error, "a group of submissions is received one by one");
            group
                .iter()
                .map(|submission| {
                    let mut answers = attempt(db, std::slice::from_ref(submission), effects)?;
                    answers.pop().ok_or(IntakeError::Panicked)
                })
                .collect()
        }
    }
}

fn attempt(db: &Db, group: &[Submission], effects: &EffectsOf) -> Result<Vec<Answer>, IntakeError> {
    let work = AssertUnwindSafe(|| db.write(|tx| receive(tx, group, effects)));
    match catch_unwind(work) {
        Ok(result) => Ok(result?),
        Err(_) => Err(IntakeError::Panicked),
    }
}
