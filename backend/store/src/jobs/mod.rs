//! Jobs in the database, which any number of processes push and take. A job is an offer to begin one attempt
//! of a run; whoever takes it must still win the run's lease, so a job that is lost, pushed twice or taken
//! twice does no harm: what is still due is pushed anew.
//!
//! Refuses to let anyone else name the library that keeps them, and the library's own retries: those come at
//! once, and ours wait.

mod listen;
mod push;
mod schema;
mod sql;
#[cfg(test)]
mod tests;

use domain::id::RunId;
use serde::{Deserialize, Serialize};

pub use listen::{Listening, Take, listen};
pub use push::{Offer, push};
#[cfg(any(test, feature = "test-support"))]
pub(crate) use schema::version;
pub use schema::{check, pending, set_up};
pub use sql::sweep;

use crate::Error;
use crate::sources::Origin;

/// A queue: who listens to it can do every job in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Queue(String);

impl Queue {
    /// Runs of all sources that pages made: any process can do them.
    #[must_use]
    pub fn of_pages() -> Self {
        Self("sync".to_owned())
    }

    /// Runs of one source of the settings file: only processes with this source in their file can do them.
    #[must_use]
    pub fn of_file(source: &str) -> Self {
        Self(format!("sync:{source}"))
    }

    /// The queue of a source.
    #[must_use]
    pub fn of(origin: Origin, source: &str) -> Self {
        match origin {
            Origin::Page => Self::of_pages(),
            Origin::File => Self::of_file(source),
        }
    }
}

/// One attempt of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Job {
    /// The run.
    pub run: RunId,
    /// Which attempt this will be, from 1.
    pub attempt: u64,
}

impl Job {
    /// What tells it from all other jobs.
    fn key(&self) -> String {
        format!("{}-{}", self.run, self.attempt)
    }
}

/// A job as it is stored.
#[derive(Debug, Serialize, Deserialize)]
struct Stored {
    run: String,
    attempt: u64,
}

impl From<Job> for Stored {
    fn from(job: Job) -> Self {
        Self { run: job.run.to_string(), attempt: job.attempt }
    }
}

impl Stored {
    /// The job, unless another version stored it in other words.
    fn job(&self) -> Option<Job> {
        Some(Job { run: self.run.parse().ok()?, attempt: self.attempt })
    }
}

fn of_sqlite(error: apalis_sqlite::Error) -> Error {
    match error {
        apalis_sqlite::Error::Database(error) => error.into(),
        error => Error::Jobs(Box::new(error)),
    }
}

fn of_postgres(error: apalis_postgres::Error) -> Error {
    match error {
        apalis_postgres::Error::Database(error) => error.into(),
        error => Error::Jobs(Box::new(error)),
    }
}
