//! A worker: pushes jobs for the runs that are due, takes jobs until it is stopped, lets schedules ask for
//! runs, and follows sources. Any number of processes do this at once: each pushes for all, and whatever one pushed any may take.
//! Refuses to end for an error.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::join_all;
use store::Store;
use store::jobs::{self, Listening, Queue, Take};
use store::save::{periods, remembered, sources as rows};
use tokio::sync::{Notify, watch};

use super::crew::Crew;
use super::{Engine, LEASE};
use crate::Error;

/// How often somebody looks for runs that are due.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How often jobs that are over are deleted.
const SWEEP_EVERY: Duration = Duration::from_secs(10);
/// How often it is seen to what was read long ago.
const FORGET_EVERY: Duration = Duration::from_secs(3600);
/// Days after which what connectors read may be forgotten.
const REMEMBERED_DAYS: i64 = 90;
/// How often schedules are looked at.
const TICK_EVERY: Duration = Duration::from_secs(15);

impl Engine {
    /// Works until it is dropped; [`Engine::release`] then gives back what it had begun.
    pub async fn work(&self, wake: &Notify) {
        let crew = Arc::new(Crew::new(self.clone(), self.inner.settings.workers.max(1)));
        let pushed = watch::Sender::new(());
        let listeners = self.queues().map(|queue| {
            let (worker, room) = (self.inner.worker.clone(), crew.room());
            let listening = Listening { queue, worker, pushed: pushed.subscribe(), room };
            let crew = Arc::clone(&crew);
            let take: Take = Arc::new(move |job| crew.take(job));
            jobs::listen(&self.inner.store, listening, take)
        });
        tokio::join!(
            join_all(listeners),
            self.keep_pushing(wake, &pushed),
            self.keep_schedules(wake),
            self.keep_following(),
            self.keep_tidy()
        );
    }

    /// Gives back the runs that this worker had begun and the sources that it follows, so that another goes on with
    /// them at once.
    ///
    /// # Errors
    /// When the database cannot be written; then they are taken over after their lease.
    pub async fn release(&self) -> Result<(), Error> {
        rows::release(&self.inner.store, &self.inner.worker).await?;
        self.unfollow_all().await
    }

    /// Pushes a job for each run that can be begun now and has none. Tells how many that were. A run is
    /// stored before its job is, so that one without the other is made good here, by any process.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub async fn push_due(&self) -> Result<usize, Error> {
        let store = &self.inner.store;
        Ok(jobs::push(store, &rows::startable(store, LEASE, self.now()).await?).await?)
    }

    /// The queues of which this process can do every job.
    fn queues(&self) -> impl Iterator<Item = Queue> {
        let of_files = self.inner.names.iter().map(|name| Queue::of_file(name));
        std::iter::once(Queue::of_pages()).chain(of_files)
    }

    async fn keep_pushing(&self, wake: &Notify, pushed: &watch::Sender<()>) {
        loop {
            match self.push_due().await {
                Ok(0) => {}
                Ok(_) => drop(pushed.send(())),
                Err(error) => pause(&error).await,
            }
            let _ = tokio::time::timeout(LOOK_EVERY, wake.notified()).await;
        }
    }

    async fn keep_schedules(&self, wake: &Notify) {
        loop {
            match self.tick().await {
                Ok(0) => {}
                Ok(_) => wake.notify_one(),
                Err(error) => pause(&error).await,
            }
            tokio::time::sleep(TICK_EVERY).await;
        }
    }

    async fn keep_tidy(&self) {
        let mut forgot = tokio::time::Instant::now();
        loop {
            tokio::time::sleep(SWEEP_EVERY).await;
            let (store, now) = (&self.inner.store, chrono::Utc::now());
            let mut kept = jobs::sweep(store, now).await.map(drop);
            if kept.is_ok() && forgot.elapsed() >= FORGET_EVERY {
                forgot = tokio::time::Instant::now();
                kept = forget(store, now).await;
            }
            if let Err(error) = kept {
                pause(&error.into()).await;
            }
        }
    }
}

/// Forgets some of what connectors read long ago, once a day for all processes.
async fn forget(store: &Store, now: DateTime<Utc>) -> Result<(), store::Error> {
    if periods::begin(store, "forget", TimeDelta::days(1), now).await? {
        remembered::forget(store, now - TimeDelta::days(REMEMBERED_DAYS)).await?;
    }
    Ok(())
}

/// Says what went wrong and waits a moment before the next try.
pub(super) async fn pause(error: &Error) {
    tracing::error!(error = error as &dyn std::error::Error, "a sync could not be worked on");
    tokio::time::sleep(Duration::from_secs(1)).await;
}
