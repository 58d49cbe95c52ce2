//! Taking jobs. A worker of the library dies of a single error of the database; the next one takes its place
//! under another name. Refuses to end, and to fetch what there is no room for.

use std::future::{Ready, ready};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use apalis::prelude::{BackendExt, PollSnapshot, PollStrategy, WorkerBuilder, WorkerContext, WorkerError};
use apalis_postgres::PostgresStorage;
use apalis_sqlite::SqliteStorage;
use futures_util::{Stream, StreamExt, stream};
use tokio::sync::watch;

use super::{Job, Queue, Stored};
use crate::Store;
use crate::connection::Conn;

/// How often somebody looks for jobs that another process pushed.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How often a worker gives a sign of life.
const HEARTBEAT: Duration = Duration::from_secs(5);
/// After how many of them that did not come others take over what it had fetched and not begun.
const MISSED: usize = 6;
/// How long after an error the next worker begins.
const PAUSE: Duration = Duration::from_secs(1);

/// Takes a job in hand, or not, and does not wait; tells whether there is room for another one after it.
pub type Take = Arc<dyn Fn(Job) -> bool + Send + Sync>;

/// Who listens, to what, and when.
#[derive(Clone, Debug)]
pub struct Listening {
    /// The queue.
    pub queue: Queue,
    /// A name for operators.
    pub worker: String,
    /// Changes when a job was pushed in this process.
    pub pushed: watch::Receiver<()>,
    /// How many jobs more can be taken.
    pub room: watch::Receiver<usize>,
}

/// Listens until it is dropped. A job that was not taken in hand is over all the same: while its run is due
/// it is pushed anew.
pub async fn listen(store: &Store, listening: Listening, take: Take) {
    loop {
        // A name that was used by a worker who may still live is refused.
        let worker = WorkerContext::new(&format!("{}-{}", listening.worker, uuid::Uuid::now_v7()));
        let ended = tokio::select! {
            ended = work(store, &worker, &listening, Arc::clone(&take)) => ended,
            () = go_on(&worker, listening.room.clone()) => Ok(()),
        };
        if let Err(error) = ended {
            tracing::warn!(
                queue = listening.queue.0,
                error = &error as &dyn std::error::Error,
                "jobs could not be fetched; another worker begins in a moment"
            );
        }
        tokio::time::sleep(PAUSE).await;
    }
}

async fn work(
    store: &Store,
    worker: &WorkerContext,
    Listening { queue: Queue(queue), pushed, .. }: &Listening,
    take: Take,
) -> Result<(), WorkerError> {
    let looks = Looks::new(pushed.clone());
    let begun = beginning(take);
    // What is fetched is in hand at once or over: there is nothing to lock twice.
    if store.is_sqlite() {
        let pool = store.connection().get_sqlite_connection_pool();
        let config = apalis_sqlite::Config::default()
            .queue(queue)
            .batch_size(1)
            .heartbeat_interval(HEARTBEAT)
            .missed_heartbeats(MISSED)
            .lock_tasks(false);
        let backend = SqliteStorage::<Stored>::new(pool).with_config(config).poll_with_strategy(looks);
        WorkerBuilder::new(worker).backend(backend).build(begun).run().await
    } else {
        let pool = store.connection().get_postgres_connection_pool();
        let config = apalis_postgres::Config::default()
            .queue(queue)
            .batch_size(1)
            .heartbeat_interval(HEARTBEAT)
            .missed_heartbeats(MISSED)
            .lock_tasks(false);
        let backend = PostgresStorage::<Stored>::new(pool).with_config(config).poll_with_strategy(looks);
        WorkerBuilder::new(worker).backend(backend).build(begun).run().await
    }
}

/// What a worker does with a job: hand it over, and pause before the next fetch if there is no room left. A
/// job that waited here would be kept from processes with room.
fn beginning(take: Take) -> impl Fn(Stored, WorkerContext) -> Ready<()> + Clone + Send + 'static {
    move |stored, worker| {
        let room = stored.job().is_none_or(|job| take(job));
        // It pauses only while it runs, and one that ends needs no pause.
        if !room && worker.pause().is_err() {
            tracing::debug!("a worker that ends was not paused");
        }
        ready(())
    }
}

/// Lets a paused worker go on whenever there is room.
async fn go_on(worker: &WorkerContext, mut room: watch::Receiver<usize>) {
    while room.changed().await.is_ok() {
        let free = *room.borrow_and_update();
        if free > 0 && worker.is_paused() && worker.resume().is_err() {
            tracing::debug!("a worker that ends does not go on");
        }
    }
}

/// When a worker looks: on every wake, and it is woken now and then, and whenever something was pushed.
struct Looks(Pin<Box<dyn Stream<Item = ()> + Send>>);

impl Looks {
    fn new(pushed: watch::Receiver<()>) -> Self {
        let looks = stream::unfold(pushed, |mut pushed| async move {
            match tokio::time::timeout(LOOK_EVERY, pushed.changed()).await {
                Ok(Err(_)) => None,
                Ok(Ok(())) | Err(_) => Some(((), pushed)),
            }
        });
        Self(Box::pin(looks.fuse()))
    }
}

impl PollStrategy for Looks {
    /// Reads until nothing is left: only then will the next look wake the worker.
    fn poll_drive(&mut self, context: &mut Context<'_>, _: &PollSnapshot) -> Poll<Option<()>> {
        while self.0.as_mut().poll_next(context) == Poll::Ready(Some(())) {}
        Poll::Ready(Some(()))
    }
}
