//! Pushing jobs. Refuses the same job twice, whoever pushed it first.

use std::collections::BTreeSet;

use apalis::prelude::{Task, TaskBuilder, TaskSink, TaskSinkError};
use apalis_postgres::PostgresStorage;
use apalis_sqlite::SqliteStorage;

use super::{Job, Queue, Stored, of_postgres, of_sqlite, sql};
use crate::connection::Conn;
use crate::{Error, Store};

/// A job for a queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Where it is pushed.
    pub queue: Queue,
    /// What is to be done.
    pub job: Job,
}

/// Pushes what is not there yet; tells how many jobs that were.
///
/// # Errors
/// When the database cannot be written; jobs before that one are pushed.
pub async fn push(store: &Store, offers: &[Offer]) -> Result<usize, Error> {
    let keys: BTreeSet<String> = offers.iter().map(|offer| offer.job.key()).collect();
    let known = sql::known(store, keys.iter().map(String::as_str)).await?;
    let mut pushed = 0;
    for offer in offers.iter().filter(|offer| !known.contains(&offer.job.key())) {
        match push_one(store, offer).await {
            Ok(()) => pushed += 1,
            // Another process was quicker.
            Err(Error::Duplicate(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(pushed)
}

async fn push_one(store: &Store, Offer { queue: Queue(queue), job }: &Offer) -> Result<(), Error> {
    // An attempt that fails is the run's affair: its next one is another job.
    let task = TaskBuilder::new(Stored::from(*job)).idempotency_key(job.key()).max_attempts(1).build();
    if store.is_sqlite() {
        let pool = store.connection().get_sqlite_connection_pool();
        let config = apalis_sqlite::Config::default().queue(queue);
        sent(SqliteStorage::<Stored>::new(pool).with_config(config), task)
            .await
            .map_err(|error| of(error, of_sqlite))
    } else {
        let pool = store.connection().get_postgres_connection_pool();
        let config = apalis_postgres::Config::default().queue(queue);
        sent(PostgresStorage::<Stored>::new(pool).with_config(config), task)
            .await
            .map_err(|error| of(error, of_postgres))
    }
}

async fn sent<S, K>(mut queue: S, task: Task<Stored>) -> Result<(), TaskSinkError<S::Error>>
where
    S: TaskSink<Stored, K>,
{
    queue.push_task(task).await
}

fn of<E>(error: TaskSinkError<E>, refused: fn(E) -> Error) -> Error {
    match error {
        TaskSinkError::PushError(error) => refused(error),
        TaskSinkError::CodecError(error) => Error::Jobs(error),
        _ => Error::Jobs("a job could not be sent".into()),
    }
}
