//! Runs in the database: asked for, claimed by one worker under a lease, kept alive, ended. Jobs bring them
//! to workers; the lease decides whose they are.
//! Refuses two workers on one run, and two runs at once of one source.

use chrono::{DateTime, TimeDelta, Utc};
use domain::id::{RunId, SourceId};
use domain::source::{RunCounts, RunKind, RunState, Trial};

use super::new_id;
use crate::bulk;
use crate::connection::{Conn, Value};
use crate::jobs::{Job, Offer, Queue};
use crate::sources::{Origin, RUN, Run};
use crate::{Error, Store, Tx};

/// Asks for a run. One that waits already, or that was asked for by the same tick of the schedule, is
/// given instead.
///
/// # Errors
/// When the database cannot be written.
pub async fn request(
    tx: &Tx,
    source: SourceId,
    kind: RunKind,
    tick: Option<&str>,
    now: DateTime<Utc>,
) -> Result<RunId, Error> {
    let id: RunId = new_id();
    let sql = "INSERT INTO source_runs (id, source_id, kind, state, tick, requested_at, run_after) \
               VALUES ($1, $2, $3, 'waiting', $4, $5, $5) ON CONFLICT DO NOTHING";
    let values = vec![bulk::id(id), bulk::id(source), kind.as_str().into(), tick.into(), bulk::time(now)];
    if tx.execute(sql, values).await? == 1 {
        return Ok(id);
    }
    let sql = "SELECT id FROM source_runs WHERE source_id = $1 AND ((state = 'waiting' AND kind = $2) OR tick = $3) \
               ORDER BY requested_at DESC LIMIT 1";
    let known = tx.query_one(sql, vec![bulk::id(source), kind.as_str().into(), tick.into()]).await?;
    known.ok_or(Error::NotFound("run"))?.id("id")
}

/// Asks to stop a run: one that waits is over at once, one that is under way soon.
///
/// # Errors
/// When the database cannot be written.
pub async fn cancel(tx: &Tx, run: RunId, now: DateTime<Utc>) -> Result<(), Error> {
    let sql = "UPDATE source_runs SET state = 'cancelled', ended_at = $2, cancel_requested = TRUE, \
               message = 'Cancelled before it began.' WHERE id = $1 AND state = 'waiting'";
    if tx.execute(sql, vec![bulk::id(run), bulk::time(now)]).await? == 0 {
        let sql = "UPDATE source_runs SET cancel_requested = TRUE WHERE id = $1 AND state = 'running'";
        tx.execute(sql, vec![bulk::id(run)]).await?;
    }
    Ok(())
}

/// What can be begun: `$1` is before when it was due, `$2` since when its worker would have to be silent. Only
/// checks of permissions run beside another run of their source.
const STARTABLE: &str = "source_runs r JOIN sources s ON s.id = r.source_id AND s.removed_at IS NULL \
     WHERE ((r.state = 'waiting' AND r.run_after <= $1) OR (r.state = 'running' AND r.heartbeat_at < $2)) \
     AND (r.kind = 'check' OR NOT EXISTS (SELECT 1 FROM source_runs o WHERE o.source_id = r.source_id \
     AND o.id <> r.id AND o.state = 'running' AND o.kind <> 'check'))";

/// The runs that can be begun now, those that have waited longest first: ones that wait and are due, and ones
/// whose worker has died.
///
/// # Errors
/// When the database does not answer.
pub async fn startable(store: &Store, lease: TimeDelta, now: DateTime<Utc>) -> Result<Vec<Offer>, Error> {
    let sql = format!(
        "SELECT r.id, r.attempts, s.name, s.origin FROM {STARTABLE} ORDER BY r.run_after, r.id LIMIT 500"
    );
    let rows = store.query(&sql, vec![bulk::time(now), bulk::time(now - lease)]).await?;
    rows.iter()
        .map(|row| {
            let queue = Queue::of(Origin::read(row, "origin")?, &row.text("name")?);
            Ok(Offer { queue, job: Job { run: row.id("id")?, attempt: row.count("attempts")? + 1 } })
        })
        .collect()
}

