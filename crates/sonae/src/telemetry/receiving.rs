//! What receiving over HTTPS may take of this node at once, so that memory and processors stay bounded, whoever sends and however slowly.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::{Body, HttpBody};
use sonae_telemetry::batch::Prepared;
use sonae_telemetry::block::Packer;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::sent::{LARGEST_SENT, Sent, Unfit, prepare};

/// Bytes of batches that are being sent to us or wait to be read.
const BODIES: usize = 64 << 20;
/// How long a batch may take to arrive; a line of 1 Mbit/s brings the largest one in half of it.
const PATIENCE: Duration = Duration::from_secs(120);

/// Why a body was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotTaken {
    /// More than [`LARGEST_SENT`].
    TooLarge,
    /// Others send too much just now.
    Crowded,
    /// The sender broke off or was too slow.
    Incomplete,
}

/// The room that the bytes of a batch take until they are read; it goes back when this is dropped.
#[derive(Default)]
pub struct Room(Option<OwnedSemaphorePermit>);

/// The receiving of this node.
pub struct Receiving {
    bodies: Arc<Semaphore>,
    /// One for each processor.
    turns: Arc<Semaphore>,
    packers: Mutex<Vec<Packer>>,
}

impl Default for Receiving {
    fn default() -> Receiving {
        let processors = std::thread::available_parallelism().map_or(2, usize::from);
        Receiving::with_room(BODIES, processors)
    }
}

impl Receiving {
    /// With room for other numbers of bytes and batches that are read at once.
    pub fn with_room(bytes: usize, turns: usize) -> Receiving {
        Receiving {
            bodies: Arc::new(Semaphore::new(bytes)),
            turns: Arc::new(Semaphore::new(turns)),
            packers: Mutex::default(),
        }
    }

    /// Takes a body as it comes; only what has come counts, so a slow sender takes no room from others.
    ///
    /// # Errors
    /// It is too large, too slow, or there is no room now.
    pub async fn take(&self, body: Body) -> Result<(Vec<u8>, Room), NotTaken> {
        let told = HttpBody::size_hint(&body).lower();
        if told > LARGEST_SENT as u64 {
            return Err(NotTaken::TooLarge);
        }
        let taken = tokio::time::timeout(PATIENCE, self.take_all(body));
        taken.await.unwrap_or(Err(NotTaken::Incomplete))
    }

    async fn take_all(&self, mut body: Body) -> Result<(Vec<u8>, Room), NotTaken> {
        let (mut bytes, mut taken) = (Vec::new(), Room::default());
        while let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
            let frame = frame.map_err(|_| NotTaken::Incomplete)?;
            let Ok(chunk) = frame.into_data() else {
                continue;
            };
            if bytes.len() + chunk.len() > LARGEST_SENT {
                return Err(NotTaken::TooLarge);
            }
            let more = u32::try_from(chunk.len()).unwrap_or(u32::MAX);
            let room = self.bodies.clone().try_acquire_many_owned(more);
            let room = room.map_err(|_| NotTaken::Crowded)?;
            match &mut taken.0 {
                Some(before) => before.merge(room),
                none => *none = Some(room),
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok((bytes, taken))
    }

    /// Reads a batch on a thread that may block, at most one for each processor at once. Its bytes keep their room until it was read.
    ///
    /// # Errors
    /// What the batch is unfit for; none when the program is stopping or the work panicked.
    pub async fn prepare(
        self: &Arc<Self>,
        sent: Sent,
        room: Room,
    ) -> Result<Result<Prepared, Unfit>, Stopped> {
        let turn = (self.turns.clone().acquire_owned().await).map_err(|_| Stopped)?;
        let receiving = self.clone();
        let work = move || {
            let mut packer = receiving.packers().pop().unwrap_or_default();
            let prepared = prepare(sent, &mut packer);
            receiving.packers().push(packer);
            drop((room, turn));
            prepared
        };
        tokio::task::spawn_blocking(work).await.map_err(|_| Stopped)
    }

    fn packers(&self) -> std::sync::MutexGuard<'_, Vec<Packer>> {
        self.packers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The program is stopping, or reading panicked.
#[derive(Debug, thiserror::Error)]
#[error("a batch of detections could not be read to its end")]
pub struct Stopped;
