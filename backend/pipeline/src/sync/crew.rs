//! The runs under way in this process, so many at once and no more. They are not in the hands of whoever
//! brought the job: a run goes on when its listener has to begin anew. Refuses to let a job wait for room.

use std::sync::{Arc, Mutex, PoisonError};

use store::jobs::Job;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;

use super::Engine;

/// Who works off jobs. Dropped, it drops what is under way.
pub(super) struct Crew {
    engine: Engine,
    places: Arc<Places>,
    runs: Mutex<JoinSet<()>>,
}

/// How many more may work.
struct Places {
    free: Arc<Semaphore>,
    told: watch::Sender<usize>,
}

impl Places {
    fn tell(&self) {
        self.told.send_replace(self.free.available_permits());
    }
}

/// A place that is taken, given back when it is dropped.
struct Place {
    permit: Option<OwnedSemaphorePermit>,
    places: Arc<Places>,
}

impl Drop for Place {
    fn drop(&mut self) {
        drop(self.permit.take());
        self.places.tell();
    }
}

impl Crew {
    /// A crew with this many places.
    pub(super) fn new(engine: Engine, places: usize) -> Self {
        let free = Arc::new(Semaphore::new(places));
        let places = Arc::new(Places { free, told: watch::Sender::new(places) });
        Self { engine, places, runs: Mutex::default() }
    }

    /// How many places are free, now and whenever that changes.
    pub(super) fn room(&self) -> watch::Receiver<usize> {
        self.places.told.subscribe()
    }

    /// Begins a job, if a place is free; tells whether another is.
    pub(super) fn take(&self, job: Job) -> bool {
        if let Ok(permit) = Arc::clone(&self.places.free).try_acquire_owned() {
            let place = Place { permit: Some(permit), places: Arc::clone(&self.places) };
            let mut runs = self.runs.lock().unwrap_or_else(PoisonError::into_inner);
            while let Some(ended) = runs.try_join_next() {
                if let Err(error) = ended {
                    tracing::error!(error = &error as &dyn std::error::Error, "a run broke off");
                }
            }
            runs.spawn(run(self.engine.clone(), job, place));
        }
        self.places.tell();
        self.places.free.available_permits() > 0
    }
}

async fn run(engine: Engine, job: Job, _place: Place) {
    match engine.run_job(job).await {
        Ok(Some(finished)) => {
            tracing::info!(run = %finished.run, state = finished.state.as_str(), "{}", finished.message);
        }
        Ok(None) => tracing::debug!(run = %job.run, attempt = job.attempt, "there was nothing to begin"),
        Err(error) => {
            tracing::error!(run = %job.run, error = &error as &dyn std::error::Error, "a sync could not be worked on");
        }
    }
}
