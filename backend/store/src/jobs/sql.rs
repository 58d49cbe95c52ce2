//! The library's tables, whose names and times differ between the databases, in statements of our own.
//! Refuses to delete a job that is not over.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};

use crate::bulk::{Given, query_given};
use crate::connection::Conn;
use crate::{Error, Store};

/// How long a job that is over is kept: meanwhile the same job cannot be pushed, so that an attempt which
/// nobody could begin is not offered without a pause.
const KEPT: TimeDelta = TimeDelta::seconds(10);
/// How long a worker that is gone is kept: much longer than its jobs wait for another.
const REMEMBERED: TimeDelta = TimeDelta::days(1);

/// What differs.
pub(super) struct Words {
    pub(super) jobs: &'static str,
    pub(super) workers: &'static str,
    pub(super) versions: &'static str,
    /// The first bound value, in seconds since 1970, as a moment.
    pub(super) moment: &'static str,
}

pub(super) fn words(conn: &impl Conn) -> Words {
    if conn.is_sqlite() {
        Words { jobs: "Jobs", workers: "Workers", versions: "_sqlx_migrations", moment: "$1" }
    } else {
        Words {
            jobs: "apalis.jobs",
            workers: "apalis.workers",
            versions: "apalis._sqlx_migrations",
            moment: "to_timestamp($1::bigint)",
        }
    }
}

/// Those of these keys that a job has.
pub(super) async fn known<'a>(
    store: &Store,
    keys: impl IntoIterator<Item = &'a str>,
) -> Result<BTreeSet<String>, Error> {
    let jobs = words(store).jobs;
    let sql = format!("SELECT given.key FROM given JOIN {jobs} j ON j.idempotency_key = given.key");
    query_given(store, Given::texts(keys), &sql, vec![]).await?.iter().map(|row| row.text(0)).collect()
}

/// Deletes jobs that are over and workers that have long been gone; tells how many jobs that were.
///
/// # Errors
/// When the database cannot be written.
pub async fn sweep(store: &Store, now: DateTime<Utc>) -> Result<u64, Error> {
    let Words { jobs, workers, moment, .. } = words(store);
    let over = format!("FROM {jobs} WHERE status IN ('Done', 'Failed', 'Killed') AND done_at < {moment}");
    let gone = format!(
        "FROM {workers} WHERE last_seen < {moment} AND NOT EXISTS \
         (SELECT 1 FROM {jobs} j WHERE j.lock_by = {workers}.id)"
    );
    let mut deleted = 0;
    for (what, before) in [(over, now - KEPT), (gone, now - REMEMBERED)] {
        let before = || vec![before.timestamp().into()];
        if store.query_one(&format!("SELECT 1 {what} LIMIT 1"), before()).await?.is_some() {
            let tx = store.begin().await?;
            deleted += tx.execute(&format!("DELETE {what}"), before()).await?;
            tx.commit().await?;
        }
    }
    Ok(deleted)
}
