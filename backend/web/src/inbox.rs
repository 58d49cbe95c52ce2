//! The way into the inbox of runtime events: bodies that arrive together are written in one transaction, and each sender
//! hears of it once that is committed. Refuses to wait without bound: when too much waits, senders are told to come again.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use store::Store;
use store::save::inbox::{self, Backlog, Incoming};
use tokio::sync::oneshot;

/// Bodies that wait to be written, at most.
const WAITING: usize = 4_096;
/// Their bytes, beyond the first.
const WAITING_BYTES: usize = 64 << 20;
/// Bodies written in one transaction.
const TOGETHER: usize = 1_000;
/// How long what is known of the backlog stands.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// Seconds after which a sender may come again while bodies are written.
const SOON: u64 = 1;
/// The same while they are read.
const LATER: u64 = 5;

/// How much may wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InboxLimits {
    /// Largest body, in bytes as sent.
    pub body: usize,
    /// Bodies that may wait to be read.
    pub bodies: u64,
    /// Their bytes.
    pub bytes: u64,
}

impl Default for InboxLimits {
    fn default() -> Self {
        Self { body: 1 << 20, bodies: 100_000, bytes: 256 << 20 }
    }
}

/// Why a body was not taken.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// Too much waits, or the database is busy: come again after so many seconds.
    Busy(u64),
    /// The database cannot be asked.
    Store(store::Error),
    /// The database did not take it, which is in the log.
    NotTaken,
}

/// What became of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Taken {
    Durable,
    Busy,
    Not,
}

/// The way in. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Inbox {
    inner: Arc<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    queue: Mutex<Queue>,
    /// Held by whoever writes.
    writing: tokio::sync::Mutex<()>,
    backlog: Mutex<Option<(Instant, Backlog)>>,
}

#[derive(Debug, Default)]
struct Queue {
    bodies: Vec<(Incoming, oneshot::Sender<Taken>)>,
    bytes: usize,
}

impl Inbox {
    /// Takes a body in; it is durable once this returns.
    pub(crate) async fn take(
        &self,
        store: &Store,
        limits: &InboxLimits,
        incoming: Incoming,
    ) -> Result<(), Refusal> {
        let backlog = self.backlog(store).await.map_err(Refusal::Store)?;
        if backlog.bodies >= limits.bodies || backlog.bytes >= limits.bytes {
            return Err(Refusal::Busy(LATER));
        }
        let written = self.queue(incoming)?;
        // Apart from the request, so that a sender who hangs up takes nobody's body along.
        tokio::spawn(Arc::clone(&self.inner).write(store.clone()));
        match written.await {
            Ok(Taken::Durable) => Ok(()),
            Ok(Taken::Busy) => Err(Refusal::Busy(LATER)),
            // The sender's end goes without a word where the process stops.
            Ok(Taken::Not) | Err(_) => Err(Refusal::NotTaken),
        }
    }

    fn queue(&self, incoming: Incoming) -> Result<oneshot::Receiver<Taken>, Refusal> {
        let mut queue = lock(&self.inner.queue);
        let bytes = queue.bytes.saturating_add(incoming.body.len());
        if queue.bodies.len() >= WAITING || (queue.bytes > 0 && bytes > WAITING_BYTES) {
            return Err(Refusal::Busy(SOON));
        }
        let (tell, told) = oneshot::channel();
        queue.bytes = bytes;
        queue.bodies.push((incoming, tell));
        Ok(told)
    }

    /// How much waits to be read, as it was a moment ago.
    async fn backlog(&self, store: &Store) -> Result<Backlog, store::Error> {
        let known = *lock(&self.inner.backlog);
        if let Some((at, backlog)) = known
            && at.elapsed() < LOOK_EVERY
        {
            return Ok(backlog);
        }
        let backlog = inbox::backlog(store).await?;
        *lock(&self.inner.backlog) = Some((Instant::now(), backlog));
        Ok(backlog)
    }
}

impl Inner {
    /// Writes what waits, unless another has done it meanwhile.
    async fn write(self: Arc<Self>, store: Store) {
        let _writing = self.writing.lock().await;
        let waiting = {
            let mut queue = lock(&self.queue);
            let some = queue.bodies.len().min(TOGETHER);
            let waiting: Vec<_> = queue.bodies.drain(..some).collect();
            let bytes: usize = waiting.iter().map(|(body, _)| body.body.len()).sum();
            queue.bytes = queue.bytes.saturating_sub(bytes);
            waiting
        };
        if waiting.is_empty() {
            return;
        }
        let (bodies, senders): (Vec<Incoming>, Vec<_>) = waiting.into_iter().unzip();
        let added = Backlog {
            bodies: bodies.len() as u64,
            bytes: bodies.iter().map(|body| body.body.len() as u64).sum(),
        };
        let taken = match add(&store, bodies).await {
            Ok(()) => {
                if let Some((_, backlog)) = lock(&self.backlog).as_mut() {
                    backlog.bodies += added.bodies;
                    backlog.bytes += added.bytes;
                }
                Taken::Durable
            }
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "events could not be taken in");
                if error.is_transient() { Taken::Busy } else { Taken::Not }
            }
        };
        // Nobody listens any more where a sender hung up.
        for tell in senders {
            // Who waited may have gone.
            let _ = tell.send(taken);
        }
    }
}

async fn add(store: &Store, bodies: Vec<Incoming>) -> Result<(), store::Error> {
    let tx = store.begin().await?;
    inbox::add(&tx, bodies).await?;
    tx.commit().await
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