/// Who wants to work, and on what.
#[derive(Clone, Copy, Debug)]
pub struct Claim<'a> {
    /// The worker's name, unique over all processes.
    pub worker: &'a str,
    /// The names of sources of the settings file that this worker can run.
    pub from_file: &'a [String],
    /// The run.
    pub run: RunId,
    /// Which attempt this must be, from 1, if it must be a certain one; it must be due then. Without, it is
    /// begun before its time as well.
    pub attempt: Option<u64>,
    /// After how long without a sign of life a run is taken over.
    pub lease: TimeDelta,
}

/// Takes a run, if it can be taken: it waits, or its worker has died.
///
/// # Errors
/// When the database cannot be written.
pub async fn claim(store: &Store, claim: &Claim<'_>, now: DateTime<Utc>) -> Result<Option<Run>, Error> {
    let tx = store.begin().await?;
    tx.lock(b"claim of a source run").await?;
    let sql = format!(
        "SELECT {RUN}, s.name AS source_name, s.origin AS source_origin FROM {STARTABLE} AND r.id = $3"
    );
    let due = claim.attempt.map_or(i64::MAX, |_| now.timestamp_millis());
    let values = vec![due.into(), bulk::time(now - claim.lease), bulk::id(claim.run)];
    let Some(row) = tx.query_one(&sql, values).await? else { return Ok(None) };
    let mut run = Run::read(&row)?;
    let ours = Origin::read(&row, "source_origin")? == Origin::Page
        || claim.from_file.contains(&row.text("source_name")?);
    if !ours || claim.attempt.is_some_and(|attempt| attempt != run.attempts + 1) {
        return Ok(None);
    }
    let sql = "UPDATE source_runs SET state = 'running', worker = $2, heartbeat_at = $3, \
               started_at = COALESCE(started_at, $3), attempts = attempts + 1 WHERE id = $1";
    tx.execute(sql, vec![bulk::id(run.id), claim.worker.into(), bulk::time(now)]).await?;
    tx.commit().await?;
    run.state = RunState::Running;
    run.attempts += 1;
    run.worker = Some(claim.worker.to_owned());
    run.started_at.get_or_insert(now);
    Ok(Some(run))
}

/// A run that a worker has begun and not ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnderWay {
    /// The run.
    pub run: RunId,
    /// What it was asked for.
    pub kind: RunKind,
    /// Whether its worker has been silent for longer than the lease: then another may take it.
    pub abandoned: bool,
}

/// The run of a source that is under way, if one is; checks of permissions run beside any other.
///
/// # Errors
/// When the database does not answer.
pub async fn under_way(
    store: &Store,
    source: SourceId,
    lease: TimeDelta,
    now: DateTime<Utc>,
) -> Result<Option<UnderWay>, Error> {
    let sql = format!(
        "SELECT {RUN} FROM source_runs r WHERE r.source_id = $1 AND r.state = 'running' AND r.kind <> 'check'"
    );
    let Some(row) = store.query_one(&sql, vec![bulk::id(source)]).await? else { return Ok(None) };
    let Run { id, kind, .. } = Run::read(&row)?;
    let sql = "SELECT 1 FROM source_runs WHERE id = $1 AND state = 'running' AND heartbeat_at < $2";
    let late = store.query_one(sql, vec![bulk::id(id), bulk::time(now - lease)]).await?;
    Ok(Some(UnderWay { run: id, kind, abandoned: late.is_some() }))
}

/// How far a run has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Scopes to ask.
    pub scopes_total: u64,
    /// Scopes asked.
    pub scopes_done: u64,
    /// What it counted.
    pub counts: RunCounts,
}

/// What a worker learns when it gives a sign of life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beat {
    /// Go on.
    GoOn,
    /// Somebody asked to stop.
    Cancel,
    /// Another worker has the run: stop and write nothing.
    Lost,
}

