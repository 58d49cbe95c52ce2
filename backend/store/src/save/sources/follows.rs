//! Runs over the scopes of which a follower saw something change. Refuses to let them pile up: of those that are over
//! only the ones stay that the record of a scope leads to.

use chrono::{DateTime, TimeDelta, Utc};
use domain::id::{RunId, SourceId};
use domain::source::{RunKind, Scope};

use super::{new_id, put_plan};
use crate::connection::Conn;
use crate::{Error, Store, Tx, bulk};

/// Sources that may be followed, with when they were last changed: those that are on and have a schedule.
///
/// # Errors
/// When the database does not answer.
pub async fn followable(store: &Store) -> Result<Vec<(SourceId, DateTime<Utc>)>, Error> {
    let sql = "SELECT id, updated_at FROM sources WHERE removed_at IS NULL AND enabled AND schedule <> ''";
    let rows = store.query(sql, vec![]).await?;
    rows.iter().map(|row| Ok((row.id("id")?, row.time("updated_at")?))).collect()
}

/// Asks for a run over these scopes. Nothing when one waits already, which may have been asked for with others.
///
/// # Errors
/// When the database cannot be written.
pub async fn request_follow(
    tx: &Tx,
    source: SourceId,
    scopes: &[Scope],
    now: DateTime<Utc>,
) -> Result<Option<RunId>, Error> {
    let kind = RunKind::Follow.as_str();
    let sql = "DELETE FROM source_runs WHERE source_id = $1 AND kind = $2 AND ended_at IS NOT NULL \
               AND NOT EXISTS (SELECT 1 FROM source_scopes p WHERE p.source_id = $1 \
               AND (p.last_run = source_runs.id OR p.suspect_run = source_runs.id))";
    tx.execute(sql, vec![bulk::id(source), kind.into()]).await?;
    let id: RunId = new_id();
    let sql = "INSERT INTO source_runs (id, source_id, kind, state, requested_at, run_after) \
               VALUES ($1, $2, $3, 'waiting', $4, $4) ON CONFLICT DO NOTHING";
    let values = vec![bulk::id(id), bulk::id(source), kind.into(), bulk::time(now)];
    if tx.execute(sql, values).await? == 0 {
        return Ok(None);
    }
    put_plan(tx, source, id, scopes, false).await?;
    Ok(Some(id))
}

/// What came of a run that changes led to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Followed {
    /// How long it took; nothing when it was never begun.
    pub took: TimeDelta,
    /// Scopes of which it missed so much that a second one has to miss it too.
    pub suspect: Vec<Scope>,
}

/// What came of a run that changes led to; nothing while it is not over.
///
/// # Errors
/// When the database does not answer.
pub async fn followed(store: &Store, run: RunId) -> Result<Option<Followed>, Error> {
    let sql = "SELECT started_at, ended_at FROM source_runs WHERE id = $1";
    let Some(row) = store.query_one(sql, vec![bulk::id(run)]).await? else {
        return Ok(Some(Followed::default()));
    };
    let Some(ended) = row.optional_time("ended_at")? else { return Ok(None) };
    let took = row.optional_time("started_at")?.map(|started| ended - started).unwrap_or_default();
    let sql = "SELECT account, region, service FROM source_scopes WHERE suspect_run = $1 AND suspect_missing > 0 \
               ORDER BY account, region, service";
    let rows = store.query(sql, vec![bulk::id(run)]).await?;
    let suspect = rows.iter().map(crate::sources::scope).collect::<Result<_, _>>()?;
    Ok(Some(Followed { took, suspect }))
}
