//! A worker: takes runs one after the other until it is stopped, and lets schedules ask for them. Any
//! number of processes do this at once. Refuses to end for an error.

use std::time::Duration;

use store::save::sources as rows;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::Engine;
use crate::Error;

/// How often somebody looks for runs that another process asked for.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// How often schedules are looked at.
const TICK_EVERY: Duration = Duration::from_secs(15);

impl Engine {
    /// Works until it is dropped; [`Engine::release`] then gives back what it had begun.
    pub async fn work(&self, wake: &Notify) {
        let workers = (0..self.inner.settings.workers.max(1)).map(|_| self.take_runs(wake));
        tokio::join!(futures_util::future::join_all(workers), self.keep_schedules(wake));
    }

    /// Gives back the runs that this worker had begun, so that another goes on with them at once.
    ///
    /// # Errors
    /// When the database cannot be written; then they are taken over after their lease.
    pub async fn release(&self) -> Result<(), Error> {
        Ok(rows::release(&self.inner.store, &self.inner.worker).await?)
    }

    async fn take_runs(&self, wake: &Notify) {
        loop {
            match self.run_next(None, CancellationToken::new(), None).await {
                Ok(Some(finished)) => {
                    tracing::info!(run = %finished.run, state = finished.state.as_str(), "{}", finished.message);
                }
                Ok(None) => {
                    let _ = tokio::time::timeout(LOOK_EVERY, wake.notified()).await;
                }
                Err(error) => pause(&error).await,
            }
        }
    }

    async fn keep_schedules(&self, wake: &Notify) {
        loop {
            match self.tick().await {
                Ok(0) => {}
                Ok(_) => wake.notify_waiters(),
                Err(error) => pause(&error).await,
            }
            tokio::time::sleep(TICK_EVERY).await;
        }
    }
}

/// Says what went wrong and waits a moment before the next try.
async fn pause(error: &Error) {
    tracing::error!(error = error as &dyn std::error::Error, "a sync could not be worked on");
    tokio::time::sleep(Duration::from_secs(1)).await;
}