/// Gives a sign of life with the progress so far.
///
/// # Errors
/// When the database cannot be written.
pub async fn beat(
    store: &Store,
    run: RunId,
    worker: &str,
    progress: &Progress,
    now: DateTime<Utc>,
) -> Result<Beat, Error> {
    let tx = store.begin().await?;
    let sql = format!(
        "UPDATE source_runs SET {PROGRESS}, heartbeat_at = $13 WHERE id = $1 AND worker = $2 AND state = 'running'"
    );
    let mut values = progress_values(run, worker, progress);
    values.push(bulk::time(now));
    if tx.execute(&sql, values).await? == 0 {
        return Ok(Beat::Lost);
    }
    let sql = "SELECT cancel_requested FROM source_runs WHERE id = $1";
    let row = tx.query_one(sql, vec![bulk::id(run)]).await?;
    tx.commit().await?;
    let cancel = row.map(|row| row.boolean("cancel_requested")).transpose()?.unwrap_or(true);
    Ok(if cancel { Beat::Cancel } else { Beat::GoOn })
}

/// Ends a run with a sentence; tells whether it was still this worker's.
///
/// # Errors
/// When the database cannot be written.
pub async fn finish(
    store: &Store,
    run: RunId,
    worker: &str,
    state: RunState,
    message: &str,
    progress: &Progress,
    now: DateTime<Utc>,
) -> Result<bool, Error> {
    let sql = format!(
        "UPDATE source_runs SET {PROGRESS}, state = $13, message = $14, ended_at = $15 \
         WHERE id = $1 AND worker = $2 AND state = 'running'"
    );
    let mut values = progress_values(run, worker, progress);
    values.extend([state.as_str().into(), message.into(), bulk::time(now)]);
    let tx = store.begin().await?;
    let ours = tx.execute(&sql, values).await? == 1;
    tx.commit().await?;
    Ok(ours)
}

/// Gives a run back to be tried again later; tells whether it waits now. It does not where the next run
/// waits already.
///
/// # Errors
/// When the database cannot be written.
pub async fn try_again(
    store: &Store,
    run: RunId,
    worker: &str,
    message: &str,
    after: DateTime<Utc>,
) -> Result<bool, Error> {
    let sql = "UPDATE source_runs SET state = 'waiting', worker = NULL, run_after = $4, message = $3 \
               WHERE id = $1 AND worker = $2 AND state = 'running' AND NOT EXISTS (SELECT 1 FROM source_runs o \
               WHERE o.source_id = source_runs.source_id AND o.kind = source_runs.kind AND o.state = 'waiting')";
    let tx = store.begin().await?;
    let values = vec![bulk::id(run), worker.into(), message.into(), bulk::time(after)];
    let waits = tx.execute(sql, values).await? == 1;
    tx.commit().await?;
    Ok(waits)
}

/// Lets others take over at once what a worker has begun.
///
/// # Errors
/// When the database cannot be written.
pub async fn release(store: &Store, worker: &str) -> Result<(), Error> {
    let tx = store.begin().await?;
    let sql = "UPDATE source_runs SET heartbeat_at = 0 WHERE worker = $1 AND state = 'running'";
    tx.execute(sql, vec![worker.into()]).await?;
    tx.commit().await
}

/// Keeps what a check found.
///
/// # Errors
/// When the database cannot be written.
pub async fn put_trials(store: &Store, run: RunId, trials: &[Trial]) -> Result<(), Error> {
    let tx = store.begin().await?;
    let json = serde_json::to_string(trials).unwrap_or_default();
    tx.execute("UPDATE source_runs SET trials = $2 WHERE id = $1", vec![bulk::id(run), json.into()]).await?;
    tx.commit().await
}

const PROGRESS: &str = "scopes_total = $3, scopes_done = $4, objects_seen = $5, added = $6, changed = $7, \
     retired = $8, calls = $9, retries = $10, throttled = $11, waited_ms = $12";

fn progress_values(run: RunId, worker: &str, progress: &Progress) -> Vec<Value> {
    let counts = &progress.counts;
    let numbers = [
        progress.scopes_total,
        progress.scopes_done,
        counts.seen,
        counts.added,
        counts.changed,
        counts.retired,
        counts.calls,
        counts.retries,
        counts.throttled,
        counts.waited_milliseconds,
    ];
    let mut values = vec![bulk::id(run), worker.into()];
    values.extend(numbers.map(super::number));
    values
}
